/** Arrays as plain data: a shape and a typed array. @module */
import { type ArrayData, sizeOf } from "../lib/base/mod.ts";

/** The typed arrays that data sets use. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | BigUint64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array;

/**
 * An array as plain data. `tf.tensor(data, shape)` makes a tensor of it.
 *
 * @template T The class of its values.
 */
export interface DataArray<T extends TypedArray = TypedArray> extends ArrayData<T> {
  /** The size of each axis. */
  shape: number[];
  /** The values in row-major order. */
  data: T;
}

/** The dtypes of files, by the names of NumPy and TensorFlow; a bool is a byte. */
const ARRAY_TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bool: Uint8Array,
} as const satisfies Record<DType, unknown>;

/** The name of a dtype in files. */
export type DType =
  | "float32"
  | "float64"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "bool";

/** All names of dtypes. */
export const DTYPES = Object.keys(ARRAY_TYPES) as DType[];

/** Whether something is the name of a dtype. */
export function isDType(value: unknown): value is DType {
  return typeof value === "string" && Object.hasOwn(ARRAY_TYPES, value);
}

/** The dtype of some values. */
export function dtypeOf(values: TypedArray): DType {
  return DTYPES.find((dtype) => values instanceof ARRAY_TYPES[dtype])!;
}

/** Bytes of one value. */
export function itemSize(dtype: DType): number {
  return ARRAY_TYPES[dtype].BYTES_PER_ELEMENT;
}

/**
 * Little-endian bytes, given in one or several parts, as values; they are copied, and so aligned.
 */
export function fromBytes(parts: readonly Uint8Array[], dtype: DType): TypedArray {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    bytes.set(part, filled);
    filled += part.length;
  }
  return new ARRAY_TYPES[dtype](bytes.buffer);
}

/** The bytes of some values, as a view. */
export function toBytes({ buffer, byteOffset, byteLength }: TypedArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Turns values of a size round, from one order of bytes to the other, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** Values whose first axis runs fastest, in the order in which the last one does; in place. */
export function inRowMajor(data: TypedArray, shape: readonly number[]): TypedArray {
  // One row or column lies the same either way.
  if (shape.filter((size) => size !== 1).length < 2) return data;
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
