/**
 * Graphs, trajectories and logs as tables of [arquero](https://idl.uw.edu/arquero/): filter, group
 * and join them, in a notebook or anywhere else, make graphs of tables, and write them to files.
 *
 * An entry point of its own, so that who does not look at tables does not load arquero.
 *
 * @module
 */
export type { GraphsTuple } from "../graph/mod.ts";
export type { Tensor, Tree, TreeOf } from "../tree/mod.ts";
export type { TableOptions } from "./columns.ts";
export { toEdgeTable } from "./edge_table.ts";
export { encodeTable, readTable, type TableFormat, writeTable } from "./files.ts";
export { toFrameTable } from "./frame_table.ts";
export { fromTables } from "./from_tables.ts";
export { toNodeTable } from "./node_table.ts";
export { type Rows, toTable } from "./rows_table.ts";
export type { ArrayData } from "../base/mod.ts";
export type { Table } from "../plot/mod.ts";
