/** Graph networks with attention. @module */
import type { AttentionLogitFn, AttentionReduceFn, GraphFn, UpdateEdgeFn } from "./functions.ts";
import type { UpdateNodeFn } from "./functions.ts";
import { graphNetwork, type GraphNetworkOptions } from "./graph_network.ts";

/** Options of {@linkcode graphNetGAT}: those of `graphNetwork`, of which four must be given. */
export interface GraphNetGATOptions extends Omit<GraphNetworkOptions, "attentionNormalizeFn"> {
  /** New edges from edges, sender nodes, receiver nodes and globals, a row per edge. */
  readonly updateEdgeFn: UpdateEdgeFn;
  /** New nodes from nodes, aggregates of sent and received edges, and globals per node. */
  readonly updateNodeFn: UpdateNodeFn;
  /** Logits of the updated edges. */
  readonly attentionLogitFn: AttentionLogitFn;
  /** Edges from the updated edges and their weights. */
  readonly attentionReduceFn: AttentionReduceFn;
}

/**
 * A graph network whose edges are weighed by attention over the edges that each node receives: graph
 * attention (Veličković et al. 2018, arXiv:1710.10903) in the form of a graph network, with edge
 * features and globals.
 *
 * @param options The functions of {@linkcode graphNetwork}, both attention functions included.
 * @returns A function of a graph to one of the same structure.
 * @throws {TypeError} If an attention function is missing.
 *
 * @example Attention that is equal everywhere averages
 * ```ts
 * import { graphNetGAT, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = graphNetGAT({
 *   updateEdgeFn: (_edges, sender) => sender,
 *   updateNodeFn: (_nodes, _sent, received) => received,
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
 * assertEquals((nodes as tf.Tensor).arraySync(), [[0], [0], [3]]);
 * ```
 */
export function graphNetGAT(options: GraphNetGATOptions): GraphFn {
  for (const name of ["attentionLogitFn", "attentionReduceFn"] as const) {
    if (options[name]) continue;
    throw new TypeError(
      `Cannot build a graph attention network as it needs both attention functions: ` +
        `${name} is missing (graphNetwork() works without)`,
    );
  }
  return graphNetwork({ ...options, attentionNormalizeFn: null });
}
