/** Relation networks. @module */
import type { Tree } from "../tree/mod.ts";
import type { AggregateFn, GraphFn, TreeFn } from "./functions.ts";
import { graphNetwork } from "./graph_network.ts";

/** Options of {@linkcode relationNetwork}. */
export interface RelationNetworkOptions {
  /** Relations from sender nodes and receiver nodes, a row per edge. */
  readonly updateEdgeFn: TreeFn<[sender: Tree, receiver: Tree]>;
  /** Globals from the aggregated relations. */
  readonly updateGlobalFn: TreeFn<[relations: Tree]>;
  /** The aggregation of relations in graphs; `segmentSum` by default. */
  readonly aggregateEdgesForGlobalsFn?: AggregateFn | null;
}

/**
 * A relation network (Santoro et al. 2017, "A simple neural network module for relational
 * reasoning", arXiv:1706.01427): globals from pairs of nodes. The relations become the graph's edges.
 *
 * @param options The two update functions, and how relations are aggregated.
 * @returns A function of a graph to one with the same nodes.
 *
 * @example The sum over all pairs of the product of their nodes
 * ```ts
 * import { getFullyConnectedGraph, relationNetwork } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = relationNetwork({
 *   updateEdgeFn: (sender: tf.Tensor, receiver: tf.Tensor) => tf.mul(sender, receiver),
 *   updateGlobalFn: (relations) => relations,
 * });
 * const { globals } = network(getFullyConnectedGraph(3, 1, [[1], [2], [3]]));
 * assertEquals((globals as tf.Tensor).arraySync(), [[36]]);
 * ```
 */
export function relationNetwork(options: RelationNetworkOptions): GraphFn {
  const { updateEdgeFn, updateGlobalFn, aggregateEdgesForGlobalsFn } = options;
  return graphNetwork({
    updateEdgeFn: (_edges, sender, receiver) => updateEdgeFn(sender, receiver),
    updateGlobalFn: (_nodes, relations) => updateGlobalFn(relations),
    aggregateEdgesForGlobalsFn: aggregateEdgesForGlobalsFn ?? null,
  });
}
