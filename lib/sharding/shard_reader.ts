/** Shards of a large array in a file, read without the rest. @module */
import * as tf from "@tensorflow/tfjs";
import { isNpy, NPY_PREFIX_BYTES, NpyProblem, npyStart, parseNpyHeader } from "../base/mod.ts";
import { giveAway } from "../engine/mod.ts";
import { formatShape, type Tensor } from "../tree/mod.ts";

/** Options of {@linkcode shardReader}, for a file of numbers alone. */
export interface ShardReaderOptions {
  /**
   * How its numbers are stored, little-endian; without it the file is NumPy's, and says so itself.
   */
  readonly dtype?: "float32" | "float64" | "int32" | "int64";
  /** The shape of one row; by default `[]`: each number is a row. */
  readonly rowShape?: readonly number[];
}

/** Which shards {@linkcode ShardReader.read} reads. */
export interface ReadShards {
  /** Into how many shards the rows are cut, of all processes. */
  readonly shards: number;
  /** The first one to read; 0 by default. */
  readonly first?: number;
  /** How many to read; 1 by default. */
  readonly count?: number;
  /**
   * The number that fills up the last shards where the rows cannot be cut evenly. -1 in senders and
   * receivers makes edges that no node sees.
   */
  readonly fill?: number;
}

/** An array in a file. */
export interface ShardReader {
  /** The number of rows. */
  readonly rows: number;
  /** The shape of one row. */
  readonly rowShape: readonly number[];
  /** The dtype of what is read: 64-bit numbers become 32-bit ones. */
  readonly dtype: "float32" | "int32";
  /**
   * Reads shards of S rows each, and no other part of the file.
   *
   * @returns `[count, S, ...rowShape]`, as `pmap` takes it.
   * @throws {RangeError} If there are more shards than rows, rows left over and no `fill`, or an
   *   int64 that is no int32.
   * @throws {SyntaxError} If the file has become shorter.
   */
  read(which: ReadShards): Promise<Tensor>;
}

/** How the numbers of a file are stored: NumPy's name of it. */
type StoredType = "<f4" | "<f8" | "<i4" | "<i8";

/** Bytes of one number. */
const BYTES: Readonly<Record<StoredType, number>> = { "<f4": 4, "<f8": 8, "<i4": 4, "<i8": 8 };

/** How the numbers lie in a file. */
interface Layout {
  readonly type: StoredType;
  /** Rows, and the shape of one. */
  readonly shape: readonly number[];
  /** The byte that the numbers start at. */
  readonly start: number;
}

const STORED = { float32: "<f4", float64: "<f8", int32: "<i4", int64: "<i8" } as const;

/** 64-bit numbers are read and rounded so many at a time. */
const PIECE = 65_536;

/**
 * Opens an array in a file for reading by shards: NumPy's `.npy`, or rows of numbers alone.
 *
 * Each process reads the edges of its own devices, so that none has the whole graph.
 *
 * @param path The file: `float32`, `float64`, `int32` or `int64`, rows one after another.
 * @param options What a file of numbers alone does not say itself.
 * @throws {SyntaxError} If the file is cut short, or its header is damaged or does not fit its
 * size.
 * @throws {TypeError} If its numbers are of another type, or an option is.
 * @throws {Deno.errors.NotFound} If there is no such file.
 *
 * @example The second process of two, with two devices
 * ```ts
 * import { shardReader } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/senders.bin`;
 * await Deno.writeFile(path, new Uint8Array(Int32Array.of(0, 1, 2, 3, 4, 5, 6).buffer));
 * const senders = await shardReader(path, { dtype: "int32" });
 * const own = await senders.read({ shards: 4, first: 2, count: 2, fill: -1 });
 * assertEquals(own.arraySync(), [[4, 5], [6, -1]]);
 * ```
 */
