/** Which rows of a padded graph are real; all of it works inside `jit`. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { numEdges, numGraphs, numNodes } from "./sizes.ts";

/** Position of the padding graph, the last that has nodes: int32 scalar. */
function paddingGraph({ nNode }: GraphsTuple): Tensor {
  const hasNodes = tf.cast(tf.greater(nNode, 0), "int32");
  return tf.max(tf.mul(hasNodes, tf.range(0, nNode.size, 1, "int32")));
}

/** True for the rows that belong to the graphs before the padding graph. */
function rowMask(graph: GraphsTuple, counts: Tensor, rows: number): Tensor {
  const real = tf.cast(getGraphPaddingMask(graph), "int32");
  return tf.less(tf.range(0, rows, 1, "int32"), tf.sum(tf.mul(counts, real)));
}

/**
 * True for the real graphs of a graph made by `padWithGraphs`.
 *
 * @returns bool `[G]`.
 * @throws {TypeError} If the graph is none.
 *
 * @example
 * ```ts
 * import { getGraphPaddingMask, graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const padded = padWithGraphs(graphsTuple({ nodes: [7, 8], nNode: [2] }), 4, 1, 3);
 * assertEquals(Array.from(getGraphPaddingMask(padded).dataSync()), [1, 0, 0]);
 * ```
 */
export function getGraphPaddingMask(paddedGraph: GraphsTuple): Tensor {
  return tidy(() =>
    tf.less(tf.range(0, numGraphs(paddedGraph), 1, "int32"), paddingGraph(paddedGraph))
  );
}

/**
 * True for the real nodes of a graph made by `padWithGraphs`.
 *
 * @returns bool `[N]`.
 * @throws {TypeError} If nodes is null, because N is the leading size of their features.
 *
 * @example
 * ```ts
 * import { getNodePaddingMask, graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const padded = padWithGraphs(graphsTuple({ nodes: [7, 8], nNode: [2] }), 4, 1);
 * assertEquals(Array.from(getNodePaddingMask(padded).dataSync()), [1, 1, 0, 0]);
 * ```
 */
export function getNodePaddingMask(paddedGraph: GraphsTuple): Tensor {
  return tidy(() => {
    const rows = numNodes(paddedGraph);
    return rowMask(paddedGraph, paddedGraph.nNode, rows);
  });
}

/**
 * True for the real edges of a graph made by `padWithGraphs`.
 *
 * @returns bool `[E]`.
 * @throws {TypeError} If the graph is none.
 *
 * @example
 * ```ts
 * import { getEdgePaddingMask, graphsTuple, padWithGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({ senders: [0], receivers: [1], nNode: [2], nEdge: [1] });
 * assertEquals(Array.from(getEdgePaddingMask(padWithGraphs(graph, 4, 3)).dataSync()), [1, 0, 0]);
 * ```
 */
export function getEdgePaddingMask(paddedGraph: GraphsTuple): Tensor {
  return tidy(() => {
    const rows = numEdges(paddedGraph);
    return rowMask(paddedGraph, paddedGraph.nEdge, rows);
  });
}
