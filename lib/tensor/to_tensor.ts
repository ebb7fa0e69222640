/** Tensors from what people have: nested arrays, typed arrays, plain records. @module */
import * as tf from "@tensorflow/tfjs";
import {
  type AnyTypedArray,
  type ArrayData,
  flattenNested,
  isNestedArray,
  isTypedArray,
  type NestedArray,
  shapeOfNested,
} from "../base/mod.ts";
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

export type { AnyTypedArray, ArrayData, NestedArray };

/** An array as plain data, as the readers of data sets give it. */
export type ArrayRecord = ArrayData<AnyTypedArray>;

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

function isArrayRecord(value: unknown): value is ArrayRecord {
  if (typeof value !== "object" || value === null) return false;
  const { shape, data, ...rest } = value as Record<string, unknown>;
  return Object.keys(rest).length === 0 && isTypedArray(data) && Array.isArray(shape);
}

/** Whether a value becomes one tensor, rather than being a nest of several. */
function isTensorLike(value: unknown): value is TensorLike {
  return isTensor(value) || isNestedArray(value) || isArrayRecord(value);
}

function dtypeOf(value: NestedArray): DType {
  if (isTypedArray(value)) return /^Float/.test(value.constructor.name) ? "float32" : "int32";
  if (typeof value === "object") return value.length > 0 ? dtypeOf(value[0]!) : "float32";
  return typeof value === "boolean" ? "bool" : "float32";
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

/** What errors say cannot be done. */
const making = (name: string): string => `make ${name} a tensor`;

/** The shape and values of what is no tensor. */
function toArray(value: unknown, name: string): ArrayData<NestedArray> {
  // tfjs would fill ragged rows up from the next one.
  if (isNestedArray(value)) return { shape: shapeOfNested(value, making(name)), data: value };
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
 * @throws {TypeError} If it is neither tensor nor array, has no dtype to compute with, rows differ
 * in shape, or a record has not the size of its shape.
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
  const values = exact ? data.slice() : flattenNested(data, making(name));
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
