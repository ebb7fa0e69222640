/** Reading the counts and indices of a graph on the host. @module */
import { checkReadable } from "../tensor/mod.ts";
import { describe, isTensor } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";

type IndexField = "nNode" | "nEdge" | "senders" | "receivers";

/**
 * Fails unless a value is a graph: what is passed by JavaScript, or by a cast, may be anything.
 *
 * @throws {TypeError} If it is no object, or lacks an index field.
 */
export function checkGraph(graph: GraphsTuple, action: string): void {
  if (typeof graph !== "object" || graph === null || isTensor(graph) || Array.isArray(graph)) {
    throw new TypeError(`Cannot ${action} as it takes a GraphsTuple: got ${describe(graph)}`);
  }
  for (const name of ["senders", "receivers", "nNode", "nEdge"] as const) {
    const field: unknown = graph[name];
    if (isTensor(field) && field.dtype === "int32" && field.rank === 1) continue;
    throw new TypeError(
      `Cannot ${action} as ${name} must be int32 of rank 1: got ${describe(field ?? null)} ` +
        `(make graphs with graphsTuple())`,
    );
  }
}

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