export async function shardReader(
  path: string | URL,
  options: ShardReaderOptions = {},
): Promise<ShardReader> {
  if (typeof Deno === "undefined") {
    throw new Error(`Cannot read shards of ${path} as files need Deno: this is another runtime`);
  }
  const name = String(path);
  checkOptions(name, options);
  using file = await open(path, name);
  const { size } = await file.stat();
  const { type, shape: [rows, ...rowShape], start } = options.dtype
    ? rawLayout(options, size, name)
    : await npyLayout(file, size, name);
  const layout = { type, rows: rows!, rowShape, start };
  return {
    rows: layout.rows,
    rowShape,
    dtype: dtypeOf(type),
    read: async (which) => {
      const [perShard, first, count] = checkShards(name, layout.rows, dtypeOf(type), which);
      using file = await open(path, name);
      const width = sizeOf(rowShape);
      const range = { from: first * perShard * width, size: count * perShard * width };
      const values = await readNumbers(file, { ...layout, ...range, name }, which.fill ?? 0);
      return tf.tensor(giveAway(values), [count, perShard, ...rowShape], dtypeOf(type)) as Tensor;
    },
  };
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
const dtypeOf = (type: StoredType): "float32" | "int32" => type[1] === "f" ? "float32" : "int32";

async function open(path: string | URL, name: string): Promise<Deno.FsFile> {
  try {
    return await Deno.open(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Deno.errors.NotFound(
      `Cannot read shards of ${name} as there is no such file (check the path)`,
      { cause },
    );
  }
}

function checkOptions(name: string, { dtype, rowShape }: ShardReaderOptions): void {
  if (dtype !== undefined && !Object.hasOwn(STORED, dtype)) {
    throw new TypeError(
      `Cannot read shards of ${name} as dtype must be one of ${Object.keys(STORED).join(", ")}: ` +
        `it is ${String(dtype)}`,
    );
  }
  if (rowShape === undefined) return;
  const isShape = Array.isArray(rowShape) && rowShape.every((d) => Number.isInteger(d) && d >= 1);
  if (dtype !== undefined && isShape) return;
  throw new TypeError(
    `Cannot read shards of ${name} as rowShape is ` +
      (isShape
        ? "for files of numbers alone (give dtype, too, or neither for a file of NumPy's)"
        : `an array of sizes, 1 or more: it is ${JSON.stringify(rowShape)}`),
  );
}

/** Where the numbers of a file are that has nothing else. */
function rawLayout(options: ShardReaderOptions, size: number, name: string): Layout {
  const { dtype, rowShape = [] } = options;
  const type = STORED[dtype!];
  const rowBytes = BYTES[type] * sizeOf(rowShape);
  const rows = Math.floor(size / rowBytes);
  if (rows * rowBytes === size) return { type, shape: [rows, ...rowShape], start: 0 };
  throw new SyntaxError(
    `Cannot read shards of ${name} as a row has ${rowBytes} bytes (${dtype} ` +
      `${formatShape(rowShape)}): row ${rows} starts at byte ${
        rows * rowBytes
      }, and the file ends ` +
      `at byte ${size} (it is cut short, or dtype or rowShape is another)`,
  );
}

async function npyLayout(file: Deno.FsFile, size: number, name: string): Promise<Layout> {
  const prefix = await readStart(file, Math.min(NPY_PREFIX_BYTES, size), name);
  if (!isNpy(prefix)) {
    throw new SyntaxError(
      `Cannot read shards of ${name} as it does not start as NumPy's files do: its bytes are ` +
        `[${
          [...prefix.subarray(0, 6)].join(", ")
        }] (give {dtype, rowShape} for a file of numbers ` +
        `alone)`,
    );
  }
  const start = explained(name, () => npyStart(prefix));
  if (start > size) throw cutShort(name, `its header ends at byte ${start}`, size);
  const { type, shape } = layoutOf(await readStart(file, start, name), name);
  const end = start + BYTES[type] * sizeOf(shape);
  if (size < end) {
    throw cutShort(
      name,
      `its header says ${type} ${formatShape(shape)}, up to byte ${end}`,
      size,
    );
  }
  if (size === end) return { type, shape, start };
  throw new SyntaxError(
    `Cannot read shards of ${name} as its header must fit its size: it says ${type} ` +
      `${formatShape(shape)}, up to byte ${end}, and the file has ${size} (it is damaged, or two ` +
      `files in one: save it again)`,
  );
}

/** The layout that a header tells, as far as shards of it can be read. */
function layoutOf(header: Uint8Array, name: string): Omit<Layout, "start"> {
  const { type, shape, isFortran } = explained(name, () => parseNpyHeader(header));
  if (!Object.hasOwn(BYTES, type)) {
    throw new TypeError(
      `Cannot read shards of ${name} as its numbers must be one of ` +
        `${Object.keys(BYTES).join(", ")}: its header says ${type} (save it with ` +
        `.astype("<f4") or .astype("<i4"))`,
    );
  }
  if (isFortran && shape.length > 1) {
    throw new TypeError(
      `Cannot read shards of ${name} as a row's numbers must lie together: its header says ` +
        `fortran_order (save it with numpy.ascontiguousarray)`,
    );
  }
  if (shape.length === 0) throw badHeader(name, "the array must have rows: its shape is ()");
  return { type: type as StoredType, shape };
}

/** What an action gives; a problem of the header becomes an error that names the file. */
function explained<T>(name: string, action: () => T): T {
  try {
    return action();
  } catch (problem) {
    throw problem instanceof NpyProblem ? badHeader(name, problem.message) : problem;
  }
}

function badHeader(name: string, rule: string): SyntaxError {
  return new SyntaxError(
    `Cannot read shards of ${name} as its header is none of NumPy's: ${rule} (it is damaged, or ` +
      `of another kind: copy it again, or give {dtype} for a file of numbers alone)`,
  );
}

function cutShort(name: string, expected: string, size: number): SyntaxError {
  return new SyntaxError(
    `Cannot read shards of ${name} as it is cut short: ${expected}, and the file ends at byte ` +
      `${size} (copy it again)`,
  );
}

function checkShards(
  name: string,
  rows: number,
  dtype: string,
  { shards, first = 0, count = 1, fill }: ReadShards,
): [perShard: number, first: number, count: number] {
  const fail = (rule: string): never => {
    throw new RangeError(`Cannot read shards of ${name} as ${rule}`);
  };
  const isCount = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 1;
  if (!isCount(shards)) fail(`there must be a whole number of them: shards is ${String(shards)}`);
  if (!isCount(count) || !Number.isInteger(first) || first < 0 || first + count > shards) {
    fail(
      `there are ${shards}, from 0: first is ${String(first)}, count is ${
        String(count)
      } (a process ` +
        `reads rank · devices and those after it)`,
    );
  }
  if (shards > rows) {
    fail(`each shard has a row or more: there are ${rows} rows for ${shards} shards (use fewer)`);
  }
  if (fill !== undefined && !(dtype === "int32" ? fill === (fill | 0) : typeof fill === "number")) {
    fail(`fill must be a number of ${dtype}: it is ${String(fill)}`);
  }
  if (rows % shards !== 0 && fill === undefined) {
    fail(
      `each shard has the same number of rows: there are ${rows} rows for ${shards} shards (give ` +
        `fill: -1 for senders and receivers, 0 for features)`,
    );
  }
  return [Math.ceil(rows / shards), first, count];
}

/** A range of a file's numbers. */
interface Range extends Omit<Layout, "shape"> {
  readonly rows: number;
  readonly rowShape: readonly number[];
  readonly from: number;
  readonly size: number;
  readonly name: string;
}

/** Reads numbers, and `fill` in the place of those beyond the last. */
async function readNumbers(
  file: Deno.FsFile,
  { type, rows, rowShape, start, from, size, name }: Range,
  fill: number,
): Promise<Float32Array | Int32Array> {
  const values = type[1] === "f" ? new Float32Array(size) : new Int32Array(size);
  const there = Math.max(0, Math.min(size, rows * sizeOf(rowShape) - from));
  values.fill(fill, there);
  const at = start + BYTES[type] * from;
  if (BYTES[type] === 4) {
    await readInto(file, at, new Uint8Array(values.buffer, 0, 4 * there), name);
    return values;
  }
  for (let done = 0; done < there; done += PIECE) {
    const bytes = new Uint8Array(8 * Math.min(PIECE, there - done));
    await readInto(file, at + 8 * done, bytes, name);
    if (type === "<f8") values.set(new Float64Array(bytes.buffer), done);
    else setIntegers(values, new BigInt64Array(bytes.buffer), done, from, name);
  }
  return values;
}

function setIntegers(
  values: Float32Array | Int32Array,
  integers: BigInt64Array,
  done: number,
  from: number,
  name: string,
): void {
  integers.forEach((integer, i) => {
    const value = Number(integer);
    if (value !== (value | 0)) {
      throw new RangeError(
        `Cannot read shards of ${name} as its numbers must be 32-bit ones: number ` +
          `${from + done + i} is ${integer} (number nodes from 0)`,
      );
    }
    values[done + i] = value;
  });
}

async function readInto(
  file: Deno.FsFile,
  at: number,
  bytes: Uint8Array,
  name: string,
): Promise<void> {
  await file.seek(at, Deno.SeekMode.Start);
  for (let done = 0; done < bytes.length;) {
    const read = await file.read(bytes.subarray(done));
    if (read === null) {
      throw cutShort(name, `${bytes.length} bytes were to be read at ${at}`, at + done);
    }
    done += read;
  }
}

async function readStart(file: Deno.FsFile, length: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  await readInto(file, 0, bytes, name);
  return bytes;
}
