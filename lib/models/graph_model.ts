/** The frame of every model. @module */
import { checkGraph, nullFeatures } from "../graph/internal.ts";
import { tidy } from "../tfjs/mod.ts";
import type { GraphFn } from "./functions.ts";

/**
 * Makes a model of a function of a graph, as all models here are made: `undefined` features become
 * null, in the graph and in the result, and what the function computes on its way is disposed.
 *
 * @param fn A function of a graph with N nodes, E edges and G graphs to one of the same structure.
 * @returns The model.
 * @throws {TypeError} If the model is called with no graph, or features hold something else than
 * tensors.
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
      return nullFeatures(fn(nullFeatures(graph)));
    });
}
