/** Graphs whose edges are split over devices. @module */
export * from "./convert.ts";
export * from "./sharded_edges_graphs_tuple.ts";
