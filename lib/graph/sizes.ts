/** How many nodes, edges and graphs there are, from shapes alone. @module */
import { formatShape, type Tree, treeLeaves } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { checkGraph } from "./check_graph.ts";

/**
 * The number of nodes, from the leading size of their features; it works inside `jit`.
 *
 * @throws {TypeError} If the nodes have no features, or leaves of different leading sizes.
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
  checkGraph(graph, "count nodes");
  const shapes = treeLeaves(graph.nodes as Tree).map(({ shape }) => shape);
  const size = shapes[0]?.[0];
  if (size === undefined) {
    throw new TypeError(
      "Cannot count nodes as their number is the leading size of their features: " +
        `nodes is ${shapes.length === 0 ? "null" : "a scalar"} ` +
        "(give nodes features, such as tf.ones([N, 1]))",
    );
  }
  if (shapes.every((shape) => shape[0] === size)) return size;
  throw new TypeError(
    "Cannot count nodes as all leaves of nodes must have one leading size: the shapes are " +
      shapes.map(formatShape).join(", "),
  );
}

/**
 * The number of edges; it works inside `jit`.
 *
 * @throws {TypeError} If the graph is none.
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
  checkGraph(graph, "count edges");
  return graph.senders.shape[0]!;
}

/**
 * The number of graphs; it works inside `jit`.
 *
 * @throws {TypeError} If the graph is none.
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
  checkGraph(graph, "count graphs");
  return graph.nNode.shape[0]!;
}
