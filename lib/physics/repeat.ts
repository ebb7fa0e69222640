/** Copies of a graph side by side: several frames of one graph at once. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";

/** Rows `[R, ...]` so many times, `[copies R, ...]`. */
export function repeatRows(x: Tensor, copies: number): Tensor {
  return tf.tile(x, [copies, ...x.shape.slice(1).map(() => 1)]);
}

/** Ids `[E]` of nodes so many times, each copy naming `numNodes` others: `[copies E]`. */
export function repeatIds(ids: Tensor, copies: number, numNodes: number): Tensor {
  return tf.tidy(() => {
    const offsets = tf.mul(tf.range(0, copies, 1, "int32"), tf.scalar(numNodes, "int32"));
    return tf.reshape(tf.add(tf.expandDims(offsets, 1), tf.expandDims(ids, 0)), [-1]);
  });
}
