/** Transformations of functions: compile and differentiate. @module */
export * from "./grad.ts";
export * from "./jit.ts";
