/** Null where there are no features. @module */
import { treeMap } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";

/**
 * The graph with null for features that are undefined, in nests too: JavaScript has two words for
 * nothing, and both may come in, but functions and results get one.
 *
 * @throws {TypeError} If a leaf is no tensor; its path is named.
 */
export function nullFeatures<T extends GraphsTuple>(graph: T): T {
  const { nodes, edges, globals } = graph;
  return { ...graph, ...treeMap((leaf) => leaf, { nodes, edges, globals }) };
}
