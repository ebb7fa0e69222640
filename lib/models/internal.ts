/** What sharded models need of models; users do not get it. @module */
export type { EdgeReductions } from "./edge_reductions.ts";
export { gatOver } from "./gat.ts";
export { graphConvolutionOver } from "./graph_convolution.ts";
