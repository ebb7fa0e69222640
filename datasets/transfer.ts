/** One file brought from a web server to the disk, in as many pieces as it takes. @module */
import { DataNotFoundError } from "./errors.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { ask, isAbsent, refusal } from "./web.ts";

/** How far a download has come. */
export interface DownloadProgress {
  /** The address it comes from. */
  readonly url: string;
  /** Bytes that are there, those of earlier attempts included. */
  readonly received: number;
  /** Bytes of the whole file, where the server tells. */
  readonly total: number | undefined;
}

/** What is to be brought where. */
export interface Transfer {
  readonly url: URL;
  /** Where the bytes gather until all are there; what is there already is gone on from. */
  readonly part: string;
  /** What to do where the server cannot be reached. */
  readonly remedy: string;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds without a byte after which the connection counts as lost. */
  readonly patience: number;
  /** The bytes that the file must have, where that is known; more are not fetched. */
  readonly size: number | undefined;
}

/**
 * What is remembered of a part, so that it is gone on with only where the server still has the same
 * file.
 */
interface Beginning {
  readonly url: string;
  /** The server's name of this version of the file: its ETag or the time of its last change. */
  readonly version: string | null;
  readonly total: number | undefined;
}

/** Attempts in a row that bring nothing. */
const ATTEMPTS = 3;

/** Milliseconds before the second attempt; each further one waits twice as long. */
const PAUSE = 200;

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 100;

/** An attempt that may be repeated: the connection was cut, or the server is busy. */
class Interrupted extends Error {
  /** @param reason What ends the transfer, if no further attempt succeeds. */
  constructor(readonly reason: DataNotFoundError) {
    super(reason.message);
  }
}

/**
 * Brings a file. A connection that is cut is made again, and goes on from where it was; so does a
 * later call, from what is left in the part.
 *
 * @throws {DataNotFoundError} If the server has no such file, cannot be reached, or fails again and
 * again.
 */
export async function transfer(task: Transfer): Promise<void> {
  let fruitless = 0;
  for (let before = await sizeOf(task.part);;) {
    try {
      return await attempt(task);
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      const now = await sizeOf(task.part);
      fruitless = now > before ? 0 : fruitless + 1;
      before = now;
      if (fruitless === ATTEMPTS) throw error.reason;
      await pause(PAUSE * 2 ** fruitless, task.signal);
    }
  }
}

/** One connection: from the bytes that are there to the end. */
async function attempt(task: Transfer): Promise<void> {
  const { url, part } = task;
  const have = await sizeOf(part);
  const beginning = await readBeginning(part);
  const isKnown = have > 0 && beginning?.url === url.href;
  const connection = new Connection(task);
  try {
    const response = await connection.open(isKnown ? have : 0, beginning?.version ?? null);
    const start = isKnown ? startOf(response, have, beginning) : 0;
    if (start === null) {
      // The file is another one by now, or its end is there already.
      await response.body?.cancel();
      if (response.status === 416 && have === beginning?.total) return;
      await Deno.remove(part);
      throw interrupted(task, "the server's file has changed since the download began");
    }
    const total = totalOf(response, start);
    checkSize(task, total);
    const version = response.headers.get("etag") ?? response.headers.get("last-modified");
    await Deno.writeTextFile(recordOf(part), JSON.stringify({ url: url.href, version, total }));
    const received = await store(task, connection, response, start, total);
    if (total !== undefined && received !== total) {
      throw interrupted(task, `it was cut at byte ${received} of ${total}`);
    }
  } finally {
    connection.end();
  }
}

/** Refuses a file of another size before it is fetched. */
function checkSize({ url, size }: Transfer, total: number | undefined): void {
  if (size === undefined || total === undefined || total === size) return;
  throw new DataFormatError(
    `Cannot take ${url} as the file that is wanted: expected ${size} bytes, the server says that it has ` +
      `${total} (give another {base}, or correct the size)`,
    { file: url.href },
  );
}

