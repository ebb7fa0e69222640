/** Graph attention networks. @module */
import * as tf from "@tensorflow/tfjs";
import { numNodes } from "../graph/mod.ts";
import { segmentGather } from "../segment/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { checkFunctions } from "./check.ts";
import { ALL_EDGES, type EdgeReductions } from "./edge_reductions.ts";
import { graphModel } from "./graph_model.ts";
import type { GraphFn, MapFn, Model, TreeFn, Updated } from "./functions.ts";

/** Options of {@linkcode gat}. */
export interface GATOptions<Q extends Tree = Tree, N extends Tree = Tree> {
  /** Queries from nodes, such as `[N, heads, F]`. */
  readonly attentionQueryFn: MapFn<Q>;
  /** Logits, such as `[E, heads, 1]`, from sender queries, receiver queries and edges. */
  readonly attentionLogitFn: TreeFn<[senderQueries: Tree, receiverQueries: Tree, edges: Tree]>;
  /** New nodes from attended queries; by default leaky ReLU (slope 0.01), then heads joined. */
  readonly nodeUpdateFn?: MapFn<N> | null | undefined;
}

/** JAX's leaky ReLU: unlike tfjs's its slope at 0, where a node that receives nothing is, is 1. */
function leakyRelu(x: Tensor): Tensor {
  return tf.where(tf.greaterEqual(x, 0), x, tf.mul(x, 0.01));
}

function joinHeads(attended: Tree): Tree {
  // The width in numbers: from no nodes, reshape could not infer it.
  const width = (x: Tensor): number => tf.util.sizeFromShape(x.shape.slice(1));
  return treeMap((x) => tf.reshape(leakyRelu(x), [x.shape[0]!, width(x)]), attended);
}

/**
 * A graph attention network layer (Veličković et al. 2018, "Graph attention networks",
 * arXiv:1710.10903): each node receives its neighbours' queries, weighed by a softmax over its
 * incoming edges. Add self edges for a node to attend to itself; a node that receives nothing gets
 * 0.
 *
 * @param options The query, logit and update functions. Queries may be a tree; logits are then a
 * tree of the same structure.
 * @returns A function of a graph to one with other nodes. Calling it throws {TypeError} if nodes is
 * null.
 * @throws {TypeError} If an option is no function.
 *
 * @example One head whose logits are all equal averages
 * ```ts
 * import { gat, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const layer = gat({
 *   attentionQueryFn: (nodes: tf.Tensor) => nodes,
 *   attentionLogitFn: (sender: tf.Tensor) => tf.zerosLike(sender),
 * });
 * const { nodes } = layer(
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
export function gat<Q extends Tree, N extends Tree = never>(
  options: GATOptions<Q, N>,
): Model<Updated<N, Q>> {
  return gatOver(options, ALL_EDGES) as Model<Updated<N, Q>>;
}

/** The same over edges that may be split over devices. */
export function gatOver(options: GATOptions, over: EdgeReductions): GraphFn {
  checkFunctions(options, "build a graph attention layer", [
    "attentionQueryFn",
    "attentionLogitFn",
  ]);
  const { attentionQueryFn, attentionLogitFn } = options;
  const nodeUpdateFn = options.nodeUpdateFn ?? joinHeads;
  return graphModel((graph) => {
    const N = numNodes(graph);
    const { nodes, edges, senders, receivers } = graph;
    const queries = attentionQueryFn(nodes);
    const sender = treeMap((q) => segmentGather(q, senders), queries);
    const receiver = treeMap((q) => segmentGather(q, receivers), queries);
    const logits = attentionLogitFn(sender, receiver, edges);
    const weights = treeMap((x) => over.softmax(x, receivers, N), logits);
    const messages = treeMap((q, w) => tf.mul(q, w!), sender, weights);
    const attended = treeMap((m) => over.sum(m, receivers, N), messages);
    return { ...graph, nodes: nodeUpdateFn(attended) };
  });
}
