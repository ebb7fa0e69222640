/**
 * Transformations of functions: compile and differentiate; loops and branches that compile.
 *
 * @module
 */
export type { AnyRank } from "./check_carry.ts";
export * from "./checkpoint.ts";
export * from "./collectives.ts";
export * from "./cond.ts";
export * from "./grad.ts";
export * from "./jit.ts";
export * from "./pmap.ts";
export type { AxisOptions } from "./replica_grid.ts";
export * from "./scan.ts";
export * from "./while_loop.ts";
