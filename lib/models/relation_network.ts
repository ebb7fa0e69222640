/** Relation networks. @module */
import type { Tree } from "../tree/mod.ts";
import { checkFunctions } from "./check.ts";
import type { AggregateFn, Model, TreeFn } from "./functions.ts";
import { graphNetwork } from "./graph_network.ts";

/** Options of {@linkcode relationNetwork}. */
export interface RelationNetworkOptions<E extends Tree = Tree, G extends Tree = Tree> {
  /** Relations from sender nodes and receiver nodes, a row per edge. */
  readonly updateEdgeFn: TreeFn<[sender: Tree, receiver: Tree], E>;
  /** Globals from the aggregated relations. */
  readonly updateGlobalFn: TreeFn<[relations: Tree], G>;
  /** The aggregation of relations in graphs; `segmentSum` by default. */
  readonly aggregateEdgesForGlobalsFn?: AggregateFn | null | undefined;
}

/**
 * A relation network (Santoro et al. 2017, "A simple neural network module for relational
 * reasoning", arXiv:1706.01427): globals from pairs of nodes. The relations become the graph's
 * edges.
 *
 * @param options The two update functions, and how relations are aggregated.
 * @returns A function of a graph to one with the same nodes.
 * @throws {TypeError} If an option is no function.
 *
 * @example The sum over all pairs of the product of their nodes
 * ```ts
 * import { getFullyConnectedGraph, relationNetwork } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = relationNetwork({
 *   updateEdgeFn: (sender: tf.Tensor, receiver: tf.Tensor) => tf.mul(sender, receiver),
 *   updateGlobalFn: (relations: tf.Tensor) => relations,
 * });
 * const { globals } = network(getFullyConnectedGraph(3, 1, [[1], [2], [3]]));
 * assertEquals(globals.arraySync(), [[36]]);
 * ```
 */
export function relationNetwork<E extends Tree, G extends Tree>(
  options: RelationNetworkOptions<E, G>,
): Model<never, E, G> {
  checkFunctions(options, "build a relation network", ["updateEdgeFn", "updateGlobalFn"]);
  const { updateEdgeFn, updateGlobalFn, aggregateEdgesForGlobalsFn } = options;
  return graphNetwork<never, E, G>({
    updateEdgeFn: (_edges, sender, receiver) => updateEdgeFn(sender, receiver),
    updateGlobalFn: (_nodes, relations) => updateGlobalFn(relations),
    aggregateEdgesForGlobalsFn: aggregateEdgesForGlobalsFn ?? null,
  });
}
