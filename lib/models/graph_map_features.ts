/** Features mapped one by one, without message passing. @module */
import type { Tree } from "../tree/mod.ts";
import { checkFunctions, checkNames } from "./check.ts";
import type { MapFn, Model } from "./functions.ts";
import { graphModel } from "./graph_model.ts";

/** Options of {@linkcode graphMapFeatures}. */
export interface GraphMapFeaturesOptions<
  N extends Tree = Tree,
  E extends Tree = Tree,
  G extends Tree = Tree,
> {
  /** New edges from edges; null leaves them as they are. */
  readonly embedEdgeFn?: MapFn<E> | null | undefined;
  /** New nodes from nodes; null leaves them as they are. */
  readonly embedNodeFn?: MapFn<N> | null | undefined;
  /** New globals from globals; null leaves them as they are. */
  readonly embedGlobalFn?: MapFn<G> | null | undefined;
}

/**
 * Maps edges, nodes and globals, each by itself: an encoder or a decoder around message passing.
 *
 * @param options A function for each.
 * @returns A function of a graph to one of the same structure.
 * @throws {TypeError} If an option is no function.
 *
 * @example
 * ```ts
 * import { graphMapFeatures, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const encode = graphMapFeatures({ embedNodeFn: (nodes: tf.Tensor) => tf.square(nodes) });
 * const { nodes } = encode(graphsTuple({ nodes: [[1], [2]], nNode: [2] }));
 * assertEquals(nodes.arraySync(), [[1], [4]]);
 * ```
 */
export function graphMapFeatures<
  N extends Tree = never,
  E extends Tree = never,
  G extends Tree = never,
>(options: GraphMapFeaturesOptions<N, E, G>): Model<N, E, G> {
  checkFunctions(options, "build a map of features");
  checkNames(options, "build a map of features", ["embedEdgeFn", "embedNodeFn", "embedGlobalFn"]);
  const { embedEdgeFn, embedNodeFn, embedGlobalFn } = options;
  return graphModel((graph) => ({
    ...graph,
    edges: embedEdgeFn ? embedEdgeFn(graph.edges) : graph.edges,
    nodes: embedNodeFn ? embedNodeFn(graph.nodes) : graph.nodes,
    globals: embedGlobalFn ? embedGlobalFn(graph.globals) : graph.globals,
  })) as Model<N, E, G>;
}
