/** Interaction networks. @module */
import type { Tree } from "../tree/mod.ts";
import type { AggregateFn, GraphFn, TreeFn } from "./functions.ts";
import { graphNetwork } from "./graph_network.ts";

/** Options of {@linkcode interactionNetwork}. */
export interface InteractionNetworkOptions {
  /** New edges from edges, sender nodes and receiver nodes, a row per edge. */
  readonly updateEdgeFn: TreeFn<[edges: Tree, sender: Tree, receiver: Tree]>;
  /**
   * New nodes from `(nodes, received)`, or from `(nodes, sent, received)` with
   * `includeSentMessagesInNodeUpdate`.
   */
  readonly updateNodeFn: TreeFn<[nodes: Tree, ...aggregates: Tree[]]>;
  /** The aggregation of edges at nodes; `segmentSum` by default. */
  readonly aggregateEdgesForNodesFn?: AggregateFn | null;
  /** Whether nodes also see the edges that they sent; false by default. */
  readonly includeSentMessagesInNodeUpdate?: boolean | null;
}

/**
 * An interaction network (Battaglia et al. 2016, "Interaction networks for learning about objects,
 * relations and physics", arXiv:1612.00222): a graph network without globals.
 *
 * @param options The two update functions, and how edges are aggregated.
 * @returns A function of a graph to one of the same structure, as {@linkcode graphNetwork} gives.
 *
 * @example Springs: the force on a node is the sum of its edges' pulls
 * ```ts
 * import { graphsTuple, interactionNetwork } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const springs = interactionNetwork({
 *   updateEdgeFn: (_edges, sender: tf.Tensor, receiver: tf.Tensor) => tf.sub(sender, receiver),
 *   updateNodeFn: (_nodes, force) => force,
 * });
 * const position = [[0], [3]];
 * const { nodes } = springs(
 *   graphsTuple({ nodes: position, senders: [0, 1], receivers: [1, 0], nNode: [2], nEdge: [2] }),
 * );
 * assertEquals((nodes as tf.Tensor).arraySync(), [[3], [-3]]);
 * ```
 */
export function interactionNetwork(options: InteractionNetworkOptions): GraphFn {
  const { updateEdgeFn, updateNodeFn, aggregateEdgesForNodesFn } = options;
  return graphNetwork({
    updateEdgeFn: (edges, sender, receiver) => updateEdgeFn(edges, sender, receiver),
    updateNodeFn: options.includeSentMessagesInNodeUpdate
      ? (nodes, sent, received) => updateNodeFn(nodes, sent, received)
      : (nodes, _sent, received) => updateNodeFn(nodes, received),
    aggregateEdgesForNodesFn: aggregateEdgesForNodesFn ?? null,
  });
}
