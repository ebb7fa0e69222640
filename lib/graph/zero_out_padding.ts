/** Zeros in the padding, whatever a network wrote there. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { asColumn } from "../tensor/mod.ts";
import { checkFunction, type Tensor, type Tree, treeLeaves, treeMap } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { checkGraph } from "./check_graph.ts";
import { getEdgePaddingMask, getGraphPaddingMask, getNodePaddingMask } from "./masks.ts";
import { nullFeatures } from "./null_features.ts";

function zeroWhereFalse(features: Tree, mask: () => Tensor): Tree {
  if (treeLeaves(features).length === 0) return features;
  const isReal = mask();
  return treeMap((x) => {
    const rows = asColumn(isReal, x.rank);
    // tfjs's wasm backend selects wrongly among bools.
    if (x.dtype === "bool") return tf.logicalAnd(x, rows);
    return tf.where(rows, x, tf.zeros([], x.dtype));
  }, features);
}

/**
 * Sets the features of padding nodes, edges and graphs to 0; it works inside `jit`.
 *
 * Unlike Jraph's, which multiplies by the mask, it also replaces NaN and Infinity, and takes graphs
 * without node features.
 *
 * @param graph A graph made by `padWithGraphs`, or what a network made of one.
 * @returns The graph with features of the same dtypes.
 * @throws {TypeError} If the graph is none.
 *
 * @example
 * ```ts
 * import { graphsTuple, padWithGraphs, zeroOutPadding } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const padded = padWithGraphs(graphsTuple({ nodes: [7, 8], nNode: [2] }), 4, 1);
 * const reciprocals = { ...padded, nodes: tf.div(56, padded.nodes) };
 * assertEquals(zeroOutPadding(reciprocals).nodes.arraySync(), [8, 7, 0, 0]);
 * ```
 */
export function zeroOutPadding<T extends GraphsTuple>(graph: T): T {
  checkGraph(graph, "zero out padding");
  return tidy(() => {
    const { nodes, edges, globals } = nullFeatures(graph);
    return {
      ...graph,
      nodes: zeroWhereFalse(nodes, () => getNodePaddingMask(graph)),
      edges: zeroWhereFalse(edges, () => getEdgePaddingMask(graph)),
      globals: zeroWhereFalse(globals, () => getGraphPaddingMask(graph)),
    };
  });
}

/**
 * Wraps a network so that the padding of its outputs is 0.
 *
 * @param graphNet A function of a padded graph to one of the same sizes.
 * @returns The same with {@linkcode zeroOutPadding} after it.
 * @throws {TypeError} If the network is no function.
 *
 * @example
 * ```ts
 * import {
 *   graphMapFeatures,
 *   graphsTuple,
 *   padWithGraphs,
 *   withZeroOutPaddingOutputs,
 * } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const exp = graphMapFeatures({ embedNodeFn: (nodes: tf.Tensor) => tf.exp(nodes) });
 * const padded = padWithGraphs(graphsTuple({ nodes: [0, 0], nNode: [2] }), 4, 1);
 * const { nodes } = withZeroOutPaddingOutputs(exp)(padded);
 * assertEquals(nodes.arraySync(), [1, 1, 0, 0]);
 * ```
 */
export function withZeroOutPaddingOutputs<T extends GraphsTuple, R extends GraphsTuple>(
  graphNet: (graph: T) => R,
): (graph: T) => R {
  checkFunction(graphNet, "zero out the padding of outputs", "the network");
  return (graph) => zeroOutPadding(graphNet(graph));
}
