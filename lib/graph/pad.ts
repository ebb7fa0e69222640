/** Padding to static sizes, so that one compiled program serves graphs of many sizes. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { checkCount } from "../tensor/mod.ts";
import { type Tensor, treeMap } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { readField, sum } from "./read_field.ts";
import { validateGraphsTuple } from "./validate.ts";

const PAD_BEFORE = "pad before jit, and pass the result in";
const UNPAD_AFTER =
  "use getNodePaddingMask() and its kin inside jit, and unpad what jit returns outside";

function checkRoom(size: number, atLeast: number, name: string, why: string): void {
  checkCount(size, "pad a graph", name);
  if (size >= atLeast) return;
  throw new RangeError(
    `Cannot pad a graph as ${why}: ${name} is ${size} (it must be at least ${atLeast})`,
  );
}

function appendRows(x: Tensor, rows: number, value = 0): Tensor {
  if (rows === 0) return x;
  return tf.concat([x, tf.fill([rows, ...x.shape.slice(1)], value, x.dtype)], 0);
}

/**
 * Pads a graph to `nNode` nodes, `nEdge` edges and `nGraph` graphs.
 *
 * One padding graph takes all padding nodes and edges; graphs without nodes follow it. Padding
 * edges are loops of the first padding node, so real nodes never hear of them. Features are padded
 * with 0. Works on the host, so not inside `jit`.
 *
 * @param graph A graph.
 * @param nNode The number of nodes to come to: at least one more than there are.
 * @param nEdge The number of edges to come to: at least as many as there are.
 * @param nGraph The number of graphs to come to: at least one more than there are, and 2.
 * @returns The padded graph; {@linkcode unpadWithGraphs} is the way back.
 * @throws {RangeError} If there is no room for the padding, or counts or indices are wrong.
 * @throws {TypeError} If a dtype, shape or leading size is wrong.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({ nodes: [7, 8], senders: [0], receivers: [1], nNode: [2], nEdge: [1] });
 * const padded = padWithGraphs(graph, 4, 3);
 * assertEquals(padded.nNode.arraySync(), [2, 2]);
 * assertEquals(padded.senders.arraySync(), [0, 2, 2]);
 * ```
 */
export function padWithGraphs<T extends GraphsTuple>(
  graph: T,
  nNode: number,
  nEdge: number,
  nGraph = 2,
): T {
  return tidy(() => {
    const nodes = sum(readField(graph, "nNode", "pad a graph", PAD_BEFORE));
    const edges = sum(readField(graph, "nEdge", "pad a graph", PAD_BEFORE));
    const graphs = graph.nNode.size;
    validateGraphsTuple(graph, "pad a graph");
    checkRoom(nGraph, 2, "nGraph", "there must be room for a graph and a padding graph");
    checkRoom(nGraph, graphs + 1, "nGraph", `${graphs} graphs need a padding graph after them`);
    checkRoom(nNode, nodes + 1, "nNode", `${nodes} nodes need a padding node after them`);
    checkRoom(nEdge, edges, "nEdge", `no edge may be lost of ${edges}`);

    const [extraNodes, extraEdges] = [nNode - nodes, nEdge - edges];
    const counts = (first: number): Tensor =>
      appendRows(tf.tensor1d([first], "int32"), nGraph - graphs - 1);
    return {
      ...graph,
      nodes: treeMap((x) => appendRows(x, extraNodes), graph.nodes),
      edges: treeMap((x) => appendRows(x, extraEdges), graph.edges),
      receivers: appendRows(graph.receivers, extraEdges, nodes),
      senders: appendRows(graph.senders, extraEdges, nodes),
      globals: treeMap((x) => appendRows(x, nGraph - graphs), graph.globals),
      nNode: tf.concat([graph.nNode, counts(extraNodes)]),
      nEdge: tf.concat([graph.nEdge, counts(extraEdges)]),
    };
  });
}

