/**
 * The tensor type under this project's own name, and how shapes and tensors are printed in errors.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { formatShape } from "../base/mod.ts";

/** A TensorFlow.js tensor: `shape`, `dtype` and data that may still be pending on an engine. */
export type Tensor = tf.Tensor;

/**
 * Whether a value is a tensor, of any shape (a `tf.Variable` is one too).
 *
 * @example
 * ```ts
 * import { isTensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * assertEquals([tf.scalar(1), [1, 2], null].map(isTensor), [true, false, false]);
 * ```
 */
export function isTensor(value: unknown): value is Tensor {
  return value instanceof tf.Tensor;
}

/** Prints what an error needs of a value: `float32 [3, 2]` for a tensor, its type otherwise. */
export function describe(value: unknown): string {
  if (isTensor(value)) return `${value.dtype} ${formatShape(value.shape)}`;
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object") {
    const name = value.constructor?.name ?? "Object";
    return name === "Object"
      ? `an object with keys {${Object.keys(value).sort().join(", ")}}`
      : name;
  }
  return typeof value === "function" ? "a function" : `${typeof value} ${String(value)}`;
}
