/** Cloth on a mesh: from a data set's record to a simulator. @module */
export * from "./model.ts";
export * from "./simulator.ts";
export * from "./trajectory.ts";
