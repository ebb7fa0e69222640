/** MATLAB's files of version 5, as `save -v6` and `save -v7` write them. @module */
import { sizeOf } from "../../lib/base/mod.ts";
import { type DataArray, inRowMajor, type TypedArray } from "../array.ts";
import { ByteStream } from "./byte_stream.ts";
import type { Place } from "./data_format_error.ts";
import { COMPRESSED, type MatElement, MatReader, MATRIX } from "./mat_elements.ts";

/** A matrix of which only the entries that are not zero are kept: n of them. */
export interface MatSparse {
  /** Rows and columns. */
  readonly shape: number[];
  /** The row of each entry, from 0, int32 `[n]`. */
  readonly rows: Int32Array;
  /** The column of each entry, from 0, int32 `[n]`. */
  readonly columns: Int32Array;
  /** `[n]`. */
  readonly values: Float64Array;
}

/** Numbers with an imaginary part. */
export interface MatComplex {
  /** The real parts. */
  readonly real: DataArray;
  /** The imaginary parts, of the same shape. */
  readonly imaginary: DataArray;
}

/** Values of any kind with a shape, in row-major order: a cell array, or several structs. */
export interface MatItems {
  /** The size of each axis. */
  readonly shape: number[];
  /** One value each; structs are objects with a value for each field. */
  readonly items: readonly MatValue[];
}

/** One struct: the values of its fields, by their names. */
export interface MatStruct {
  /** The value of a field. */
  readonly [field: string]: MatValue;
}

/**
 * What a variable or a field holds: numbers (logicals as bytes), text (a list of texts where it has
 * several rows), and what is made of these. Null stands for what MATLAB alone reads: objects and
 * function handles, which are left out where they are variables of their own.
 */
export type MatValue =
  | DataArray
  | MatComplex
  | MatSparse
  | MatItems
  | MatStruct
  | string
  | string[]
  | null;

/** The classes of arrays, by their numbers in the format. */
const [CELL, STRUCT, CHAR, SPARSE, DOUBLE, UINT64] = [1, 2, 4, 5, 6, 15] as const;

/** The typed arrays of the classes from `DOUBLE` on, and of the last two. */
const CLASSES = [
  ...[Float64Array, Float32Array, Int8Array, Uint8Array, Int16Array, Uint16Array],
  ...[Int32Array, Uint32Array],
] as const;
const BIG_CLASSES = [BigInt64Array, BigUint64Array] as const;

const COMPLEX_FLAG = 0x800;

/** The header's text, and where its version and the order of bytes stand. */
const HEADER_SIZE = 128;
const VERSION = 124;

/** Cells and structs nested deeper than this are an attack. */
const MAX_DEPTH = 100;

/**
 * Reads a file of MATLAB, of version 5 (`save -v6`, and `-v7`, MATLAB's default, which compresses).
 * Files of version 7.3 are HDF5, which `openHdf5` reads. The one reader on npm, mat-for-js, may not
 * be used under this package's licence.
 *
 * Arrays come in row-major order, with at least two axes, as MATLAB has no others; where a file
 * stores numbers in a smaller type than the array's, they come in the array's.
 *
 * @param bytes The file.
 * @param place The file's name, for errors.
 * @returns The variables by their names.
 * @throws {DataFormatError} If the file is damaged, or of another version; the message names the
 *   byte, of a compressed variable that of its beginning.
 *
 * @example
 * ```ts ignore
 * const { surface } = await parseMat(await Deno.readFile("cat0.mat"));
 * ```
 */
export async function parseMat(
  bytes: Uint8Array,
  place: Place = {},
): Promise<Record<string, MatValue>> {
  const source = { bytes, littleEndian: isLittle(bytes, place), place, variable: null };
  const reader = new MatReader(source, HEADER_SIZE);
  const variables: [string, MatValue][] = [];
  while (reader.left > 0) {
    const element = reader.next("a variable");
    const inner = element.type === COMPRESSED ? await inflated(reader, element) : null;
    const [of, matrix] = inner ? [inner, inner.next("a variable")] : [reader, element];
    if (inner && inner.left > 0) inner.fail("one variable");
    if (matrix.type !== MATRIX) of.fail("an array", matrix.start, `type ${matrix.type}`);
    variables.push(readMatrix(of, matrix, 0));
  }
  // What has no name is MATLAB's own.
  return Object.fromEntries(variables.filter(([name, value]) => name !== "" && value !== null));
}

