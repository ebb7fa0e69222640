/** The frame of every model. @module */
import { checkGraph, nullFeatures } from "../graph/internal.ts";
import { tidy } from "../tfjs/mod.ts";
import { formatShape, type Tree, treeLeaves } from "../tree/mod.ts";
import type { GraphFn } from "./functions.ts";

/** Fails unless all leaves have a row for each of `count` nodes or edges. */
function checkRows(what: "node" | "edge", features: Tree, count: number | undefined): void {
  const wrong = treeLeaves(features).find(({ shape }) => shape[0] !== count);
  if (count === undefined || !wrong) return;
  throw new TypeError(
    `Cannot apply a model as what its functions give has a row for each ${what}: ${count} ${what}s, ` +
      `and features ${formatShape(wrong.shape)}`,
  );
}

/**
 * Makes a model of a function of a graph, as all models here are made: `undefined` features become
 * null, in the graph and in the result, and what the function computes on its way is disposed.
 *
 * @param fn A function of a graph with N nodes, E edges and G graphs to one of the same structure.
 * @returns The model.
 * @throws {TypeError} If the model is called with no graph, or features hold something else than
 * tensors; or if nodes or edges come out with another number of rows than went in.
 *
 * @example
 * ```ts
 * import { graphModel, graphsTuple, treeMap } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const square = graphModel((graph) => ({ ...graph, nodes: treeMap(tf.square, graph.nodes) }));
 * const { nodes } = square(graphsTuple({ nodes: [[2], [3]], nNode: [2] }));
 * assertEquals((nodes as tf.Tensor).arraySync(), [[4], [9]]);
 * ```
 */
export function graphModel(fn: GraphFn): GraphFn {
  return (graph) =>
    tidy(() => {
      checkGraph(graph, "apply a model");
      const result = nullFeatures(fn(nullFeatures(graph)));
      checkRows("node", result.nodes as Tree, treeLeaves(graph.nodes as Tree)[0]?.shape[0]);
      checkRows("edge", result.edges as Tree, graph.senders?.shape[0]);
      return result;
    });
}
