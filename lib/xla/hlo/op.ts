/**
 * The operations of the graph: their names, and the numbers that say what each does.
 *
 * Tables over operations are total: what is added here is asked for by the type checker in each.
 *
 * @module
 */

/** Element types of the graph: float32, int32 and bool. */
export type ElementType = "f32" | "i32" | "i1";

/** Elementwise operations of one operand, by their StableHLO (or CHLO) names. */
export const UNARY_OPS = [
  "abs",
  "ceil",
  "cosine",
  "exponential",
  "exponential_minus_one",
  "floor",
  "log",
  "log_plus_one",
  "logistic",
  "negate",
  "not",
  "optimization_barrier",
  "round_nearest_even",
  "rsqrt",
  "sign",
  "sine",
  "sqrt",
  "tan",
  "tanh",
  "chlo.acos",
  "chlo.acosh",
  "chlo.asin",
  "chlo.asinh",
  "chlo.atanh",
  "chlo.cosh",
  "chlo.erf",
  "chlo.erf_inv",
  "chlo.sinh",
] as const;

/** Elementwise operations of two operands of one shape and type. */
export const BINARY_OPS = [
  "add",
  "and",
  "atan2",
  "divide",
  "maximum",
  "minimum",
  "multiply",
  "or",
  "power",
  "remainder",
  "shift_left",
  "shift_right_logical",
  "subtract",
  "xor",
] as const;

/** The name of an elementwise operation of one operand. */
export type UnaryOp = typeof UNARY_OPS[number];

/** The name of an elementwise operation of two operands. */
export type BinaryOp = typeof BINARY_OPS[number];

/** Directions of `compare`. */
export type Direction = "EQ" | "NE" | "GE" | "GT" | "LE" | "LT";

/** How `reduce` and `scatter` combine two elements. */
export type Combine = "add" | "multiply" | "maximum" | "minimum" | "and" | "or" | "replace";

/** Dimension numbers of a gather, in StableHLO's terms (no batching dimensions). */
export interface GatherDims {
  readonly offsetDims: readonly number[];
  readonly collapsedSliceDims: readonly number[];
  readonly startIndexMap: readonly number[];
  readonly indexVectorDim: number;
  readonly sliceSizes: readonly number[];
}

/** Dimension numbers of a scatter, in StableHLO's terms (no batching dimensions). */
export interface ScatterDims {
  readonly updateWindowDims: readonly number[];
  readonly insertedWindowDims: readonly number[];
  readonly scatterDimsToOperandDims: readonly number[];
  readonly indexVectorDim: number;
}

/** Windows that slide over the dimensions of an operand, a number for each dimension. */
export interface WindowDims {
  readonly size: readonly number[];
  readonly stride: readonly number[];
  /** Places added before and after, which hold nothing. */
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** Windows of a convolution, a number for each spatial dimension. */
export interface ConvolutionDims {
  readonly stride: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  /** Distance between neighbouring elements of the operand: above 1 there are zeros between. */
  readonly lhsDilation: readonly number[];
  /** Distance between neighbouring elements of the filter. */
  readonly rhsDilation: readonly number[];
  /** Groups of input features, each with filters of its own. */
  readonly groups: number;
}

/** The part of a table that says the same of several operations. */
export function sameFor<O extends string, T>(ops: readonly O[], entry: T): Record<O, T> {
  return Object.fromEntries(ops.map((op) => [op, entry])) as Record<O, T>;
}
