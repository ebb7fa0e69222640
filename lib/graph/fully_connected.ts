/** Graphs in which each node hears from each. @module */
import { checkCount, checkOnHost, type TensorLikeTree, type TensorTreeOf } from "../tensor/mod.ts";
import { type GraphsTuple, graphsTuple } from "./graphs_tuple.ts";

const REMEDY = "make the graph before jit, and pass it in";

/**
 * Graphs in which each node sends an edge to each node of its graph.
 *
 * Receivers run slowly and senders fast: `[0, 1, 2, 0, …]` to `[0, 0, 0, 1, …]`. Without self edges
 * node `i` hears from `i + 1`, `i + 2`, … modulo the number of nodes, in this order.
 *
 * @param nNodePerGraph The number of nodes of each graph.
 * @param nGraph The number of graphs.
 * @param nodeFeatures A tree of `[nGraph * nNodePerGraph, ...]`, or null.
 * @param globalFeatures A tree of `[nGraph, ...]`, or null.
 * @param addSelfEdges Whether each node also sends an edge to itself.
 * @throws {TypeError} If the features have another number of rows.
 * @throws {RangeError} If a number of nodes or graphs is not whole, or below 0.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { getFullyConnectedGraph } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = getFullyConnectedGraph(3, 1, null, null, false);
 * assertEquals(graph.senders.arraySync(), [1, 2, 2, 0, 0, 1]);
 * assertEquals(graph.receivers.arraySync(), [0, 0, 1, 1, 2, 2]);
 * ```
 */
export function getFullyConnectedGraph<
  N extends TensorLikeTree = null,
  G extends TensorLikeTree = null,
>(
  nNodePerGraph: number,
  nGraph: number,
  nodeFeatures: N = null as N,
  globalFeatures: G = null as G,
  addSelfEdges = true,
): GraphsTuple<TensorTreeOf<N>, null, TensorTreeOf<G>> {
  checkOnHost("connect a graph fully", REMEDY);
  checkCount(nNodePerGraph, "connect a graph fully", "nNodePerGraph");
  checkCount(nGraph, "connect a graph fully", "nGraph");
  const perNode = Math.max(0, nNodePerGraph - (addSelfEdges ? 0 : 1));
  const edges = nGraph * nNodePerGraph * perNode;
  checkCount(edges, "connect a graph fully", "the number of edges");
  const [senders, receivers] = [new Int32Array(edges), new Int32Array(edges)];
  for (let edge = 0; edge < edges; edge++) {
    const node = Math.floor(edge / perNode);
    const first = node - node % nNodePerGraph;
    const k = edge % perNode;
    receivers[edge] = node;
    senders[edge] = first + (addSelfEdges ? k : (node - first + k + 1) % nNodePerGraph);
  }
  return graphsTuple({
    nodes: nodeFeatures,
    senders,
    receivers,
    globals: globalFeatures,
    nNode: new Int32Array(nGraph).fill(nNodePerGraph),
    nEdge: new Int32Array(nGraph).fill(nNodePerGraph * perNode),
  });
}
