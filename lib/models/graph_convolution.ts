/** Graph convolutions. @module */
import * as tf from "@tensorflow/tfjs";
import { numNodes } from "../graph/mod.ts";
import { segmentGather } from "../segment/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { checkFunctions } from "./check.ts";
import { ALL_EDGES, type EdgeReductions } from "./edge_reductions.ts";
import { graphModel } from "./graph_model.ts";
import type { AggregateFn, GraphFn, MapFn, Model } from "./functions.ts";

/** Options of {@linkcode graphConvolution}. */
export interface GraphConvolutionOptions<N extends Tree = Tree> {
  /** New nodes from nodes, before they are sent. */
  readonly updateNodeFn: MapFn<N>;
  /** The aggregation at the receiver; `segmentSum` by default. */
  readonly aggregateNodesFn?: AggregateFn | null | undefined;
  /**
   * Whether each node also sends to itself (in addition to loops that it has); false by default.
   */
  readonly addSelfEdges?: boolean | null | undefined;
  /** Whether to divide by the square roots of both degrees; true by default. */
  readonly symmetricNormalization?: boolean | null | undefined;
}

/** Divides each row by the square root of its node's degree (at least 1). */
function normalize(nodes: Tensor, indices: Tensor, over: EdgeReductions): Tensor {
  const degree = over.sum(tf.ones(indices.shape), indices, nodes.shape[0]!);
  const perRow = [nodes.shape[0]!, ...nodes.shape.slice(1).fill(1)];
  return tf.mul(nodes, tf.reshape(tf.rsqrt(tf.maximum(degree, 1)), perRow));
}

/**
 * A graph convolution (Kipf & Welling 2017, "Semi-supervised classification with graph
 * convolutional networks", arXiv:1609.02907): with degrees `d` of senders and receivers,
 *
 *     vᵢ' = Σ φ(vⱼ) / √(dⱼ dᵢ)    over the edges from j to i
 *
 * The paper's layer has `addSelfEdges` and a non-linearity after it. Senders, receivers and nEdge
 * of the result are the graph's own, without the added loops. Unlike Jraph's, nodes can be of any
 * rank.
 *
 * @param options The update function, and what is aggregated how.
 * @returns A function of a graph to one with other nodes. Calling it throws {TypeError} if nodes is
 * null.
 * @throws {TypeError} If an option is no function.
 *
 * @example
 * ```ts
 * import { graphConvolution, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const layer = graphConvolution({
 *   updateNodeFn: (nodes: tf.Tensor) => nodes,
 *   addSelfEdges: true,
 *   symmetricNormalization: false,
 * });
 * const { nodes } = layer(
 *   graphsTuple({ nodes: [[1], [2]], senders: [0], receivers: [1], nNode: [2], nEdge: [1] }),
 * );
 * assertEquals(nodes.arraySync(), [[1], [3]]);
 * ```
 */
export function graphConvolution<N extends Tree>(
  options: GraphConvolutionOptions<N>,
): Model<N> {
  return graphConvolutionOver(options, ALL_EDGES) as Model<N>;
}

/** The same over edges that may be split over devices. */
export function graphConvolutionOver(
  options: GraphConvolutionOptions,
  over: EdgeReductions,
): GraphFn {
  checkFunctions(options, "build a graph convolution", ["updateNodeFn"]);
  const { updateNodeFn, addSelfEdges } = options;
  const aggregateNodesFn = options.aggregateNodesFn ?? over.sum;
  const symmetricNormalization = options.symmetricNormalization ?? true;
  return graphModel((graph) => {
    const N = numNodes(graph);
    const withLoops = (indices: Tensor): Tensor =>
      addSelfEdges ? tf.concat([indices, over.loops(N)]) : indices;
    const [senders, receivers] = [withLoops(graph.senders), withLoops(graph.receivers)];
    const convolve = (x: Tensor): Tensor => {
      if (!symmetricNormalization) return aggregateNodesFn(segmentGather(x, senders), receivers, N);
      const sent = segmentGather(normalize(x, senders, over), senders);
      return normalize(aggregateNodesFn(sent, receivers, N), receivers, over);
    };
    return { ...graph, nodes: treeMap(convolve, updateNodeFn(graph.nodes)) };
  });
}
