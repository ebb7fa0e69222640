/**
 * Folders of data files, on this machine or behind a web address, read alike.
 *
 * @module
 */
import type { ByteChunks } from "./formats/byte_stream.ts";
import { request } from "./web.ts";

/** Bytes read from a local file at once. */
const CHUNK_SIZE = 1 << 19;

/** A file opened for reading. Its chunks must be read or closed (with `return`). */
export interface DataFile {
  /** The path or address. */
  readonly name: string;
  /** The number of bytes, where it is known. */
  readonly size: number | undefined;
  /** The contents; a chunk is good until the next one is asked for. */
  readonly chunks: ByteChunks;
}

/** A place that holds files. */
export interface DataFolder {
  /** The path or address as a user would write it. */
  readonly name: string;
  /** The path or address of a file in it, whether it exists or not. */
  pathOf(file: string): string;
  /** Opens a file; null if there is none of that name. */
  open(file: string): Promise<DataFile | null>;
  /** Whether there is a file of that name. */
  has(file: string): Promise<boolean>;
}

/**
 * The folder at a path or address: a local path, or a `file:`, `http:` or `https:` URL as text or
 * object.
 *
 * @throws {TypeError} If the address has another scheme.
 */
export function dataFolder(pathOrUrl: string | URL): DataFolder {
  const url = asUrl(pathOrUrl);
  if (url && url.protocol !== "file:") return webFolder(url);
  return localFolder(url ? filePath(url) : String(pathOrUrl) || ".");
}

/** Opens one file by its path or address; null if there is none. */
export function openFile(pathOrUrl: string | URL): Promise<DataFile | null> {
  const url = asUrl(pathOrUrl);
  if (!url) return openLocal(String(pathOrUrl));
  return url.protocol === "file:" ? openLocal(filePath(url)) : openWeb(url);
}

/** The path of a file on this machine; null for a web address. */
export function localFile(pathOrUrl: string | URL): string | null {
  const url = asUrl(pathOrUrl);
  if (!url) return String(pathOrUrl);
  return url.protocol === "file:" ? filePath(url) : null;
}

/** The path on this machine, for writing. @throws {TypeError} If it is a web address. */
export function localPath(pathOrUrl: string | URL): string {
  const path = localFile(pathOrUrl);
  if (path !== null) return path;
  throw new TypeError(
    `Cannot write ${pathOrUrl} as a file: expected a path or a file: URL, got ` +
      `${new URL(pathOrUrl).protocol} (write it to this machine first)`,
  );
}

/** All of a file's bytes as text. */
export async function readText({ chunks }: DataFile): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of chunks) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

function asUrl(pathOrUrl: string | URL): URL | null {
  if (typeof pathOrUrl !== "string" && !(pathOrUrl instanceof URL)) {
    throw new TypeError(
      `Cannot open a data set as its place is a path or a URL: got ${
        pathOrUrl === null ? "null" : typeof pathOrUrl
      }`,
    );
  }
  // A single letter is a drive, as in C:\data.
  if (typeof pathOrUrl === "string" && !/^[a-z][a-z0-9+.-]+:/i.test(pathOrUrl)) return null;
  const url = new URL(pathOrUrl);
  if (["file:", "http:", "https:"].includes(url.protocol)) return url;
  throw new TypeError(
    `Cannot open ${url} as a data set: expected a path or a file:, http: or https: address, got ` +
      `${url.protocol} (download it and give the folder)`,
  );
}

function filePath(url: URL): string {
  const path = decodeURIComponent(url.pathname);
  return /^\/[a-z]:/i.test(path) ? path.slice(1) : path;
}

function localFolder(path: string): DataFolder {
  // The root keeps its slash.
  const name = path.replace(/(?<=.)[\\/]+$/, "");
  const pathOf = (file: string) => name === "/" ? `/${file}` : `${name}/${file}`;
  return {
    name,
    pathOf,
    open: (file) => openLocal(pathOf(file)),
    has: async (file) => await orNullIfAbsent(() => Deno.stat(pathOf(file))) !== null,
  };
}

async function openLocal(path: string): Promise<DataFile | null> {
  const file = await orNullIfAbsent(() => Deno.open(path));
  if (!file) return null;
  try {
    const { size, isFile } = await file.stat();
    // A pipe has no size, a folder no bytes.
    return { name: path, size: isFile ? size : undefined, chunks: fileChunks(file) };
  } catch (error) {
    file.close();
    throw error;
  }
}

async function orNullIfAbsent<T>(find: () => Promise<T>): Promise<T | null> {
  try {
    return await find();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return null;
    }
    throw error;
  }
}

/**
 * The bytes of a file through two buffers, of which one is read into while the other is used;
 * closes the file at the end or when asked to return.
 */
function fileChunks(file: Deno.FsFile): AsyncIterableIterator<Uint8Array> {
  const buffers = [new Uint8Array(CHUNK_SIZE), new Uint8Array(CHUNK_SIZE)];
  let turn = 0;
  let isOpen = true;
  let coming: Promise<number | null> | undefined;
  const readAhead = (): void => {
    coming = file.read(buffers[turn]!);
    // Its error is thrown where the chunk is asked for, if it is.
    coming.catch(() => {});
  };
  // A read that is under way is not waited for: a pipe may never answer.
  const end = (): Promise<IteratorReturnResult<undefined>> => {
    if (isOpen) file.close();
    isOpen = false;
    return Promise.resolve({ done: true, value: undefined });
  };
  return {
    async next(): Promise<IteratorResult<Uint8Array, undefined>> {
      if (!isOpen) return end();
      if (!coming) readAhead();
      const buffer = buffers[turn]!;
      const count = await coming;
      if (!count) return end();
      turn = 1 - turn;
      readAhead();
      return { done: false, value: buffer.subarray(0, count) };
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function webFolder(base: URL): DataFolder {
  // A query (the token of a signed address) stays behind the path.
  const urlOf = (file: string) => {
    const url = new URL(base);
    url.pathname = `${base.pathname.replace(/\/+$/, "")}/${encodeURIComponent(file)}`;
    return url;
  };
  return {
    name: `${base.origin}${base.pathname}`.replace(/\/+$/, ""),
    pathOf: (file) => urlOf(file).href,
    open: (file) => openWeb(urlOf(file)),
    async has(file) {
      const response = await request(urlOf(file));
      await response?.body?.cancel();
      return response !== null;
    },
  };
}

async function openWeb(url: URL): Promise<DataFile | null> {
  const response = await request(url);
  if (!response) return null;
  const length = response.headers.get("content-length");
  // The length of a compressed body is not that of the file.
  const isPlain = length !== null && !response.headers.has("content-encoding");
  return {
    name: url.href,
    size: isPlain ? Number(length) : undefined,
    chunks: response.body ?? [],
  };
}
