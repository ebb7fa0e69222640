/**
 * Meshwork: graph networks for Deno on TensorFlow.js tensors, compiled by XLA.
 *
 * One plain TypeScript function is eager in a notebook, compiled with `jit`, differentiated any
 * number of times with `grad`, and runs in a browser too.
 *
 * @module
 */
export * from "./lib/tree/mod.ts";
export * from "./lib/engine/mod.ts";
export * from "./lib/transform/mod.ts";
