/**
 * Graphs as tables of [arquero](https://idl.uw.edu/arquero/): filter, group and join nodes and
 * edges, in a notebook or anywhere else.
 *
 * An entry point of its own, so that who does not look at tables does not load arquero.
 *
 * @module
 */
export type { GraphsTuple } from "../graph/mod.ts";
export type { Tensor, Tree, TreeOf } from "../tree/mod.ts";
export type { TableOptions } from "./columns.ts";
export { toEdgeTable } from "./edge_table.ts";
export { toNodeTable } from "./node_table.ts";
