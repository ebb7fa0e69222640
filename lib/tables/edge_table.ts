/** Edges as a table. @module */
import { type ColumnTable, table } from "arquero";
import { readField, validateGraphsTuple } from "../graph/internal.ts";
import type { GraphsTuple } from "../graph/mod.ts";
import { addFeatures, checkValues, graphOfRow, type TableOptions } from "./columns.ts";

const ACTION = "make a table of edges";

/**
 * The edges of a graph as an arquero table, a row each: `graph`, `sender` and `receiver`, then the
 * features, each column named by its path. A nest `{length, d: {x}}` gives `length` and `d.x`, a
 * single tensor `edges`; a vector gives a column for each of its numbers, `edges[0]`, `edges[1]`, …
 *
 * Works on the host, so not inside `jit`. Padding is shown like all else; `unpadWithGraphs` before.
 *
 * @param graph E edges.
 * @param options What vectors become.
 * @returns A table of E rows. `sender` and `receiver` are the `node` of `toNodeTable`.
 * @throws {TypeError} If a dtype, shape or leading size is wrong.
 * @throws {RangeError} If an index or a count is wrong.
 * @throws {TracerError} Inside `jit`.
 *
 * @example The mean length of the edges that each node receives
 * ```ts
 * import { graphsTuple } from "@meshwork/meshwork";
 * import { toEdgeTable } from "@meshwork/meshwork/tables";
 * import { assertEquals } from "@std/assert";
 * import { op } from "arquero";
 *
 * const graph = graphsTuple({
 *   edges: { length: [1, 3, 4] },
 *   senders: [0, 1, 1],
 *   receivers: [2, 2, 0],
 *   nNode: [3],
 *   nEdge: [3],
 * });
 * const edges = toEdgeTable(graph);
 * assertEquals(edges.columnNames(), ["graph", "sender", "receiver", "length"]);
 * const means = edges.groupby("receiver").rollup({ mean: op.mean("length") });
 * assertEquals(means.objects(), [{ receiver: 2, mean: 2 }, { receiver: 0, mean: 4 }]);
 * ```
 */
export function toEdgeTable(graph: GraphsTuple, options?: TableOptions | null): ColumnTable {
  const nEdge = readField(graph, "nEdge", ACTION, "make the table of what jit returns");
  checkValues(graph, ACTION);
  validateGraphsTuple(graph, ACTION);
  const columns = {
    graph: graphOfRow(nEdge),
    sender: graph.senders.dataSync(),
    receiver: graph.receivers.dataSync(),
  };
  return table(addFeatures(columns, graph.edges, "edges", options));
}
