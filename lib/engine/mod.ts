/** Which engine there is: how one is chosen, and what one must offer so that `jit` can use it. @module */
export { EngineError, TracerError } from "../base/mod.ts";
export * from "./init.ts";
export * from "./registry.ts";
