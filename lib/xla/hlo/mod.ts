/** The graph that kernels record, its builders, printer and verifier. @module */
export * from "./cost.ts";
export * from "./format_type.ts";
export * from "./host_array.ts";
export * from "./identity.ts";
export * from "./node.ts";
export * from "./op.ts";
export * from "./order.ts";
export * from "./print.ts";
export * from "./region.ts";
export * from "./verify.ts";
export * from "./evaluate/mod.ts";
export * as hlo from "./builders.ts";
