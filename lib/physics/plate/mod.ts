/** Plates that are pressed into shape: from a data set's record to a simulator. @module */
export { type PlateFrame, type PlateGraph, plateGraph, type PlateView } from "./graph.ts";
export * from "./model.ts";
export type { StressScale } from "./stress_scale.ts";
export type { PlateBatch, PlateSample } from "./sample.ts";
export * from "./simulator.ts";
export * from "./trajectory.ts";
