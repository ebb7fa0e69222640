/** Values that are constants to differentiation. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";

/**
 * Computes a tensor that gradients of any order take for a constant (`stop_gradient` elsewhere).
 *
 * Nothing that `compute` does is recorded on the tape, so it costs the backward pass nothing.
 */
export function withoutGradient<T extends Tensor>(compute: () => T): T {
  // A custom gradient of no inputs: its forward pass is off the tape, and no path leads into it.
  return tf.customGrad(() => ({ value: compute(), gradFunc: () => [] }))() as T;
}
