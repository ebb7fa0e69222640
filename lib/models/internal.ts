/** Models over split edges, for sharded models, not for users. @module */
export type { EdgeReductions } from "./edge_reductions.ts";
export { gatOver } from "./gat.ts";
export { graphConvolutionOver } from "./graph_convolution.ts";
