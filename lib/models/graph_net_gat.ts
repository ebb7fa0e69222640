/** Graph networks with attention. @module */
import { checkFunctions } from "./check.ts";
import type { AttentionLogitFn, AttentionReduceFn, Model, UpdateEdgeFn } from "./functions.ts";
import type { Tree } from "../tree/mod.ts";
import type { UpdateNodeFn } from "./functions.ts";
import { graphNetwork, type GraphNetworkOptions } from "./graph_network.ts";

/** Options of {@linkcode graphNetGAT}: those of `graphNetwork`, of which four must be given. */
export interface GraphNetGATOptions<
  N extends Tree = Tree,
  A extends Tree = Tree,
  G extends Tree = Tree,
> extends Omit<GraphNetworkOptions<N, Tree, G, A>, "attentionNormalizeFn"> {
  /** New edges from edges, sender nodes, receiver nodes and globals, a row per edge. */
  readonly updateEdgeFn: UpdateEdgeFn;
  /** New nodes from nodes, aggregates of sent and received edges, and globals per node. */
  readonly updateNodeFn: UpdateNodeFn<N>;
  /** Logits of the updated edges. */
  readonly attentionLogitFn: AttentionLogitFn;
  /** Edges from the updated edges and their weights. */
  readonly attentionReduceFn: AttentionReduceFn<A>;
}

/**
 * A graph network whose edges are weighed by attention over the edges that each node receives:
 * graph attention (Veličković et al. 2018, arXiv:1710.10903) in the form of a graph network, with
 * edge features and globals.
 *
 * @param options The functions of {@linkcode graphNetwork}, both attention functions included.
 * @returns A function of a graph to one of the same structure.
 * @throws {TypeError} If one of the four functions is missing, or an option is no function.
 *
 * @example Attention that is equal everywhere averages
 * ```ts
 * import { graphNetGAT, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = graphNetGAT({
 *   updateEdgeFn: (_edges: null, sender: tf.Tensor) => sender,
 *   updateNodeFn: (_nodes: tf.Tensor, _sent: tf.Tensor, received: tf.Tensor) => received,
 *   attentionLogitFn: (edges: tf.Tensor) => tf.zerosLike(edges),
 *   attentionReduceFn: (edges: tf.Tensor, weights: tf.Tensor) => tf.mul(edges, weights),
 * });
 * const { nodes } = network(
 *   graphsTuple({
 *     nodes: [[2], [4], [0]],
 *     senders: [0, 1],
 *     receivers: [2, 2],
 *     nNode: [3],
 *     nEdge: [2],
 *   }),
 * );
 * assertEquals(nodes.arraySync(), [[0], [0], [3]]);
 * ```
 */
export function graphNetGAT<N extends Tree, A extends Tree, G extends Tree = never>(
  options: GraphNetGATOptions<N, A, G>,
): Model<N, A, G> {
  const needed = ["updateEdgeFn", "updateNodeFn", "attentionLogitFn", "attentionReduceFn"] as const;
  checkFunctions(options, "build a graph attention network", needed);
  return graphNetwork<N, Tree, G, A>({ ...options, attentionNormalizeFn: null }) as Model<N, A, G>;
}
