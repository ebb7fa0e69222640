/**
 * What an engine is: the registry that engines enter, and what one must offer so that `jit` can use
 * it.
 *
 * @module
 */
export { EngineError, TracerError } from "../base/mod.ts";
export * from "./cost.ts";
export * from "./give_away.ts";
export * from "./registry.ts";
