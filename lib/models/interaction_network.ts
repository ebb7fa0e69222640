/** Interaction networks. @module */
import { numNodes } from "../graph/mod.ts";
import { segmentGather, segmentSum } from "../segment/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { checkFunctions } from "./check.ts";
import type { AggregateFn, Model, TreeFn } from "./functions.ts";
import { graphModel } from "./graph_model.ts";

/** Options of {@linkcode interactionNetwork}. */
export interface InteractionNetworkOptions<N extends Tree = Tree, E extends Tree = Tree> {
  /** New edges from edges, sender nodes and receiver nodes, a row per edge. */
  readonly updateEdgeFn: TreeFn<[edges: Tree, sender: Tree, receiver: Tree], E>;
  /**
   * New nodes from `(nodes, received)`, or from `(nodes, sent, received)` with
   * `includeSentMessagesInNodeUpdate`.
   */
  readonly updateNodeFn: TreeFn<[nodes: Tree, ...aggregates: Tree[]], N>;
  /** The aggregation of edges at nodes; `segmentSum` by default. */
  readonly aggregateEdgesForNodesFn?: AggregateFn | null | undefined;
  /** Whether nodes also see the edges that they sent; false by default. */
  readonly includeSentMessagesInNodeUpdate?: boolean | null | undefined;
}

/**
 * An interaction network (Battaglia et al. 2016, "Interaction networks for learning about objects,
 * relations and physics", arXiv:1612.00222): a graph network without globals.
 *
 * @param options The two update functions, and how edges are aggregated.
 * @returns A function of a graph to one of the same structure, as {@linkcode graphNetwork} gives.
 * @throws {TypeError} If an option is no function.
 *
 * @example Springs: the force on a node is the sum of its edges' pulls
 * ```ts
 * import { graphsTuple, interactionNetwork } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const springs = interactionNetwork({
 *   updateEdgeFn: (_edges, sender: tf.Tensor, receiver: tf.Tensor) => tf.sub(sender, receiver),
 *   updateNodeFn: (_nodes: tf.Tensor, force: tf.Tensor) => force,
 * });
 * const position = [[0], [3]];
 * const { nodes } = springs(
 *   graphsTuple({ nodes: position, senders: [0, 1], receivers: [1, 0], nNode: [2], nEdge: [2] }),
 * );
 * assertEquals(nodes.arraySync(), [[3], [-3]]);
 * ```
 */
export function interactionNetwork<N extends Tree, E extends Tree>(
  options: InteractionNetworkOptions<N, E>,
): Model<N, E> {
  checkFunctions(options, "build an interaction network", ["updateEdgeFn", "updateNodeFn"]);
  const { updateEdgeFn, updateNodeFn, includeSentMessagesInNodeUpdate: includeSent } = options;
  const aggregateFn = options.aggregateEdgesForNodesFn ?? segmentSum;
  return graphModel((graph) => {
    const N = numNodes(graph);
    const { senders, receivers } = graph;
    const nodesAt = (ids: Tensor): Tree => treeMap((v) => segmentGather(v, ids), graph.nodes);
    const edges = updateEdgeFn(graph.edges, nodesAt(senders), nodesAt(receivers)); // φᵉ
    const sumAt = (ids: Tensor): Tree => treeMap((e) => aggregateFn(e, ids, N), edges); // ρ
    const nodes = includeSent
      ? updateNodeFn(graph.nodes, sumAt(senders), sumAt(receivers)) // φᵛ
      : updateNodeFn(graph.nodes, sumAt(receivers));
    return { ...graph, nodes, edges };
  }) as Model<N, E>;
}
