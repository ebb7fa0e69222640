/** Features mapped one by one, without message passing. @module */
import { tidy } from "../engine/mod.ts";
import type { GraphFn, MapFn } from "./functions.ts";

/** Options of {@linkcode graphMapFeatures}. */
export interface GraphMapFeaturesOptions {
  /** New edges from edges; null leaves them as they are. */
  readonly embedEdgeFn?: MapFn | null;
  /** New nodes from nodes; null leaves them as they are. */
  readonly embedNodeFn?: MapFn | null;
  /** New globals from globals; null leaves them as they are. */
  readonly embedGlobalFn?: MapFn | null;
}

/**
 * Maps edges, nodes and globals, each by itself: an encoder or a decoder around message passing.
 *
 * @param options A function for each.
 * @returns A function of a graph to one of the same structure.
 *
 * @example
 * ```ts
 * import { graphMapFeatures, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const encode = graphMapFeatures({ embedNodeFn: (nodes: tf.Tensor) => tf.square(nodes) });
 * const { nodes } = encode(graphsTuple({ nodes: [[1], [2]], nNode: [2] }));
 * assertEquals((nodes as tf.Tensor).arraySync(), [[1], [4]]);
 * ```
 */
export function graphMapFeatures(options: GraphMapFeaturesOptions): GraphFn {
  const { embedEdgeFn, embedNodeFn, embedGlobalFn } = options;
  return (graph) =>
    tidy(() => ({
      ...graph,
      edges: embedEdgeFn ? embedEdgeFn(graph.edges) : graph.edges,
      nodes: embedNodeFn ? embedNodeFn(graph.nodes) : graph.nodes,
      globals: embedGlobalFn ? embedGlobalFn(graph.globals) : graph.globals,
    }));
}
