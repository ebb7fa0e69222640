/** Coin flips. @module */
import * as tf from "@tensorflow/tfjs";
import { describe, formatShape, isTensor, type Tensor } from "../tree/mod.ts";
import { checkAlive, checkKey, checkShape } from "./check.ts";
import { uniform } from "./uniform.ts";

/**
 * Draws booleans that are true with probability p.
 *
 * As `jax.random.bernoulli`, bit for bit.
 *
 * @param key int32 `[2]`.
 * @param p The probability of true, in [0, 1]: a number, or a float32 tensor that broadcasts to
 * `shape` (its values are not checked, as they may not be known yet).
 * @param shape The shape of the result; by default that of `p`.
 * @returns bool of the given shape.
 * @throws {TypeError} If `key` is no key, `shape` no array, or `p` of another dtype or of a shape
 * that does not broadcast to `shape`.
 * @throws {RangeError} If the number `p` is outside [0, 1], or a size is negative.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...random.bernoulli(random.key(0), 1, [4]).dataSync()], [1, 1, 1, 1]);
 * ```
 */
export function bernoulli(
  key: Tensor,
  p: number | Tensor = 0.5,
  shape: readonly number[] = isTensor(p) ? p.shape : [],
): Tensor {
  checkKey(key, "flip coins");
  checkShape(shape, "flip coins");
  checkProbability(p, shape);
  return tf.tidy(() => tf.less(uniform(key, shape), isTensor(p) ? p : tf.scalar(p)));
}

function checkProbability(p: unknown, shape: readonly number[]): void {
  if (isTensor(p)) checkAlive(p, "flip coins", "p");
  if (typeof p === "number") {
    if (p >= 0 && p <= 1) return;
    throw new RangeError(`Cannot flip coins as p is a probability in [0, 1]: got ${p}`);
  }
  if (!isTensor(p) || p.dtype !== "float32") {
    throw new TypeError(
      `Cannot flip coins as p is a number or a float32 tensor: got ${describe(p)}`,
    );
  }
  const lead = shape.length - p.rank;
  if (lead >= 0 && p.shape.every((size, i) => size === 1 || size === shape[lead + i])) return;
  throw new TypeError(
    `Cannot flip coins as p must broadcast to the shape: p is ${describe(p)}, the shape is ` +
      formatShape(shape),
  );
}
