/** Nests: map, flatten and unflatten trees of tensors. @module */
export * from "./tensor.ts";
export * from "./tree.ts";
