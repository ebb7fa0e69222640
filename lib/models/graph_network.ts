/** The full graph network block. @module */
import { numEdges, numNodes } from "../graph/mod.ts";
import {
  partitionIds,
  partitionRepeat,
  segmentGather,
  segmentSoftmax,
  segmentSum,
} from "../segment/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { checkFunctions, checkNames, checkTogether } from "./check.ts";
import { graphModel } from "./graph_model.ts";
import type {
  AggregateFn,
  AttentionLogitFn,
  AttentionNormalizeFn,
  AttentionReduceFn,
  Model,
  Updated,
  UpdateEdgeFn,
  UpdateGlobalFn,
  UpdateNodeFn,
} from "./functions.ts";

/**
 * Options of {@linkcode graphNetwork}.
 *
 * @template N What the node update returns.
 * @template E What the edge update returns.
 * @template G What the global update returns.
 * @template A What attention makes of the updated edges.
 */
export interface GraphNetworkOptions<
  N extends Tree = Tree,
  E extends Tree = Tree,
  G extends Tree = Tree,
  A extends Tree = Tree,
> {
  /** φᵉ, the edge update; null leaves edges as they are. */
  readonly updateEdgeFn?: UpdateEdgeFn<E> | null | undefined;
  /** φᵛ, the node update; null leaves nodes as they are. */
  readonly updateNodeFn?: UpdateNodeFn<N> | null | undefined;
  /** φᵘ, the global update; null leaves globals as they are. */
  readonly updateGlobalFn?: UpdateGlobalFn<G> | null | undefined;
  /** ρ of edges at nodes; `segmentSum` by default. */
  readonly aggregateEdgesForNodesFn?: AggregateFn | null | undefined;
  /** ρ of nodes in graphs; `segmentSum` by default. */
  readonly aggregateNodesForGlobalsFn?: AggregateFn | null | undefined;
  /** ρ of edges in graphs; `segmentSum` by default. */
  readonly aggregateEdgesForGlobalsFn?: AggregateFn | null | undefined;
  /** Attention logits of the updated edges; needs `attentionReduceFn`. */
  readonly attentionLogitFn?: AttentionLogitFn | null | undefined;
  /** Weights from logits over the edges that a node receives; `segmentSoftmax` by default. */
  readonly attentionNormalizeFn?: AttentionNormalizeFn | null | undefined;
  /** Edges from the updated edges and their weights; needs `attentionLogitFn`. */
  readonly attentionReduceFn?: AttentionReduceFn<A> | null | undefined;
}

/** Aggregates each leaf, a row a segment. */
function aggregate(fn: AggregateFn, tree: Tree, segmentIds: Tensor, numSegments: number): Tree {
  return treeMap((leaf) => fn(leaf, segmentIds, numSegments), tree);
}

/** The names of all options. */
const FUNCTIONS = [
  "updateEdgeFn",
  "updateNodeFn",
  "updateGlobalFn",
  "aggregateEdgesForNodesFn",
  "aggregateNodesForGlobalsFn",
  "aggregateEdgesForGlobalsFn",
  "attentionLogitFn",
  "attentionNormalizeFn",
  "attentionReduceFn",
] as const satisfies readonly (keyof GraphNetworkOptions)[];

/** Aggregates each leaf, a row a graph. */
function aggregateByGraph(fn: AggregateFn, tree: Tree, counts: Tensor, total: number): Tree {
  return tree === null ? null : aggregate(fn, tree, partitionIds(counts, total), counts.size);
}

