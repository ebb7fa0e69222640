/** The arithmetic of each element type. @module */
import { erfInv } from "../../../base/mod.ts";
import type { BinaryOp, Combine, Direction, ElementType, UnaryOp } from "../op.ts";

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Operations whose meaning depends on the type, or that the host leaves to the compiler. */
type Special = "not" | "optimization_barrier" | "chlo.erf";

/** Operations of one operand. */
export const UNARY: Readonly<Record<Exclude<UnaryOp, Special>, (x: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  cosine: Math.cos,
  exponential: Math.exp,
  exponential_minus_one: Math.expm1,
  floor: Math.floor,
  log: Math.log,
  log_plus_one: Math.log1p,
  logistic: (x) => 1 / (1 + Math.exp(-x)),
  negate: (x) => -x,
  round_nearest_even: roundHalfToEven,
  rsqrt: (x) => 1 / Math.sqrt(x),
  sign: Math.sign,
  sine: Math.sin,
  sqrt: Math.sqrt,
  tan: Math.tan,
  tanh: Math.tanh,
  "chlo.acos": Math.acos,
  "chlo.acosh": Math.acosh,
  "chlo.asin": Math.asin,
  "chlo.asinh": Math.asinh,
  "chlo.atanh": Math.atanh,
  "chlo.cosh": Math.cosh,
  "chlo.erf_inv": erfInv,
  "chlo.sinh": Math.sinh,
};

/** An operation of two numbers. */
export type Arithmetic = (a: number, b: number) => number;

/** Operations on the bits of a number. */
type BitOp = "and" | "or" | "xor" | "shift_left" | "shift_right_logical";

/** Operations of two floats. */
const FLOAT: Readonly<Record<Exclude<BinaryOp, BitOp>, Arithmetic>> = {
  add: (a, b) => a + b,
  atan2: Math.atan2,
  divide: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
  multiply: (a, b) => a * b,
  power: (a, b) => Math.abs(a) === 1 && !Number.isFinite(b) && !Number.isNaN(b) ? 1 : a ** b,
  remainder: (a, b) => a % b,
  subtract: (a, b) => a - b,
};

/** Storing in an Int32Array wraps, as int32 arithmetic does. */
const INTEGER: Readonly<Record<Exclude<BinaryOp, "atan2">, Arithmetic>> = {
  add: (a, b) => a + b,
  and: (a, b) => a & b,
  divide: (a, b) => b === 0 ? -1 : Math.trunc(a / b),
  maximum: Math.max,
  minimum: Math.min,
  multiply: Math.imul,
  or: (a, b) => a | b,
  power: (a, b) => Math.trunc(a ** b),
  remainder: (a, b) => b === 0 ? a : a % b,
  shift_left: (a, b) => b >>> 0 > 31 ? 0 : a << b,
  shift_right_logical: (a, b) => b >>> 0 > 31 ? 0 : a >>> b,
  subtract: (a, b) => a - b,
  xor: (a, b) => a ^ b,
};

/** In StableHLO the sum of bools is "or" and their product "and". */
const BOOLEAN: Partial<Record<BinaryOp, Arithmetic>> = {
  add: (a, b) => a | b,
  multiply: (a, b) => a & b,
  and: (a, b) => a & b,
  maximum: (a, b) => a | b,
  minimum: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

/** Operations of two operands, by their type. */
export const BINARY: Readonly<Record<ElementType, Partial<Record<BinaryOp, Arithmetic>>>> = {
  f32: FLOAT,
  i32: INTEGER,
  i1: BOOLEAN,
};

/** The directions of a comparison. */
export const COMPARE: Readonly<Record<Direction, (a: number, b: number) => boolean>> = {
  EQ: (a, b) => a === b,
  NE: (a, b) => a !== b,
  GE: (a, b) => a >= b,
  GT: (a, b) => a > b,
  LE: (a, b) => a <= b,
  LT: (a, b) => a < b,
};

/** How a reduction or a scatter combines two elements. */
export function combineOf(combine: Combine, type: ElementType): Arithmetic {
  return combine === "replace" ? (_, b) => b : BINARY[type][combine]!;
}
