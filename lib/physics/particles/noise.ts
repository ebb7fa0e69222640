/** Noise on the way of particles: a random walk in velocity. @module */
import { describe, type Tensor } from "../../tree/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { normal } from "../../random/mod.ts";

/**
 * Noise for windows of positions, as GNS adds it in training (`noise_utils.py`).
 *
 * The noise of the velocity is a random walk: each step adds a normal number of deviation
 * `scale / √steps`, so that the last velocity has a noise of deviation `scale`. The noise of the
 * position is the sum of that, and none in the first frame. Where `mask` is 0 there is none.
 *
 * @param key A key of `random`, int32 `[2]`.
 * @param shape `[N, W, D]`: windows of W positions.
 * @param mask float32 or bool `[N]`: the particles that get noise (in GNS, all but kinematic ones).
 * @param scale The deviation of the last velocity's noise; 6.7e-4 in GNS.
 * @returns The noise of positions, float32 `[N, W, D]`.
 * @throws {RangeError} If the scale is negative, or a window has fewer than two positions.
 *
 * @example
 * ```ts
 * import { random, randomWalkNoise } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const noise = randomWalkNoise(random.key(0), [2, 6, 3], tf.tensor1d([1, 0]), 6.7e-4);
 * const [moved, still] = noise.arraySync() as number[][][];
 * assertEquals(moved![0], [0, 0, 0]);
 * assertEquals(still![5]!.every((x) => x === 0), true);
 * ```
 */
export function randomWalkNoise(
  key: Tensor,
  shape: readonly [particles: number, frames: number, dimension: number],
  mask: Tensor,
  scale: number,
): Tensor {
  const [count, frames, dimension] = shape;
  if (!(Number.isFinite(scale) && scale >= 0 && frames >= 2)) {
    throw new RangeError(
      `Cannot add noise as its scale is not negative and a window has two positions or more: scale ` +
        `is ${describe(scale)}, the window has ${describe(frames)}`,
    );
  }
  return tf.tidy(() => {
    const steps = frames - 1;
    const each = tf.mul(normal(key, [count, steps, dimension]), scale / Math.sqrt(steps));
    const velocity = tf.cumsum(each, 1);
    const position = tf.pad(tf.cumsum(velocity, 1), [[0, 0], [1, 0], [0, 0]]);
    return tf.mul(position, tf.reshape(tf.cast(mask, "float32"), [count, 1, 1]));
  });
}