/** Position of the padding graph: the last graph that has nodes. */
function paddingGraph(graph: GraphsTuple, action: string): number {
  const nNode = readField(graph, "nNode", action, UNPAD_AFTER);
  const last = nNode.findLastIndex((n) => n > 0);
  if (last >= 0) return last;
  throw new RangeError(
    `Cannot ${action} as a padding graph has nodes: nNode is [${nNode.join(", ")}] ` +
      `(pad with padWithGraphs())`,
  );
}

/**
 * The number of padding graphs of a graph made by {@linkcode padWithGraphs}, on the host.
 *
 * @throws {RangeError} If there is no padding graph.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { getNumberOfPaddingWithGraphsGraphs, graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const padded = padWithGraphs(graphsTuple({ nodes: [7, 8], nNode: [2] }), 4, 3, 4);
 * assertEquals(getNumberOfPaddingWithGraphsGraphs(padded), 3);
 * ```
 */
export function getNumberOfPaddingWithGraphsGraphs(paddedGraph: GraphsTuple): number {
  const at = paddingGraph(paddedGraph, "count padding graphs");
  return paddedGraph.nNode.size - at;
}

/**
 * The number of padding nodes of a graph made by {@linkcode padWithGraphs}, on the host.
 *
 * @throws {RangeError} If there is no padding graph.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { getNumberOfPaddingWithGraphsNodes, graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const padded = padWithGraphs(graphsTuple({ nodes: [7, 8], nNode: [2] }), 5, 1);
 * assertEquals(getNumberOfPaddingWithGraphsNodes(padded), 3);
 * ```
 */
export function getNumberOfPaddingWithGraphsNodes(paddedGraph: GraphsTuple): number {
  const at = paddingGraph(paddedGraph, "count padding nodes");
  return readField(paddedGraph, "nNode", "count padding nodes", UNPAD_AFTER)[at]!;
}

/**
 * The number of padding edges of a graph made by {@linkcode padWithGraphs}, on the host.
 *
 * @throws {RangeError} If there is no padding graph.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { getNumberOfPaddingWithGraphsEdges, graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const padded = padWithGraphs(graphsTuple({ nodes: [7, 8], nNode: [2] }), 5, 1);
 * assertEquals(getNumberOfPaddingWithGraphsEdges(padded), 1);
 * ```
 */
export function getNumberOfPaddingWithGraphsEdges(paddedGraph: GraphsTuple): number {
  const at = paddingGraph(paddedGraph, "count padding edges");
  return readField(paddedGraph, "nEdge", "count padding edges", UNPAD_AFTER)[at]!;
}

/**
 * Takes the padding of {@linkcode padWithGraphs} away. Works on the host, so not inside `jit`.
 *
 * @throws {RangeError} If there is no padding graph, or counts or indices are wrong.
 * @throws {TypeError} If a dtype, shape or leading size is wrong.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple, padWithGraphs, unpadWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const padded = padWithGraphs(graphsTuple({ nodes: [7, 8], nNode: [2] }), 5, 1);
 * assertEquals(unpadWithGraphs(padded).nNode.arraySync(), [2]);
 * ```
 */
export function unpadWithGraphs<T extends GraphsTuple>(paddedGraph: T): T {
  return tidy(() => {
    const graphs = paddingGraph(paddedGraph, "unpad a graph");
    validateGraphsTuple(paddedGraph, "unpad a graph");
    const edges = paddedGraph.senders.size - getNumberOfPaddingWithGraphsEdges(paddedGraph);
    const paddingNodes = getNumberOfPaddingWithGraphsNodes(paddedGraph);
    const first = (n: number) => (x: Tensor): Tensor => tf.slice(x, 0, n);
    const real = first(edges);
    return {
      ...paddedGraph,
      nodes: treeMap((x) => first(x.shape[0]! - paddingNodes)(x), paddedGraph.nodes),
      edges: treeMap(real, paddedGraph.edges),
      receivers: real(paddedGraph.receivers),
      senders: real(paddedGraph.senders),
      globals: treeMap(first(graphs), paddedGraph.globals),
      nNode: first(graphs)(paddedGraph.nNode),
      nEdge: first(graphs)(paddedGraph.nEdge),
    };
  });
}