/** Where an answer to a request for the rest goes on; null where it is of no use. */
function startOf(response: Response, have: number, beginning: Beginning): number | null {
  if (response.status === 200) return 0;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get("content-range") ?? "");
  const isSame = beginning.total === undefined || Number(range?.[2]) === beginning.total;
  return response.status === 206 && Number(range?.[1]) === have && isSame ? have : null;
}

/** The bytes of the whole file, where the answer tells. */
function totalOf({ headers }: Response, start: number): number | undefined {
  const length = headers.get("content-length");
  // The length of a compressed body is not that of the file.
  const isPlain = length !== null && !headers.has("content-encoding");
  return isPlain ? start + Number(length) : undefined;
}

/** Appends the body to the part; gives the bytes that are there then. */
async function store(
  { url, part, onProgress, size = Infinity }: Transfer,
  connection: Connection,
  response: Response,
  start: number,
  total: number | undefined,
): Promise<number> {
  using file = await Deno.open(part, { write: true, create: true });
  await file.truncate(start);
  await file.seek(start, Deno.SeekMode.Start);
  let received = start;
  let reported = 0;
  const report = (): void => {
    reported = performance.now();
    onProgress?.({ url: url.href, received, total });
  };
  report();
  for await (const chunk of connection.chunksOf(response)) {
    for (let done = 0; done < chunk.length;) done += await file.write(chunk.subarray(done));
    received += chunk.length;
    // A stream that tells no length may have no end.
    if (received > size) break;
    if (performance.now() - reported >= REPORT_EVERY) report();
  }
  await file.sync();
  report();
  return received;
}

/** A request that is given up where nothing comes for too long. */
class Connection {
  readonly #task: Transfer;
  readonly #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(task: Transfer) {
    this.#task = task;
  }

  /** Asks for the file from a byte on. */
  async open(start: number, version: string | null): Promise<Response> {
    const { url, remedy, signal } = this.#task;
    const headers: Record<string, string> = { "accept-encoding": "identity" };
    if (start > 0) {
      headers.range = `bytes=${start}-`;
      // A weak tag names what looks alike, not the same bytes.
      if (version !== null && !version.startsWith("W/")) headers["if-range"] = version;
    }
    const both = AbortSignal.any([this.#abort.signal, ...(signal ? [signal] : [])]);
    const response = await this.#watched(() => ask(url, { headers, signal: both, remedy }));
    if (response.ok || start > 0 && response.status === 416) return response;
    await response.body?.cancel();
    const reason = refusal(url, response, remedy);
    throw isAbsent(response) ? reason : new Interrupted(reason);
  }

  /** The body's chunks; a body that breaks off can be asked for again. */
  async *chunksOf({ body }: Response): AsyncGenerator<Uint8Array> {
    if (!body) return;
    const reader = body.getReader();
    while (true) {
      const { done, value } = await this.#watched(() => reader.read());
      if (done) return;
      yield value;
    }
  }

  /** Lets go of the server. */
  end(): void {
    this.#abort.abort();
  }

  async #watched<T>(action: () => Promise<T>): Promise<T> {
    const { signal, patience } = this.#task;
    this.#timer = setTimeout(() => this.#abort.abort(), patience);
    try {
      return await action();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof Deno.errors.NotCapable) throw error;
      const isSilent = this.#abort.signal.aborted;
      const reason = isSilent ? `nothing came for ${patience} ms` : (error as Error).message;
      // What says its address and the remedy already stays as it is.
      if (error instanceof DataNotFoundError) throw new Interrupted(error);
      throw interrupted(this.#task, reason, error);
    } finally {
      clearTimeout(this.#timer);
    }
  }
}

function interrupted({ url, remedy }: Transfer, reason: string, cause?: unknown): Interrupted {
  return new Interrupted(
    new DataNotFoundError(`Cannot fetch ${url} as a data file: ${reason} (${remedy})`, { cause }),
  );
}

/** The file that remembers what a part is of. */
export function recordOf(path: string): string {
  return `${path}.json`;
}

async function readBeginning(part: string): Promise<Beginning | null> {
  try {
    return JSON.parse(await Deno.readTextFile(recordOf(part))) as Beginning;
  } catch (error) {
    // A record that a crash cut short says nothing, so the download begins anew.
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}
