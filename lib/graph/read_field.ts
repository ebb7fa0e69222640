/** Reading the counts and indices of a graph on the host. @module */
import { checkReadable } from "../tensor/mod.ts";
import { checkGraph } from "./check_graph.ts";
import type { GraphsTuple } from "./graphs_tuple_type.ts";

type IndexField = "nNode" | "nEdge" | "senders" | "receivers";

/**
 * The values of an index field.
 *
 * @throws {TypeError} If the graph is none.
 * @throws {TracerError} If it is a tracer; `remedy` names the way round.
 */
export function readField(
  graph: GraphsTuple,
  field: IndexField,
  action: string,
  remedy: string,
): Int32Array {
  checkGraph(graph, action);
  checkReadable(graph[field], action, field, remedy);
  return graph[field].dataSync<"int32">();
}

/** The sum of counts. */
export function sum(counts: Int32Array): number {
  return counts.reduce((a, b) => a + b, 0);
}
