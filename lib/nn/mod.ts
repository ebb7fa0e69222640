/** Layers with parameters, and how parameters are drawn. @module */
export * as initializers from "./initializers.ts";
export type { Initializer } from "./initializers.ts";
export type { Layer } from "./layer.ts";
export * from "./layer_norm.ts";
export * from "./linear.ts";
export * from "./lstm_cell.ts";
export * from "./mlp.ts";