/**
 * A graph network block: edges are updated from their nodes, nodes from their edges, globals from
 * both (algorithm 1 of Battaglia et al. 2018, "Relational inductive biases, deep learning, and
 * graph networks", arXiv:1806.01261).
 *
 *     eₖ' = φᵉ(eₖ, v_sₖ, v_rₖ, u)           for each edge k
 *     vᵢ' = φᵛ(vᵢ, ρ{eₖ' : sₖ = i}, ρ{eₖ' : rₖ = i}, u)     for each node i
 *     u'  = φᵘ(ρ{vᵢ'}, ρ{eₖ'}, u)           for each graph
 *
 * With attention the updated edges are weighed before nodes see them. Features may be trees, and
 * parameters are in the closures of the update functions. As in Jraph, each function is called
 * once, with all rows, and nodes also see what they sent.
 *
 * @param options The update, aggregation and attention functions.
 * @returns A function of a graph with N nodes, E edges and G graphs to one of the same structure.
 * Update functions get null for features that are null. Calling it throws {TypeError} if nodes is
 * null, because N is the leading size of their features.
 * @throws {TypeError} If an option is no function or has another name, or only one of
 * `attentionLogitFn` and `attentionReduceFn` is given.
 *
 * @example Each node receives the sum of what its neighbours are
 * ```ts
 * import { graphNetwork, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = graphNetwork({
 *   updateEdgeFn: (_edges: null, sender: tf.Tensor) => sender,
 *   updateNodeFn: (_nodes: tf.Tensor, _sent: tf.Tensor, received: tf.Tensor) => received,
 * });
 * const edges = { senders: [0, 1], receivers: [2, 2], nEdge: [2] };
 * const { nodes } = network(graphsTuple({ nodes: [[1], [10], [100]], nNode: [3], ...edges }));
 * assertEquals(nodes.arraySync(), [[0], [0], [11]]);
 * ```
 */
export function graphNetwork<
  N extends Tree = never,
  E extends Tree = never,
  G extends Tree = never,
  A extends Tree = never,
>(options: GraphNetworkOptions<N, E, G, A>): Model<N, Updated<A, E>, G> {
  checkFunctions(options, "build a graph network");
  checkNames(options, "build a graph network", FUNCTIONS);
  checkTogether(options, "build a graph network", "attentionLogitFn", "attentionReduceFn");
  const { updateEdgeFn, updateNodeFn, updateGlobalFn, attentionLogitFn, attentionReduceFn } =
    options;
  const edgesForNodes = options.aggregateEdgesForNodesFn ?? segmentSum;
  const nodesForGlobals = options.aggregateNodesForGlobalsFn ?? segmentSum;
  const edgesForGlobals = options.aggregateEdgesForGlobalsFn ?? segmentSum;
  const normalize = options.attentionNormalizeFn ?? segmentSoftmax;

  return graphModel((graph) => {
    const [N, E] = [numNodes(graph), numEdges(graph)];
    const { senders, receivers, nNode, nEdge } = graph;
    let { nodes, edges, globals } = graph;

    if (updateEdgeFn || attentionLogitFn) {
      const sender = treeMap((v) => segmentGather(v, senders), nodes);
      const receiver = treeMap((v) => segmentGather(v, receivers), nodes);
      const context = treeMap((u) => partitionRepeat(u, nEdge, E), globals);
      if (updateEdgeFn) edges = updateEdgeFn(edges, sender, receiver, context); // φᵉ
      if (attentionLogitFn && attentionReduceFn) {
        const logits = attentionLogitFn(edges, sender, receiver, context);
        const weights = treeMap((x) => normalize(x, receivers, N), logits);
        edges = attentionReduceFn(edges, weights);
      }
    }
    if (updateNodeFn) {
      const sent = aggregate(edgesForNodes, edges, senders, N); // ρ
      const received = aggregate(edgesForNodes, edges, receivers, N); // ρ
      const context = treeMap((u) => partitionRepeat(u, nNode, N), globals);
      nodes = updateNodeFn(nodes, sent, received, context); // φᵛ
    }
    if (updateGlobalFn) {
      const ofNodes = aggregateByGraph(nodesForGlobals, nodes, nNode, N); // ρ
      const ofEdges = aggregateByGraph(edgesForGlobals, edges, nEdge, E); // ρ
      globals = updateGlobalFn(ofNodes, ofEdges, globals); // φᵘ
    }
    return { ...graph, nodes, edges, globals };
  }) as Model<N, Updated<A, E>, G>;
}
