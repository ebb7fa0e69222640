/** Graphs: the GraphsTuple, batches, padding, masks and converters. @module */
export * from "./batch.ts";
export * from "./concatenated_args.ts";
export * from "./dynamic_batch.ts";
export * from "./from_adjacency.ts";
export * from "./from_edge_list.ts";
export * from "./fully_connected.ts";
export * from "./graphs_tuple.ts";
export * from "./masks.ts";
export * from "./pad.ts";
export * from "./sizes.ts";
export * from "./sort_edges.ts";
export * from "./sparse_matrix.ts";
export * from "./zero_out_padding.ts";
