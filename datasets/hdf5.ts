/** HDF5 files: groups of arrays, read through the HDF5 library compiled to WebAssembly. @module */
import { type DataArray, dtypeOf, type TypedArray } from "./array.ts";
import { localFile, openFile } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { ByteStream } from "./formats/byte_stream.ts";
import { DataFormatError } from "./formats/data_format_error.ts";

/**
 * What an HDF5 file begins with, at byte 0 or, behind a block of a user's own, at 512, 1024, 2048,
 * ...
 */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/** No compression that HDF5 brings makes data smaller than this: gzip's limit. */
const MOST_COMPRESSED = 1032;

/** An open HDF5 file. Close it, or declare it with `using`. */
export interface Hdf5File extends Disposable {
  /** The path or address. */
  readonly name: string;
  /** The names in a group, sorted; those of the file's root without. */
  list(group?: string): string[];
  /** The shape of an array; null where the path is a group or nothing. */
  shapeOf(path: string): number[] | null;
  /**
   * An array, or some rows of it (along the first axis). A single number comes as float64 or int64.
   *
   * @throws {DataFormatError} If there is none, if it is damaged, or if it is not numeric.
   */
  read(path: string, rows?: readonly [begin: number, end: number]): DataArray;
  /** Lets go of the file. */
  close(): void;
}

/** What is used of the library. */
interface Library {
  readonly ready: Promise<LibraryModule>;
  readonly File: new (path: string, mode: "r") => LibraryFile;
}

interface LibraryModule {
  activate_throwing_error_handler(): number;
  readonly FS: {
    writeFile(path: string, bytes: Uint8Array): void;
    unlink(path: string): void;
  };
}

interface LibraryFile {
  keys(): string[];
  get(path: string): unknown;
  close(): number;
}

interface LibraryArray {
  readonly type: "Dataset";
  /** Null where the array was declared to have no values. */
  readonly shape: number[] | null;
  readonly filters: readonly unknown[];
  readonly metadata: { readonly size: number; readonly total_size: number };
  readonly value: unknown;
  slice(ranges: [number, number][]): unknown;
}

/** Where a file is from. */
interface Origin {
  /** The path or address, for errors. */
  readonly name: string;
  /** What the system knows the file by, where it is read in its place. */
  readonly identity: string | null;
}

/** A file that the library has, the size it has on the disk, and what lets go of it. */
interface Opened {
  readonly origin: Origin;
  readonly size: number;
  readonly file: LibraryFile;
  readonly close: () => void;
}

/** Files in the library's own memory get a name each. */
let count = 0;

/**
 * Files that the library failed to read, by their identity. It never lets go of such a file, and
 * where the path is opened again it would give what it remembers, whatever the file holds by then.
 */
const stuck = new Set<string>();

/**
 * Opens an HDF5 file. A file on this machine is read where it lies, array by array; one behind a
 * web address, given as bytes, or found to be damaged before, is held in memory. The library
 * (h5wasm, 4 MB) is loaded by the first call.
 *
 * @param pathOrBytes A path, a `file:`, `http:` or `https:` address, or the file's bytes.
 * @returns The file. Arrays that were declared and never written are refused, as damaged ones are.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If it is no HDF5 file, or a damaged one. The library does not tell at
 *   which byte.
 *
 * @example
 * ```ts
 * import { openHdf5, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * using file = await openHdf5(sampleUrl("lennard_jones", "valid.h5"));
 * assertEquals(file.list("00000"), ["particle_type", "position"]);
 * assertEquals(file.shapeOf("00000/position"), [405, 3, 3]);
 * assertEquals(file.read("00000/position", [0, 2]).shape, [2, 3, 3]);
 * ```
 */
export async function openHdf5(pathOrBytes: string | URL | Uint8Array): Promise<Hdf5File> {
  const path = pathOrBytes instanceof Uint8Array ? null : localFile(pathOrBytes);
  return wrap(path === null ? await openBytes(pathOrBytes) : await openPath(path));
}

async function openPath(path: string): Promise<Opened> {
  const opened = await openFile(path);
  if (!opened) throw notFound(path);
  const { size = 0, chunks } = opened;
  const stream = new ByteStream(chunks);
  checkSignature(await stream.take(1 << 14).finally(() => stream.close()), path);
  const { dev, ino } = await Deno.stat(path);
  const origin = { name: path, identity: ino === null ? path : `${dev}:${ino}` };
  if (stuck.has(origin.identity)) return await openBytes(path);
  const library = await load(() => import("h5wasm/node"));
  const file = guard(origin, "opening it", () => new library.File(path, "r"));
  return { origin, size, file, close: () => file.close() };
}

async function openBytes(addressOrBytes: string | URL | Uint8Array): Promise<Opened> {
  let bytes = addressOrBytes;
  if (!(bytes instanceof Uint8Array)) {
    const opened = await openFile(bytes);
    if (!opened) throw notFound(bytes);
    bytes = await new ByteStream(opened.chunks).take(Number.MAX_SAFE_INTEGER);
  }
  const name = addressOrBytes instanceof Uint8Array ? "the given bytes" : `${addressOrBytes}`;
  const origin = { name, identity: null };
  checkSignature(bytes, name);
  const library = await load(() => import("h5wasm"));
  const { FS } = await library.ready;
  const place = `/${count++}.h5`;
  FS.writeFile(place, bytes);
  try {
    const file = guard(origin, "opening it", () => new library.File(place, "r"));
    const close = (): void => {
      file.close();
      FS.unlink(place);
    };
    return { origin, size: bytes.length, file, close };
  } catch (error) {
    FS.unlink(place);
    throw error;
  }
}

