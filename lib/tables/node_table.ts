/** Nodes as a table. @module */
import { type ColumnTable, table } from "arquero";
import { readField, validateGraphsTuple } from "../graph/internal.ts";
import type { GraphsTuple } from "../graph/mod.ts";
import { addFeatures, checkValues, graphOfRow, type TableOptions } from "./columns.ts";

const ACTION = "make a table of nodes";

/**
 * The nodes of a graph as an arquero table, a row each: `graph` and `node` (the index that edges go
 * by), then the features, in columns as those of `toEdgeTable`.
 *
 * Works on the host, so not inside `jit`. Padding is shown like all else; `unpadWithGraphs` before.
 *
 * @param graph N nodes, with features or without.
 * @param options What vectors become.
 * @returns A table of N rows.
 * @throws {TypeError} If a dtype, shape or leading size is wrong.
 * @throws {RangeError} If an index or a count is wrong.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple } from "@meshwork/meshwork";
 * import { toNodeTable } from "@meshwork/meshwork/tables";
 * import { assertEquals } from "@std/assert";
 *
 * const nodes = { position: [[0, 1], [2, 3]], isWall: [true, false] };
 * const table = toNodeTable(graphsTuple({ nodes, nNode: [1, 1] }));
 * assertEquals(table.objects(), [
 *   { graph: 0, node: 0, isWall: true, "position[0]": 0, "position[1]": 1 },
 *   { graph: 1, node: 1, isWall: false, "position[0]": 2, "position[1]": 3 },
 * ]);
 * ```
 */
export function toNodeTable(graph: GraphsTuple, options?: TableOptions | null): ColumnTable {
  const nNode = readField(graph, "nNode", ACTION, "make the table of what jit returns");
  checkValues(graph, ACTION);
  validateGraphsTuple(graph, ACTION);
  const graphs = graphOfRow(nNode);
  const columns = { graph: graphs, node: graphs.map((_, node) => node) };
  return table(addFeatures(columns, graph.nodes, "nodes", options));
}