function isLittle(bytes: Uint8Array, place: Place): boolean {
  const source = { bytes, littleEndian: true, place, variable: null };
  const [a, b] = bytes.subarray(VERSION + 2, HEADER_SIZE);
  const isSwapped = a === 0x49 && b === 0x4d;
  const isPlain = a === 0x4d && b === 0x49;
  const version = bytes[isSwapped ? VERSION + 1 : VERSION];
  if ((isSwapped || isPlain) && version === 1) return isSwapped;
  return new MatReader(source).fail(
    "version 5 and the order of bytes, IM or MI",
    Math.min(VERSION, bytes.length),
  );
}

/** The element that another one holds in zlib's form; not more than it says that it has. */
async function inflated(reader: MatReader, { begin, end, start }: MatElement): Promise<MatReader> {
  const { source } = reader;
  const packed = new Blob([new Uint8Array(source.bytes.subarray(begin, end))]).stream();
  const stream = new ByteStream(packed.pipeThrough(new DecompressionStream("deflate")));
  try {
    const tag = await stream.take(8);
    const length = tag.length < 8 ? 0 : new DataView(tag.buffer).getUint32(4, source.littleEndian);
    const rest = await stream.take(length + 1);
    const bytes = new Uint8Array(tag.length + rest.length);
    bytes.set(tag);
    bytes.set(rest, tag.length);
    return new MatReader({ ...source, bytes, variable: start });
  } catch (error) {
    return reader.fail("a variable in zlib's form, whole", start, (error as Error).message);
  } finally {
    // What is damaged fails here once more.
    await stream.close().catch(() => {});
  }
}

/** Reads an array of any kind, and its name. */
function readMatrix(
  outer: MatReader,
  element: MatElement,
  depth: number,
): [name: string, value: MatValue] {
  if (depth > MAX_DEPTH) outer.fail("cells and structs nested less deep", element.start);
  const reader = outer.inside(element);
  // An empty cell may be an element of no bytes.
  if (reader.left === 0) return ["", { shape: [0, 0], data: new Float64Array() }];
  const [flags = 0] = reader.numbers(reader.next("the class of an array"), "flags");
  const kind = Number(flags) & 255;
  if (kind > UINT64) return ["", null];
  const shape = readShape(reader);
  const nameElement = reader.next("the name of an array");
  const name = reader.text(nameElement, "a name");
  const isComplex = (Number(flags) & COMPLEX_FLAG) !== 0;
  if (kind >= DOUBLE) return [name, readNumbers(reader, shape, kind, isComplex)];
  if (kind === CHAR) return [name, readText(reader, shape)];
  if (kind === SPARSE) return [name, readSparse(reader, shape)];
  if (kind === CELL) return [name, readItems(reader, shape, null, depth)];
  if (kind !== STRUCT) return [name, null];
  const structs = readItems(reader, shape, readFields(reader), depth);
  return [name, structs.items.length === 1 ? structs.items[0]! : structs];
}

function readShape(reader: MatReader): number[] {
  const element = reader.next("the shape of an array");
  const shape = Array.from(reader.numbers(element, "a shape"), Number);
  const isShape = shape.length >= 2 && shape.every((size) => size >= 0) &&
    Number.isSafeInteger(sizeOf(shape));
  return isShape ? shape : reader.fail("a shape of two axes or more", element.start, `${shape}`);
}

/** Numbers in the type of their array, however they are stored. */
function readPart(reader: MatReader, shape: number[], kind: number): DataArray {
  const element = reader.next("the numbers of an array");
  const stored = reader.numbers(element, "numbers");
  if (stored.length !== sizeOf(shape)) {
    reader.fail(`${sizeOf(shape)} numbers, as its shape says`, element.start, `${stored.length}`);
  }
  const data = inClass(stored, kind) ?? reader.fail("whole numbers", element.start);
  return { shape: [...shape], data: inRowMajor(data, shape) };
}

