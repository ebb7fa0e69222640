/** Uniform numbers. @module */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../tfjs/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";
import { bits } from "./bits.ts";
import { checkKey, checkShape } from "./check.ts";

/** Options of {@linkcode uniform}. */
export interface UniformOptions {
  /** The lower bound, included. */
  readonly minval?: number;
  /** The upper bound, excluded (but for rounding). */
  readonly maxval?: number;
}

/**
 * Draws float32 numbers from [minval, maxval).
 *
 * As `jax.random.uniform` on its CPU, bit for bit: 23 random bits an element, scaled and moved with
 * one rounding.
 *
 * @param key int32 `[2]`.
 * @param shape The shape of the result.
 * @returns float32 of the given shape.
 * @throws {TypeError} If `key` is no key or `shape` no array.
 * @throws {RangeError} If a size is negative, or `minval <= maxval` does not hold in float32 with a
 * finite difference.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const x = random.uniform(random.key(1), [100], { minval: -2, maxval: 3 });
 * assert(x.dataSync().every((value) => -2 <= value && value < 3));
 * ```
 */
export function uniform(
  key: Tensor,
  shape: readonly number[] = [],
  { minval = 0, maxval = 1 }: UniformOptions = {},
): Tensor {
  checkKey(key, "draw uniform numbers");
  checkShape(shape, "draw uniform numbers");
  if (typeof minval !== "number" || typeof maxval !== "number") {
    throw new TypeError(
      `Cannot draw uniform numbers as minval and maxval are numbers: minval is ` +
        `${describe(minval)}, maxval is ${describe(maxval)}`,
    );
  }
  const [low, high] = [Math.fround(minval), Math.fround(maxval)];
  const width = Math.fround(high - low);
  if (!(width >= 0 && width < Infinity)) {
    throw new RangeError(
      `Cannot draw uniform numbers as minval <= maxval and their difference must be finite in ` +
        `float32: minval is ${minval}, maxval is ${maxval}`,
    );
  }
  return tf.tidy(() => {
    const unit = bitsToUnitFloat(bits(key, shape));
    if (low === 0 && width === 1) return unit;
    const offset = tf.scalar(low);
    const moved = runKernel("FusedMultiplyAdd", {
      x: unit,
      scale: tf.scalar(width),
      offset,
    });
    return tf.maximum(moved, offset);
  });
}

function bitsToUnitFloat(x: Tensor): Tensor {
  return runKernel("BitsToUnitFloat", { x });
}
