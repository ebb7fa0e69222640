/** NumPy's .npy format: one array behind a header in Python's syntax. @module */
import { type DataArray, type DType, dtypeOf, fromBytes, itemSize, toBytes } from "../array.ts";
import { sizeOf } from "../../lib/base/mod.ts";
import { DataFormatError, type Place } from "./data_format_error.ts";

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

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

/** Headers fill up whole lines of memory, so that the data begin at a multiple of this. */
const ALIGNMENT = 64;

/** What the header says. */
interface Header {
  readonly dtype: DType;
  readonly isBigEndian: boolean;
  /** Whether the first axis is the one that runs fastest. */
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
  return { shape, data: isFortran ? transposed(data, shape) : data };
}

function readHeader(bytes: Uint8Array, place: Place): Header {
  if (MAGIC.some((byte, i) => bytes[i] !== byte)) throw failure(place, "\\x93NUMPY", 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = bytes[6] ?? 0;
  const start = version === 1 ? 10 : 12;
  if (version < 1 || version > 3) throw failure(place, "version 1, 2 or 3", 6, `${version}`);
  if (bytes.length < start) {
    throw failure(place, "the length of the header", 8, "the end of the file");
  }
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  const text = new TextDecoder().decode(bytes.subarray(start, end));
  if (end > bytes.length) throw failure(place, "a header", start, "the end of the file");
  const [, descr] = /'descr': *'([^']*)'/.exec(text) ?? [];
  const [, order, letters] = /^([<>|=])(\w\d+)$/.exec(descr ?? "") ?? [];
  const [, fortran] = /'fortran_order': *(True|False)/.exec(text) ?? [];
  const [, sizes] = /'shape': *\(((?: *\d+L? *,?)*)\)/.exec(text) ?? [];
  const dtype = letters !== undefined && Object.hasOwn(TYPES, letters) ? TYPES[letters] : undefined;
  if (!dtype) {
    const types = Object.keys(TYPES).join(", ");
    throw failure(place, `one of the types ${types}`, start, descr ?? text.slice(0, 80).trim());
  }
  const shape = sizes?.match(/\d+/g)?.map(Number) ?? [];
  if (fortran === undefined || sizes === undefined || !Number.isSafeInteger(sizeOf(shape) * 8)) {
    throw failure(place, "an order and a shape", start, text.slice(0, 80).trim());
  }
  return { dtype, isBigEndian: order === ">", isFortran: fortran === "True", shape, end };
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Values whose first axis runs fastest, in the order in which the last one does. */
function transposed(data: DataArray["data"], shape: readonly number[]): DataArray["data"] {
  const source = data.slice();
  const strides = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const index = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < data.length; to++) {
    data[to] = source[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return data;
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
  const order = itemSize(dtype) === 1 ? "|" : "<";
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${order}${letters}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = MAGIC.length + 4;
  const end = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(end + data.byteLength);
  bytes.set(MAGIC);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, end - start, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(end - start - 1)}\n`), start);
  bytes.set(toBytes(data), end);
  return bytes;
}
