/** Tensors from what people have: nested arrays, typed arrays, plain records. @module */
import * as tf from "@tensorflow/tfjs";
import { sameShape } from "../base/mod.ts";
import {
  describe,
  formatShape,
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

/**
 * A tensor, or what becomes one. Numbers become float32, booleans bool, integers in typed arrays
 * int32.
 */
export type TensorLike = Tensor | NestedArray | ArrayRecord;

/** A tree whose leaves are tensors or become some. */
export type TensorLikeTree = TreeOf<TensorLike>;

/** What {@linkcode toTensorTree} makes of a tree: a tensor of what is one, or becomes one. */
export type TensorTreeOf<T extends TensorLikeTree> = Tree extends T ? Tree
  : T extends null | undefined ? null
  : T extends TensorLike ? Tensor
  : { readonly [K in keyof T]: T[K] extends TensorLikeTree ? TensorTreeOf<T[K]> : never };

type DType = "float32" | "int32" | "bool";

const DTYPES: readonly string[] = ["float32", "int32", "bool"] satisfies DType[];

const isTypedArray = (value: unknown): value is AnyTypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

function isNestedArray(value: unknown): value is NestedArray {
  return typeof value === "number" || typeof value === "boolean" || isTypedArray(value) ||
    // Array.from also visits holes, which every() would pass over.
    Array.isArray(value) && Array.from(value).every(isNestedArray);
}

function isArrayRecord(value: unknown): value is ArrayRecord {
  if (typeof value !== "object" || value === null) return false;
  const { shape, data, ...rest } = value as Record<string, unknown>;
  return Object.keys(rest).length === 0 && isTypedArray(data) && Array.isArray(shape);
}

/** Whether a value becomes one tensor, rather than being a nest of several. */
function isTensorLike(value: unknown): value is TensorLike {
  return isTensor(value) || isNestedArray(value) || isArrayRecord(value);
}

/** The shape of a nested array. tfjs would fill ragged rows up from the next one. */
function shapeOf(value: NestedArray, name: string): number[] {
  if (isTypedArray(value)) return [value.length];
  if (typeof value !== "object") return [];
  const shapes = value.map((row) => shapeOf(row, name));
  const odd = shapes.findIndex((shape) => !sameShape(shape, shapes[0]!));
  if (odd < 0) return [value.length, ...shapes[0] ?? []];
  throw new TypeError(
    `Cannot make ${name} a tensor as all rows must have one shape: row 0 is ` +
      `${formatShape(shapes[0]!)}, row ${odd} is ${formatShape(shapes[odd]!)}`,
  );
}

function dtypeOf(value: NestedArray): DType {
  if (isTypedArray(value)) return /^Float/.test(value.constructor.name) ? "float32" : "int32";
  if (typeof value === "object") return value.length > 0 ? dtypeOf(value[0]!) : "float32";
  return typeof value === "boolean" ? "bool" : "float32";
}

function flatten(value: NestedArray, name: string): number[] {
  if (isTypedArray(value)) return Array.from(value as Iterable<number | bigint>, Number);
  if (typeof value !== "object") return [Number(value)];
  const odd = value.findIndex((item) => typeof item !== typeof value[0]);
  if (odd >= 0) {
    throw new TypeError(
      `Cannot make ${name} a tensor as its values must be all numbers or all booleans: ` +
        `it has a ${typeof value[0]} and a ${typeof value[odd]} (value ${odd})`,
    );
  }
  return value.flatMap((item) => flatten(item, name));
}

/** Fails unless a tensor can be computed with. */
function checkTensor(tensor: Tensor, name: string): Tensor {
  if (tensor.isDisposed) {
    throw new TypeError(
      `Cannot use ${name} as it must be there still: it is disposed, ${describe(tensor)} ` +
        `(return it from the tf.tidy that made it, or tf.keep it)`,
    );
  }
  if (DTYPES.includes(tensor.dtype)) return tensor;
  throw new TypeError(
    `Cannot use ${name} as tensors must be ${DTYPES.join(", ")}: got ${describe(tensor)}`,
  );
}

/** The shape and values of what is no tensor. */
function toArray(value: unknown, name: string): { shape: readonly number[]; data: NestedArray } {
  if (isNestedArray(value)) return { shape: shapeOf(value, name), data: value };
  if (!isArrayRecord(value)) {
    throw new TypeError(
      `Cannot make ${name} a tensor as it must be one, numbers or booleans in arrays, or a record ` +
        `{shape, data}: got ${describe(value)}`,
    );
  }
  const wrong = value.shape.findIndex((size) => !Number.isInteger(size) || size < 0);
  if (wrong < 0) return value;
  throw new TypeError(
    `Cannot make ${name} a tensor as sizes must be whole and 0 or more: its shape is ` +
      formatShape(value.shape),
  );
}

function toInt32(values: readonly number[], name: string): Int32Array {
  const wrong = values.findIndex((v) => (v | 0) !== v);
  if (wrong < 0) return Int32Array.from(values);
  throw new RangeError(
    `Cannot make ${name} an int32 tensor as its values must be whole and below 2^31: ` +
      `value ${wrong} is ${values[wrong]}`,
  );
}

/**
 * Makes a tensor of an array; a tensor is returned as it is.
 *
 * @param name What errors call it.
 * @param dtype The dtype of an array's tensor; by default the array's own.
 * @throws {TypeError} If it is neither tensor nor array, has no dtype to compute with, rows differ in
 * shape, or a record has not the size of its shape.
 * @throws {RangeError} If a value does not fit into int32.
 */
export function toTensor(value: TensorLike, name: string, dtype?: DType): Tensor {
  if (isTensor(value)) return checkTensor(value, name);
  const { shape, data } = toArray(value, name);
  const size = tf.util.sizeFromShape([...shape]);
  const own = dtypeOf(data);
  if (dtype === "int32" && own === "bool") {
    throw new TypeError(
      `Cannot take ${name} as indices and counts must be numbers: got booleans (cast a mask with ` +
        `tf.cast(mask, "int32"))`,
    );
  }
  const type = dtype ?? own;
  // A typed array of tfjs's own is copied once, without a detour over numbers.
  const exact = type === "float32" && data instanceof Float32Array ||
    type === "int32" && data instanceof Int32Array;
  const values = exact ? data.slice() : flatten(data, name);
  if (values.length !== size) {
    throw new TypeError(
      `Cannot make ${name} a tensor as it must have the size of its shape: ` +
        `${formatShape(shape)} has ${size} values, got ${values.length}`,
    );
  }
  const known = exact || type !== "int32" ? values : toInt32(values as number[], name);
  return tf.tensor(known as tf.TensorLike, [...shape], type);
}

/**
 * Makes an int32 tensor of indices or counts; a tensor is returned as it is.
 *
 * @throws {TypeError} If a tensor has another dtype.
 * @throws {RangeError} If a value is not a whole number below 2^31.
 */
export function toInt32Tensor(value: TensorLike, name: string): Tensor {
  const tensor = toTensor(value, name, "int32");
  if (tensor.dtype === "int32") return tensor;
  throw new TypeError(
    `Cannot take ${name} as indices and counts must be int32: got ${describe(tensor)} ` +
      `(cast it with tf.cast(${name}, "int32"))`,
  );
}

/**
 * Makes tensors of all leaves of a tree.
 *
 * @throws {TypeError} If a leaf is neither tensor nor array; its path is named.
 */
export function toTensorTree(tree: TensorLikeTree, name: string): Tree {
  // Below its name, so that errors of the tree itself say it too.
  const named = { [name]: tree };
  const [leaves, treedef] = treeFlatten<TensorLike>(named, isTensorLike);
  const paths = treePaths(named, isTensorLike);
  const tensors = leaves.map((leaf, i) => toTensor(leaf, paths[i]!));
  return (treeUnflatten(treedef, tensors) as Record<string, Tree>)[name];
}
