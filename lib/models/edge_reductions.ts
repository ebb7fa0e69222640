/**
 * How models reduce over edges: over those that are here, or those of all devices that share them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { segmentSoftmax, segmentSum } from "../segment/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import type { AggregateFn, AttentionNormalizeFn } from "./functions.ts";

/** Reductions over the edges of a graph. */
export interface EdgeReductions {
  readonly sum: AggregateFn;
  readonly softmax: AttentionNormalizeFn;
  /**
   * The nodes that have a loop added here, int32 `[N]`; -1 in the place of one that is added
   * elsewhere.
   */
  loops(numNodes: number): Tensor;
}

/** Over the edges of one device, which are all. */
export const ALL_EDGES: EdgeReductions = {
  sum: segmentSum,
  softmax: segmentSoftmax,
  loops: (numNodes) => tf.range(0, numNodes, 1, "int32"),
};
