/** Nests: map, flatten and unflatten trees of tensors. @module */
export { formatShape } from "../base/mod.ts";
export * from "./check_function.ts";
export * from "./tensor.ts";
export * from "./tree.ts";
