/** The first check of every function of a graph. @module */
import { describe, isTensor } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple_type.ts";

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
        `(a list of one number a graph, such as [3]; graphsTuple() makes graphs)`,
    );
  }
}
