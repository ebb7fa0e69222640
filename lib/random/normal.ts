/** Normal numbers. @module */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../tfjs/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { checkFloat32, checkKey, checkShape } from "./check.ts";
import { uniform } from "./uniform.ts";

/** The float32 next to -1 towards 0: at -1 itself the inverse error function is -Infinity. */
const ABOVE_MINUS_ONE = -1 + 2 ** -24;

/**
 * Draws float32 numbers from the normal distribution of mean 0 and variance 1.
 *
 * As `jax.random.normal`, within 2 units in the last place: √2 erf⁻¹(u) of uniform u in (-1, 1).
 *
 * @param key int32 `[2]`.
 * @param shape The shape of the result.
 * @param dtype Only `"float32"`.
 * @returns float32 of the given shape.
 * @throws {TypeError} If `key` is no key, `shape` no array, or `dtype` another.
 * @throws {RangeError} If a size is negative or not an integer.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const noise = random.normal(random.key(0), [2, 3]);
 * assertEquals(noise.shape, [2, 3]);
 * assertEquals(noise.dtype, "float32");
 * ```
 */
export function normal(
  key: Tensor,
  shape: readonly number[] = [],
  dtype: "float32" = "float32",
): Tensor {
  checkKey(key, "draw normal numbers");
  checkShape(shape, "draw normal numbers");
  checkFloat32(dtype, "draw normal numbers");
  return tf.tidy(() => {
    const x = uniform(key, shape, { minval: ABOVE_MINUS_ONE, maxval: 1 });
    return tf.mul(runKernel("ErfInv", { x }), tf.scalar(Math.SQRT2));
  });
}
