/** Files downloaded once, and checked whenever they are used. @module */
import { dataCacheFolder } from "./cache_folder.ts";
import { localPath } from "./data_folder.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { replaceFile } from "../lib/base/mod.ts";
import { type DownloadProgress, recordOf, transfer } from "./transfer.ts";

export type { DownloadProgress } from "./transfer.ts";

/** Where downloads come from, where they are kept, and who is told; the same for all files. */
export interface DownloadSource {
  /** The address of another folder that holds the file under the same name: a mirror. */
  readonly base?: string | URL;
  /** The folder to keep it in; by default one of the user's cache folder, or of `MESHWORK_DATA`. */
  readonly folder?: string | URL;
  /** Is told how far the download has come, ten times a second and at the end. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Stops the download; what is there is gone on from the next time. */
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which a connection counts as lost; 60,000 by default. */
  readonly patience?: number;
}

/** Options of {@linkcode download}. */
export interface DownloadOptions extends DownloadSource {
  /** What the file's SHA-256 must be, in hexadecimal. */
  readonly sha256?: string;
  /** How many bytes it must have. */
  readonly size?: number;
}

/** What is known of a file that was complete once. */
interface Known {
  readonly size: number;
  readonly sha256: string;
  /**
   * When the file was changed last, as the system says; hashing again is needed only after a
   * change.
   */
  readonly modified: number;
}

/**
 * Downloads a file, or finds it where an earlier call put it.
 *
 * The bytes gather in `<name>.part`, from where a connection that is cut, or a later call, goes on;
 * the file gets its name when it is complete. Its size and SHA-256 are recorded beside it
 * (`<name>.json`) at the first complete download, and are checked from then on, whether the file is
 * used again or downloaded again. A file put there by hand is taken, and recorded, too. Processes
 * that want the same file wait for each other.
 *
 * @param url Its `http:` or `https:` address.
 * @param options What it must be, where it is kept, and a mirror.
 * @returns The path of the file on this machine.
 * @throws {DataNotFoundError} If the server does not have it, cannot be reached, or fails three
 *   times in a row; the message says where to put the file by hand.
 * @throws {DataFormatError} If the size or the hash is not what it was, or what was asked for.
 * @throws {TypeError} If the address is none, or names no file.
 *
 * @example
 * ```ts
 * import { download } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, () => new Response("1,2"));
 * const folder = await Deno.makeTempDir();
 * const path = await download(`http://127.0.0.1:${server.addr.port}/edges.csv`, { folder });
 * assertEquals([path, await Deno.readTextFile(path)], [`${folder}/edges.csv`, "1,2"]);
 * await server.shutdown();
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function download(
  url: string | URL,
  options: DownloadOptions = {},
): Promise<string> {
  const home = addressOf(url, true);
  const name = home.pathname.split("/").at(-1)!;
  const folder = options.folder === undefined
    ? `${dataCacheFolder()}/${home.hostname}${home.pathname.slice(0, -name.length - 1)}`
    : localPath(options.folder);
  const path = `${folder}/${name}`;
  await Deno.mkdir(folder, { recursive: true });
  // The lock is the system's, so a process that dies lets go of it.
  using lock = await Deno.open(`${path}.lock`, { write: true, create: true });
  await lock.lock(true);
  const wanted = { size: options.size, sha256: options.sha256?.toLowerCase() };
  if (await stat(path)) return await checked(path, wanted);
  const source = options.base === undefined ? home : inFolder(options.base, name);
  await fetchFile(source, path, wanted, options);
  return path;
}

function addressOf(url: string | URL, isFile: boolean): URL {
  const address = URL.canParse(url) ? new URL(url) : null;
  const isWeb = address?.protocol === "http:" || address?.protocol === "https:";
  if (address && isWeb && !(isFile && address.pathname.endsWith("/"))) return address;
  throw new TypeError(
    `Cannot download ${url} as an http: or https: address of a ${
      isFile ? "file" : "folder"
    } is needed ` +
      `(a file of this machine can be opened by its path)`,
  );
}

/**
 * The address of a file in a folder; a query (the token of a signed address) stays behind the path.
 */