/** The library, made to throw where it would print. */
async function load(module: () => Promise<unknown>): Promise<Library> {
  const library = await module() as Library;
  (await library.ready).activate_throwing_error_handler();
  return library;
}

function wrap({ origin, size, file, close }: Opened): Hdf5File {
  const { name } = origin;
  let isOpen = true;
  const find = (path: string): unknown => {
    if (isOpen) return guard(origin, `finding ${path}`, () => file.get(path));
    throw new Error(`Cannot read ${path} of ${name} as the file was closed (open it again)`);
  };
  const closeOnce = (): void => {
    if (isOpen) close();
    isOpen = false;
  };
  return {
    name,
    list(group = "/") {
      const found = find(group) as { type: string; keys(): string[] };
      if (found?.type !== "Group") throw failure(name, `expected a group ${group}, found none`);
      return guard(origin, `listing ${group}`, () => found.keys()).toSorted();
    },
    shapeOf(path) {
      const found = find(path);
      return isArray(found)
        ? guard(origin, `reading ${path}`, () => found.shape?.slice() ?? null)
        : null;
    },
    read(path, rows) {
      const found = find(path);
      if (isArray(found)) return readArray(origin, size, path, found, rows);
      throw failure(name, `expected an array ${path}, found none`);
    },
    close: closeOnce,
    [Symbol.dispose]: closeOnce,
  };
}

function isArray(found: unknown): found is LibraryArray {
  return (found as LibraryArray | null)?.type === "Dataset";
}

function readArray(
  origin: Origin,
  fileSize: number,
  path: string,
  array: LibraryArray,
  rows?: readonly [number, number],
): DataArray {
  const { name } = origin;
  const { shape, isPacked, bytes } = guard(origin, `reading ${path}`, () => ({
    shape: array.shape?.slice(),
    isPacked: array.filters.length > 0,
    bytes: array.metadata.size * array.metadata.total_size,
  }));
  if (!shape) throw failure(name, `expected values in ${path}, found that it has none`);
  const most = fileSize * (isPacked ? MOST_COMPRESSED : 1);
  if (bytes > most) {
    throw failure(
      name,
      `array ${path} of shape [${shape.join(", ")}] has ${bytes} bytes, more than ` +
        `a file of ${fileSize} can hold`,
    );
  }
  const [begin, end] = checkRows(path, shape, rows);
  const ranges = shape.map((length, i): [number, number] => i === 0 ? [begin, end] : [0, length]);
  const isOne = shape.length === 0;
  const data = guard(
    origin,
    `reading ${path}`,
    () => isOne ? listed(array.value) : array.slice(ranges),
  );
  if (!isNumeric(data)) {
    throw failure(name, `expected numbers of 8 to 64 bits in ${path}, found others`);
  }
  return { shape: isOne ? [] : [end - begin, ...shape.slice(1)], data };
}

/** A single value, which the library gives as such, as an array. */
function listed(value: unknown): unknown {
  if (typeof value === "bigint") return BigInt64Array.of(value);
  return typeof value === "number" ? Float64Array.of(value) : value;
}

function checkRows(
  path: string,
  shape: readonly number[],
  rows?: readonly [number, number],
): readonly [number, number] {
  const length = shape[0] ?? 1;
  const [begin, end] = rows ?? [0, length];
  const isRange = Number.isInteger(begin) && Number.isInteger(end) && 0 <= begin && begin <= end;
  if (isRange && end <= length) return [begin, end];
  throw new RangeError(
    `Cannot read rows ${begin} to ${end} of ${path} as it has ${length} rows (give two of them in order)`,
  );
}

function isNumeric(data: unknown): data is TypedArray {
  return ArrayBuffer.isView(data) && dtypeOf(data as TypedArray) !== undefined;
}

function checkSignature(bytes: Uint8Array, name: string): void {
  for (let at = 0; at < bytes.length; at = at ? 2 * at : 512) {
    if (SIGNATURE.every((byte, i) => bytes[at + i] === byte)) return;
  }
  throw failure(name, "expected the signature of HDF5 at byte 0, found none", 0);
}

/** Runs a piece of the library; whatever it throws is damage of the file. */
function guard<T>({ name, identity }: Origin, what: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (identity !== null) stuck.add(identity);
    throw failure(name, `${what} failed: ${reasonOf(error)}`, undefined, error);
  }
}

/** What went wrong first: the library tells it last, behind `#004: H5D.c line 5 in H5D_f(): `. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const reasons = [...text.matchAll(/^ *#\d+: .*?\(\): (.*)$/gm)];
  return reasons.at(-1)?.[1] ?? text.trim().split("\n")[0]!;
}

function failure(
  name: string,
  problem: string,
  byteOffset?: number,
  cause?: unknown,
): DataFormatError {
  return new DataFormatError(
    `Cannot read ${name} as HDF5: ${problem} ` +
      `(the file is damaged or of another kind: download or copy it again)`,
    { file: name, byteOffset },
    cause === undefined ? {} : { cause },
  );
}

function notFound(path: string | URL): DataNotFoundError {
  return new DataNotFoundError(
    `Cannot open ${path} as HDF5: there is no such file (check the path)`,
  );
}
