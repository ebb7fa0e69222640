/** What a trajectory prescribes. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";

/**
 * The frame after `frame`, or the last one: how rollouts go on beyond the end of a trajectory.
 *
 * @param frames `[T, ...]`.
 * @param frame int32 `[]`.
 * @returns `[...]`.
 */
export function frameAfter(frames: Tensor, frame: Tensor): Tensor {
  const last = tf.scalar(frames.shape[0]! - 1, "int32");
  return tf.gather(frames, tf.minimum(tf.add(frame, tf.scalar(1, "int32")), last));
}
