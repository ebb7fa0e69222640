/** How many nodes, edges and graphs there are, from shapes alone. @module */
import type { Tensor, Tree } from "../tree/mod.ts";
import { treeLeaves } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";

/**
 * The number of nodes, from the leading size of their features; it works inside `jit`.
 *
 * @throws {TypeError} If the nodes have no features.
 *
 * @example
 * ```ts
 * import { graphsTuple, numNodes } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(numNodes(graphsTuple({ nodes: [[1], [2], [3]], nNode: [2, 1] })), 3);
 * ```
 */
export function numNodes(graph: GraphsTuple): number {
  const leaf: Tensor | undefined = treeLeaves(graph.nodes as Tree)[0];
  if (leaf) return leaf.shape[0]!;
  throw new TypeError(
    "Cannot count nodes as their number is the leading size of their features: nodes is null " +
      "(give nodes features, such as tf.ones([N, 1]))",
  );
}

/**
 * The number of edges; it works inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple, numEdges } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({ senders: [0, 0], receivers: [0, 1], nNode: [2], nEdge: [2] });
 * assertEquals(numEdges(graph), 2);
 * ```
 */
export function numEdges(graph: GraphsTuple): number {
  return graph.senders.shape[0]!;
}

/**
 * The number of graphs; it works inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple, numGraphs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(numGraphs(graphsTuple({ nNode: [2, 0, 1] })), 3);
 * ```
 */
export function numGraphs(graph: GraphsTuple): number {
  return graph.nNode.shape[0]!;
}
