/** Flows on a mesh: from a data set's record to a simulator. @module */
export { flowGraph } from "./graph.ts";
export * from "./model.ts";
export * from "./sample.ts";
export * from "./simulator.ts";
export type { FlowSymmetryOptions } from "./symmetry.ts";
export * from "./trajectory.ts";
