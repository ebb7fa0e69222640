/** From what a network predicts to the next frame, and back. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";

/** How a predicted change moves a field on by one frame; time is counted in frames. */
export interface Integrator {
  /** The change that leads from the current frame (and the one before) to the next. */
  target(next: Tensor, current: Tensor, previous: Tensor): Tensor;
  /** The next frame; undoes {@linkcode target}. */
  step(change: Tensor, current: Tensor, previous: Tensor): Tensor;
}

/**
 * First order, for velocities of a flow: `v' = v + dv`. The previous frame is not looked at.
 *
 * @example
 * ```ts
 * import { firstOrder } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [v, dv] = [tf.tensor1d([1, 2]), tf.tensor1d([0.5, -2])];
 * assertEquals([...firstOrder.step(dv, v, v).dataSync()], [1.5, 0]);
 * ```
 */
export const firstOrder: Integrator = {
  target: (next, current) => tf.sub(next, current),
  step: (change, current) => tf.add(current, change),
};

/**
 * Second order, for positions of a cloth: `x' = 2x + a - x₋₁`, with the velocity as the difference
 * of two frames.
 *
 * @example
 * ```ts
 * import { secondOrder } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [previous, current, a] = [tf.scalar(1), tf.scalar(3), tf.scalar(0.5)];
 * assertEquals(secondOrder.step(a, current, previous).dataSync()[0], 5.5);
 * ```
 */
export const secondOrder: Integrator = {
  target: (next, current, previous) =>
    tf.tidy(() => tf.add(tf.sub(next, tf.mul(current, 2)), previous)),
  step: (change, current, previous) =>
    tf.tidy(() => tf.sub(tf.add(tf.mul(current, 2), change), previous)),
};
