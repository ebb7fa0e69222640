/** Tensors with a row for each node, edge or graph. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";

/** Reshapes one number a row, `[n]`, so that it broadcasts against rows of the given rank. */
export function asColumn(perRow: Tensor, rank: number): Tensor {
  return tf.reshape(perRow, [perRow.shape[0]!, ...new Array<number>(rank - 1).fill(1)]);
}
