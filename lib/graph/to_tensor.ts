/** Tensors from what people have: nested arrays, typed arrays, plain records. @module */
import * as tf from "@tensorflow/tfjs";
import {
  describe,
  isTensor,
  type Tensor,
  type Tree,
  treeFlatten,
  type TreeOf,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";

/** Any typed array. */
export type AnyTypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Numbers or booleans in nested arrays, all rows of one length. */
export type NestedArray = number | boolean | AnyTypedArray | readonly NestedArray[];

/** An array as plain data, as the readers of data sets give it. */
export interface ArrayRecord {
  /** The size of each dimension. */
  readonly shape: readonly number[];
  /** The values in row-major order. */
  readonly data: AnyTypedArray;
}

/** What a tensor can be made from. */
export type AnyArray = Tensor | NestedArray | ArrayRecord;

/** A tree of what tensors can be made from. */
export type ArrayTree = TreeOf<AnyArray>;

const isTypedArray = (value: unknown): value is AnyTypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

function isNestedArray(value: unknown): value is NestedArray {
  return typeof value === "number" || typeof value === "boolean" || isTypedArray(value) ||
    Array.isArray(value) && value.every(isNestedArray);
}

function isArrayRecord(value: unknown): value is ArrayRecord {
  if (typeof value !== "object" || value === null) return false;
  const { shape, data, ...rest } = value as Record<string, unknown>;
  return Object.keys(rest).length === 0 && isTypedArray(data) && Array.isArray(shape);
}

/** Whether a value becomes one tensor, rather than being a nest of several. */
export function isAnyArray(value: unknown): value is AnyArray {
  return isTensor(value) || isNestedArray(value) || isArrayRecord(value);
}

/** In an array type that tfjs knows; it takes integers of one and four bytes and single floats. */
function toKnownType(data: AnyTypedArray): tf.TypedArray {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) {
    return toInt32(Array.from(data, Number));
  }
  if (data instanceof Float32Array || data instanceof Float64Array) return new Float32Array(data);
  return data instanceof Uint32Array ? toInt32(Array.from(data)) : new Int32Array(data);
}

function toInt32(values: readonly (number | boolean)[]): Int32Array {
  const wrong = values.findIndex((v) => (Number(v) | 0) !== Number(v));
  if (wrong < 0) return Int32Array.from(values, Number);
  throw new RangeError(
    `Cannot make an int32 tensor as its values must be whole and below 2^31: ` +
      `value ${wrong} is ${values[wrong]}`,
  );
}

function fromNested(value: NestedArray): Tensor {
  const known = (v: NestedArray): tf.TensorLike =>
    isTypedArray(v)
      ? toKnownType(v)
      : Array.isArray(v)
      ? v.map(known) as tf.TensorLike
      : v as number | boolean;
  return tf.tensor(known(value));
}

/**
 * Makes a tensor of an array; a tensor is returned as it is.
 *
 * @param name What errors call it.
 * @throws {TypeError} If the array is not rectangular, or has not the size of its shape.
 */
export function toTensor(value: AnyArray, name: string): Tensor {
  if (isTensor(value)) return value;
  try {
    if (!isArrayRecord(value)) return fromNested(value);
    return tf.tensor(toKnownType(value.data), [...value.shape]);
  } catch (error) {
    throw new TypeError(
      `Cannot make ${name} a tensor as an array must be rectangular: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/**
 * Makes an int32 tensor of indices or counts; a tensor is returned as it is.
 *
 * @throws {TypeError} If a tensor has another dtype.
 * @throws {RangeError} If a value is not a whole number below 2^31.
 */
export function toInt32Tensor(value: AnyArray, name: string): Tensor {
  if (isTensor(value)) {
    if (value.dtype === "int32") return value;
    throw new TypeError(
      `Cannot take ${name} as indices and counts must be int32: got ${describe(value)} ` +
        `(cast it with tf.cast(${name}, "int32"))`,
    );
  }
  const floating = toTensor(value, name);
  const flat = isArrayRecord(value)
    ? Array.from(value.data as Iterable<number | bigint>, Number)
    : flatten(value);
  return tf.tensor(toInt32(flat), floating.shape, "int32");
}

function flatten(value: NestedArray): number[] {
  if (Array.isArray(value)) return value.flatMap(flatten);
  return isTypedArray(value)
    ? Array.from(value as Iterable<number | bigint>, Number)
    : [Number(value)];
}

/**
 * Makes tensors of all leaves of a tree.
 *
 * @throws {TypeError} If a leaf is neither tensor nor array; its path is named.
 */
export function toTensorTree(tree: ArrayTree, name: string): Tree {
  const [leaves, treedef] = treeFlatten<AnyArray>(tree, isAnyArray);
  const paths = treePaths(tree, isAnyArray);
  const join = (path: string): string =>
    path === "" || path[0] === "[" ? name + path : `${name}.${path}`;
  return treeUnflatten(treedef, leaves.map((leaf, i) => toTensor(leaf, join(paths[i]!))));
}