/** Numbers in the type of a class; null where they are not whole and the class is. */
function inClass(stored: TypedArray, kind: number): TypedArray | null {
  const values: Iterable<number | bigint> = stored;
  const Small = CLASSES[kind - DOUBLE];
  if (Small) return stored instanceof Small ? stored : Small.from(Array.from(values, Number));
  const Big = BIG_CLASSES[kind - DOUBLE - CLASSES.length]!;
  if (stored instanceof Big) return stored;
  const isWhole = Array.from(values).every((value) => Number.isInteger(Number(value)));
  return isWhole ? Big.from(Array.from(values, BigInt)) : null;
}

function readNumbers(
  reader: MatReader,
  shape: number[],
  kind: number,
  isComplex: boolean,
): DataArray | MatComplex {
  const real = readPart(reader, shape, kind);
  return isComplex ? { real, imaginary: readPart(reader, shape, kind) } : real;
}

/** One text a row. */
function readText(reader: MatReader, shape: number[]): string | string[] {
  const element = reader.next("the letters of a text");
  const letters = reader.text(element, "letters");
  const [rows, width] = [shape[0]!, sizeOf(shape.slice(1))];
  if (letters.length !== rows * width) {
    reader.fail(`${rows * width} letters, as the shape says`, element.start, `${letters.length}`);
  }
  if (rows === 1 || letters.length === 0) return letters;
  return Array.from({ length: rows }, (_, row) => {
    const own = Array.from({ length: width }, (_, column) => letters[column * rows + row]!);
    return own.join("");
  });
}

/** Columns, each with the rows of its entries. */
function readSparse(reader: MatReader, shape: number[]): MatSparse {
  const list = (what: string) => reader.numbers(reader.next(what), what);
  const start = reader.position;
  const [rows, starts] = [list("the rows of entries"), list("the beginnings of columns")];
  const values = Float64Array.from(list("the entries"), Number);
  const count = Number(starts.at(-1) ?? 0);
  const isWhole = shape.length === 2 && starts.length === shape[1]! + 1 && rows.length >= count &&
    values.length >= count && Number(starts[0]) === 0;
  const columns = new Int32Array(isWhole ? count : 0);
  let rises = isWhole;
  for (let column = 0; rises && column < shape[1]!; column++) {
    const [from, to] = [Number(starts[column]), Number(starts[column + 1])];
    rises = from <= to && to <= count;
    if (rises) columns.fill(column, from, to);
  }
  const own = Int32Array.from(rows.subarray(0, columns.length), Number);
  if (!rises || own.some((row) => row < 0 || row >= shape[0]!)) {
    reader.fail(`entries of a sparse matrix of ${shape.join(" by ")}`, start);
  }
  // Room for more entries may have been kept.
  return { shape, rows: own, columns, values: values.slice(0, count) };
}

/** The names of the fields of structs. */
function readFields(reader: MatReader): string[] {
  const lengthElement = reader.next("the length of names");
  const [length = 0] = Array.from(reader.numbers(lengthElement, "the length of names"), Number);
  const element = reader.next("the names of fields");
  const letters = reader.text(element, "names");
  if (!(length >= 1) || letters.length % length !== 0) {
    reader.fail(`names of ${length} letters each`, element.start, `${letters.length} letters`);
  }
  const count = letters.length / length;
  return Array.from({ length: count }, (_, i) => {
    return letters.slice(i * length, (i + 1) * length).replace(/\0[^]*/, "");
  });
}

/** The values of a cell array, or of structs field by field. */
function readItems(
  reader: MatReader,
  shape: number[],
  fields: readonly string[] | null,
  depth: number,
): MatItems {
  const count = sizeOf(shape);
  if (fields?.length === 0 && count > 1) reader.fail("structs that have fields");
  // Each value has a tag of 8 bytes at least.
  if (count * (fields?.length ?? 1) * 8 > reader.left) {
    reader.fail(`${count} values in ${reader.left} bytes`);
  }
  const read = (): MatValue => {
    const element = reader.next("a value");
    if (element.type !== MATRIX) reader.fail("an array", element.start, `type ${element.type}`);
    return readMatrix(reader, element, depth + 1)[1];
  };
  const items = Array.from(
    { length: count },
    () => fields ? Object.fromEntries(fields.map((field) => [field, read()])) : read(),
  );
  const order = inRowMajor(Int32Array.from(items, (_, i) => i), shape);
  return { shape, items: Array.from(order as Int32Array, (place) => items[place]!) };
}
