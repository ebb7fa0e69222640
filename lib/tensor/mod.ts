/**
 * What becomes a tensor, what arguments must be, and rows: for all folders that take tensors.
 *
 * @module
 */
export * from "./check.ts";
export * from "./rows.ts";
export * from "./to_tensor.ts";
