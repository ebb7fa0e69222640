/** Graphs whose edges are split over devices, and the processes that they may belong to. @module */
export * from "./convert.ts";
export * as distributed from "./distributed.ts";
export * from "./shard_reader.ts";
export * from "./sharded_edges_graphs_tuple.ts";
export * from "./sharded_models.ts";
export * from "./sharded_segments.ts";
