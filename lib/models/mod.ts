/** Models: functions from graphs to graphs, each in one short file to copy and change. @module */
export * from "./deep_sets.ts";
export type * from "./functions.ts";
export { gat, type GATOptions } from "./gat.ts";
export { graphConvolution, type GraphConvolutionOptions } from "./graph_convolution.ts";
export * from "./graph_map_features.ts";
export * from "./graph_model.ts";
export * from "./graph_net_gat.ts";
export * from "./graph_network.ts";
export * from "./interaction_network.ts";
export type * from "./jraph_types.ts";
export * from "./relation_network.ts";
