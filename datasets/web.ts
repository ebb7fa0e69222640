/** Requests to web servers: all of the package's go through here. @module */
import { DataNotFoundError } from "./errors.ts";

/** Answers of a web server that mean "there is no such file"; storage buckets say 403 for it. */
const ABSENT = [403, 404, 410];

/** What to do where no server can be reached. */
const REMEDY = "check the address and the network, or download the folder and give its path";

/** What a request has beside its address, and what its errors advise. */
export interface RequestOptions {
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
  /** What to do where there is no answer, for the error. */
  readonly remedy?: string;
}

/**
 * A server's answer, whatever it is.
 *
 * @throws {DataNotFoundError} If no server can be reached.
 */
export async function ask(
  url: URL,
  { remedy = REMEDY, ...options }: RequestOptions = {},
): Promise<Response> {
  try {
    return await fetch(url, options);
  } catch (error) {
    // Deno's refusal of a permission tells the remedy by itself, and who stopped it knows why.
    if (!(error instanceof TypeError)) throw error;
    throw new DataNotFoundError(
      `Cannot fetch ${url} as a data file: ${error.message} (${remedy})`,
      {
        cause: error,
      },
    );
  }
}

/**
 * The answer with a file; null if the server has none.
 *
 * @throws {DataNotFoundError} If no server can be reached, or it answers with an error of its own.
 */
export async function request(url: URL): Promise<Response | null> {
  const response = await ask(url);
  if (response.ok) return response;
  await response.body?.cancel();
  if (isAbsent(response)) return null;
  throw refusal(url, response, "try again later");
}

/** Whether an answer means that there is no such file. */
export function isAbsent({ status }: Response): boolean {
  return ABSENT.includes(status);
}

/** The error of an answer that is no file. */
export function refusal(
  url: URL,
  { status, statusText }: Response,
  remedy: string,
): DataNotFoundError {
  const answer = `${status} ${statusText}`.trim();
  return new DataNotFoundError(
    `Cannot fetch ${url} as a data file: the server answered ${answer} (${remedy})`,
  );
}
