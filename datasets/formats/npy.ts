/** NumPy's .npy format: one array behind a header in Python's syntax. @module */
import {
  encodeNpyHeader,
  formatShape,
  isNpy,
  type NpyHeader,
  NpyProblem,
  npyStart,
  parseNpyHeader,
  sizeOf,
} from "../../lib/base/mod.ts";
import {
  type DataArray,
  type DType,
  dtypeOf,
  fromBytes,
  inRowMajor,
  itemSize,
  swapBytes,
  toBytes,
} from "../array.ts";

import { DataFormatError, type Place } from "./data_format_error.ts";

/** NumPy's letters of types, with the bytes of each. */
const TYPES: Readonly<Record<string, DType>> = {
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b1: "bool",
};

/** What the header says. */
interface Layout {
  readonly dtype: DType;
  readonly isBigEndian: boolean;
  readonly isFortran: boolean;
  readonly shape: number[];
  /** Where the data begin. */
  readonly end: number;
}

/**
 * Reads an array as `numpy.save` writes it. Arrays in Fortran's order come in row-major order,
 * big-endian ones in this machine's; bools come as bytes.
 *
 * @param bytes The file, all of it.
 * @param place The file's name, for errors.
 * @throws {DataFormatError} If the file is damaged, has more or fewer values than it says, or holds
 *   objects, text, complex or half-precision numbers; the message names the byte.
 *
 * @example
 * ```ts
 * import { encodeNpy, parseNpy } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const array = { shape: [2, 1], data: Float32Array.of(1, 2) };
 * assertEquals(parseNpy(encodeNpy(array)), array);
 * ```
 */
export function parseNpy(bytes: Uint8Array, place: Place = {}): DataArray {
  const { dtype, isBigEndian, isFortran, shape, end } = readHeader(bytes, place);
  const expected = sizeOf(shape) * itemSize(dtype);
  const found = bytes.length - end;
  if (found !== expected) {
    throw failure(place, `${expected} bytes for ${dtype} [${shape.join(", ")}]`, end, `${found}`);
  }
  const data = fromBytes([bytes.subarray(end)], dtype);
  if (isBigEndian) swapBytes(toBytes(data), itemSize(dtype));
  return { shape, data: isFortran ? inRowMajor(data, shape) : data };
}

function readHeader(bytes: Uint8Array, place: Place): Layout {
  const { type, shape, isFortran, start: end } = headerOf(bytes, place);
  const [, order, letters] = /^([<>|=])(\w\d+)$/.exec(type) ?? [];
  const dtype = letters !== undefined && Object.hasOwn(TYPES, letters) ? TYPES[letters] : undefined;
  const start = bytes[6] === 1 ? 10 : 12;
  if (!dtype) {
    throw failure(place, `one of the types ${Object.keys(TYPES).join(", ")}`, start, type);
  }
  if (!Number.isSafeInteger(sizeOf(shape) * 8)) {
    throw failure(place, "a shape that memory can hold", start, formatShape(shape));
  }
  return { dtype, isBigEndian: order === ">", isFortran, shape, end };
}

function headerOf(bytes: Uint8Array, place: Place): NpyHeader {
  if (!isNpy(bytes)) throw failure(place, "\\x93NUMPY", 0);
  try {
    const end = npyStart(bytes);
    if (end > bytes.length) throw new NpyProblem("a header", 10, "the end of the file");
    return parseNpyHeader(bytes.subarray(0, end));
  } catch (problem) {
    if (!(problem instanceof NpyProblem)) throw problem;
    throw failure(place, problem.expected, problem.byteOffset, problem.actual);
  }
}

function failure(
  place: Place,
  expected: string,
  byteOffset: number,
  actual = "something else",
): DataFormatError {
  return new DataFormatError(
    `Cannot read ${place.file ?? "the given bytes"} as NumPy's npy: expected ${expected} at byte ` +
      `${byteOffset}, got ${actual} (write it again with numpy.save, as numbers)`,
    { ...place, byteOffset },
  );
}

/**
 * An array in NumPy's format, which `numpy.load` reads.
 *
 * @throws {RangeError} If the shape does not fit the values.
 *
 * @example
 * ```ts
 * import { encodeNpy } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeNpy({ shape: [3], data: Int32Array.of(1, 2, 3) }).length, 128 + 12);
 * ```
 */
export function encodeNpy({ shape, data }: DataArray): Uint8Array<ArrayBuffer> {
  if (sizeOf(shape) !== data.length) {
    throw new RangeError(
      `Cannot write an array as npy as its shape must fit its values: got [${
        shape.join(", ")
      }] for ` +
        `${data.length} values`,
    );
  }
  const dtype = dtypeOf(data);
  const letters = Object.keys(TYPES).find((each) => TYPES[each] === dtype)!;
  const header = encodeNpyHeader(`${itemSize(dtype) === 1 ? "|" : "<"}${letters}`, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(toBytes(data), header.length);
  return bytes;
}
