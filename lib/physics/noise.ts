/** Noise that teaches a simulator to mend its own errors. @module */
import { sameShape } from "../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { normal } from "../random/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";

/** Options of {@linkcode frameNoise}. */
export interface FrameNoiseOptions {
  /** The standard deviation, in the units of the field. */
  readonly scale: number;
  /** How much of the noise the target mends: 1, the default, all of it; 0 none. */
  readonly gamma?: number;
}

/** A frame and what is to follow, both with noise. */
export interface NoisyFrame {
  /** `[N, D]`. */
  readonly current: Tensor;
  /** `[N, D]`. */
  readonly next: Tensor;
}

/**
 * Adds normal noise to a frame, as MeshGraphNets does in training (`dataset.py`).
 *
 * A rollout feeds a network its own errors; frames with noise, whose next frame is without, show it
 * what to do about them. `current` moves by the noise and `next` by `(1 - gamma)` times the noise,
 * so the change between them asks for `gamma` times the noise back.
 *
 * @param key A key of `random`, int32 `[2]`.
 * @param frame `current` and `next`, float32 `[N, D]` each.
 * @param mask float32 or bool `[N]`: the nodes that get noise (in MeshGraphNets, the NORMAL ones).
 * @param options The scale (MeshGraphNets: 0.02 for velocities, 0.003 for positions of a cloth) and
 * gamma (1 and 0.1).
 * @returns The frame with noise.
 * @throws {RangeError} If the scale is negative, or gamma outside [0, 1].
 * @throws {TypeError} If the shapes do not fit.
 *
 * @example
 * ```ts
 * import { frameNoise, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const frame = { current: tf.zeros([2, 1]), next: tf.ones([2, 1]) };
 * const noisy = frameNoise(random.key(0), frame, tf.tensor1d([0, 1]), { scale: 0.02 });
 * assertEquals(noisy.current.dataSync()[0], 0);
 * assertEquals([...noisy.next.dataSync()], [1, 1]);
 * ```
 */
export function frameNoise(
  key: Tensor,
  frame: NoisyFrame,
  mask: Tensor,
  { scale, gamma = 1 }: FrameNoiseOptions,
): NoisyFrame {
  const { current, next } = frame;
  if (
    !(Number.isFinite(scale) && Number.isFinite(gamma) && scale >= 0 && gamma >= 0 && gamma <= 1)
  ) {
    throw new RangeError(
      `Cannot add noise as its scale is not negative and gamma in [0, 1]: scale is ` +
        `${String(scale)}, gamma is ${String(gamma)}`,
    );
  }
  const fits = current.rank === 2 && sameShape(next.shape, current.shape) &&
    mask.rank === 1 && mask.shape[0] === current.shape[0];
  if (!fits) {
    throw new TypeError(
      `Cannot add noise as a frame is two fields [N, D] and a mask [N]: current is ` +
        `${describe(current)}, next is ${describe(next)}, the mask is ${describe(mask)}`,
    );
  }
  return tf.tidy(() => {
    const weights = tf.mul(tf.expandDims(tf.cast(mask, "float32"), 1), scale);
    const noise = tf.mul(normal(key, current.shape), weights);
    return {
      current: tf.add(current, noise),
      next: gamma === 1 ? tf.clone(next) : tf.add(next, tf.mul(noise, 1 - gamma)),
    };
  });
}