export function inFolder(base: string | URL, name: string): URL {
  const url = addressOf(base, false);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${name}`;
  return url;
}

type Wanted = { readonly [K in "size" | "sha256"]: Known[K] | undefined };

/** Brings the file into its place, if it is what is wanted and what it was the last time. */
async function fetchFile(
  url: URL,
  path: string,
  wanted: Wanted,
  { onProgress, signal, patience = 60_000 }: DownloadSource,
): Promise<void> {
  const part = `${path}.part`;
  const remedy = `check the network, give another {base}, or put the file at ${path} by hand`;
  const record = await readRecord(path);
  const size = wanted.size ?? record?.size;
  await transfer({ url, part, remedy, onProgress, signal, patience, size });
  const found = await knownOf(part);
  const problem = differs(found, wanted) ?? differs(found, record, "as the first time");
  await Deno.remove(recordOf(part));
  if (problem) {
    await Deno.remove(part);
    throw new DataFormatError(
      `Cannot take ${url} as ${path}: ${problem} (try again or give another {base}; if the file was ` +
        `changed on purpose, remove ${recordOf(path)})`,
      { file: url.href },
    );
  }
  await Deno.rename(part, path);
  await writeRecord(path, found);
}

/** A file that is there, once it is known to be what it should be. */
async function checked(path: string, wanted: Wanted): Promise<string> {
  const record = await readRecord(path);
  const info = (await stat(path))!;
  const isUnchanged = record?.size === info.size && record.modified === info.mtime?.getTime();
  const found = isUnchanged ? record : await knownOf(path);
  const problem = differs(found, record, "when it was recorded") ?? differs(found, wanted);
  if (!problem) {
    if (!isUnchanged) await writeRecord(path, found);
    return path;
  }
  throw new DataFormatError(
    `Cannot use ${path} as a downloaded file: ${problem} (remove it, so that it is downloaded again; if ` +
      `it was changed on purpose, remove ${recordOf(path)})`,
    { file: path },
  );
}

/** How a file differs from what it should be; null where it does not. */
function differs(found: Known, wanted: Partial<Wanted> | null, when = "by what was asked for") {
  if (wanted?.size !== undefined && wanted.size !== found.size) {
    return `expected ${wanted.size} bytes ${when}, got ${found.size}`;
  }
  if (wanted?.sha256 !== undefined && wanted.sha256 !== found.sha256) {
    return `expected the SHA-256 ${wanted.sha256} ${when}, got ${found.sha256}`;
  }
  return null;
}

async function readRecord(path: string): Promise<Known | null> {
  let text: string;
  try {
    text = await Deno.readTextFile(recordOf(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const known = parseRecord(text);
  if (known) return known;
  throw new DataFormatError(
    `Cannot read ${
      recordOf(path)
    } as the record of a download: expected size, sha256 and modified, got ` +
      `${
        JSON.stringify(text.slice(0, 80))
      } (remove it, and the file too if it is not known to be whole)`,
    { file: recordOf(path) },
  );
}

function parseRecord(text: string): Known | null {
  try {
    const { size, sha256, modified } = JSON.parse(text);
    const isKnown = Number.isSafeInteger(size) && /^[0-9a-f]{64}$/.test(sha256);
    return isKnown && typeof modified === "number" ? { size, sha256, modified } : null;
  } catch {
    return null;
  }
}

async function writeRecord(path: string, { size, sha256 }: Known): Promise<void> {
  const modified = (await stat(path))!.mtime?.getTime() ?? 0;
  const text = JSON.stringify({ size, sha256, modified }) + "\n";
  await replaceFile(recordOf(path), [new TextEncoder().encode(text)]);
}

/** What a file is, by its bytes. */
async function knownOf(path: string): Promise<Known> {
  // The Web's own digest takes all bytes at once; files have gigabytes.
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  let size = 0;
  for (let n = await file.read(buffer); n !== null; n = await file.read(buffer)) {
    hash.update(buffer.subarray(0, n));
    size += n;
  }
  return { size, sha256: hash.digest("hex"), modified: 0 };
}

async function stat(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
