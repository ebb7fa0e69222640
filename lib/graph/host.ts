/** Reading the counts and indices of a graph on the host. @module */
import { checkNoTracer } from "../segment/check.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";

type IndexField = "nNode" | "nEdge" | "senders" | "receivers";

/**
 * The values of an index field.
 *
 * @throws {TracerError} If it is a tracer; `remedy` names the way round.
 */
export function readField(
  graph: GraphsTuple,
  field: IndexField,
  action: string,
  remedy: string,
): Int32Array {
  checkNoTracer(graph[field], action, field, remedy);
  return graph[field].dataSync<"int32">();
}

/** The sum of counts. */
export function sum(counts: Int32Array): number {
  return counts.reduce((a, b) => a + b, 0);
}
