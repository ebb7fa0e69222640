/** The number types of mesh files. @module */
import type { TypedArray } from "../array.ts";

/** Arrays of numbers, which big integers are not. */
export type NumberArray = Exclude<TypedArray, BigInt64Array | BigUint64Array>;

/** A type of numbers: how one is read, and the array that holds many. */
export interface ScalarType {
  /** Bytes of one. */
  readonly size: number;
  readonly isInteger: boolean;
  /** The least and greatest that it can be; whole numbers beyond 2^53 are refused everywhere. */
  readonly min: number;
  readonly max: number;
  read(view: DataView, at: number, littleEndian: boolean): number;
  make(length: number): NumberArray;
}

/** The names of the types, as in NumPy. */
export type ScalarName = keyof typeof SCALARS;

function integer(
  size: number,
  isSigned: boolean,
  read: ScalarType["read"],
  make: ScalarType["make"],
): ScalarType {
  const max = Math.min(2 ** (8 * size - (isSigned ? 1 : 0)) - 1, Number.MAX_SAFE_INTEGER);
  const min = isSigned ? Math.max(-max - 1, Number.MIN_SAFE_INTEGER) : 0;
  return { size, isInteger: true, min, max, read, make };
}

const FLOAT = { isInteger: false, min: -Infinity, max: Infinity };

/**
 * All types. Integers of more than 31 bits become float64, in which they are exact up to 2^53, as
 * neither tfjs nor JavaScript's arithmetic takes big integers.
 */
export const SCALARS = {
  int8: integer(1, true, (view, at) => view.getInt8(at), (n) => new Int8Array(n)),
  uint8: integer(1, false, (view, at) => view.getUint8(at), (n) => new Uint8Array(n)),
  int16: integer(2, true, (view, at, le) => view.getInt16(at, le), (n) => new Int16Array(n)),
  uint16: integer(2, false, (view, at, le) => view.getUint16(at, le), (n) => new Uint16Array(n)),
  int32: integer(4, true, (view, at, le) => view.getInt32(at, le), (n) => new Int32Array(n)),
  uint32: integer(4, false, (view, at, le) => view.getUint32(at, le), (n) => new Float64Array(n)),
  int64: integer(
    8,
    true,
    (view, at, le) => Number(view.getBigInt64(at, le)),
    (n) => new Float64Array(n),
  ),
  uint64: integer(
    8,
    false,
    (view, at, le) => Number(view.getBigUint64(at, le)),
    (n) => new Float64Array(n),
  ),
  float32: {
    ...FLOAT,
    size: 4,
    read: (view, at, le) => view.getFloat32(at, le),
    make: (n) => new Float32Array(n),
  },
  float64: {
    ...FLOAT,
    size: 8,
    read: (view, at, le) => view.getFloat64(at, le),
    make: (n) => new Float64Array(n),
  },
} as const satisfies Record<string, ScalarType>;
