/**
 * The meaning of each operation, as plain loops over arrays on the host.
 *
 * A second implementation of the graph: small eager work runs here, because compiling a program
 * takes longer than computing a few thousand numbers, and the passes and kernels are tested against
 * it. Sums and products are accumulated in double precision.
 *
 * @module
 */
import { erfInv, fusedMultiplyAdd } from "../../engine/kernels/float32.ts";
import { identityOf } from "./build.ts";
import {
  type Attrs,
  type BinaryOp,
  type Combine,
  type Direction,
  type ElementType,
  type HloNode,
  isOp,
  type Op,
  sizeOf,
  type UnaryOp,
} from "./node.ts";
import { stridesOf, walkPair } from "./strided.ts";

/** Values of a node on the host, in row-major order. */
export type HostArray = Float32Array | Int32Array | Uint8Array;

const ARRAYS = { f32: Float32Array, i32: Int32Array, i1: Uint8Array } as const;

/** An array of zeros of an element type. */
export function hostArray(type: ElementType, size: number): HostArray {
  return new ARRAYS[type](size);
}

function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

const UNARY: { readonly [O in UnaryOp]?: (x: number) => number } = {
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
  "chlo.atan": Math.atan,
  "chlo.atanh": Math.atanh,
  "chlo.cosh": Math.cosh,
  "chlo.erf_inv": erfInv,
  "chlo.sinh": Math.sinh,
};

type Arithmetic = (a: number, b: number) => number;

const FLOAT: { readonly [O in BinaryOp]?: Arithmetic } = {
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
const INTEGER: { readonly [O in BinaryOp]?: Arithmetic } = {
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
const BOOLEAN: { readonly [O in BinaryOp]?: Arithmetic } = {
  add: (a, b) => a | b,
  multiply: (a, b) => a & b,
  and: (a, b) => a & b,
  maximum: (a, b) => a | b,
  minimum: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const BINARY = { f32: FLOAT, i32: INTEGER, i1: BOOLEAN } as const;

const COMPARE: Readonly<Record<Direction, (a: number, b: number) => boolean>> = {
  EQ: (a, b) => a === b,
  NE: (a, b) => a !== b,
  GE: (a, b) => a >= b,
  GT: (a, b) => a > b,
  LE: (a, b) => a <= b,
  LT: (a, b) => a < b,
};

function combineOf(combine: Combine, type: ElementType): Arithmetic {
  return combine === "replace" ? (_, b) => b : BINARY[type][combine]!;
}

/** Computes a node from its operands' values. */
type Rule<O extends Op> = (node: HloNode<O>, operands: readonly HostArray[]) => HostArray;

const like = (node: HloNode): HostArray => hostArray(node.type, sizeOf(node.shape));

const RULES: { readonly [O in Op]?: Rule<O> } = {
  constant: (n) => like(n).fill(n.attrs.value),
  iota: (n) => {
    const stride = stridesOf(n.shape)[n.attrs.dimension]!;
    const size = n.shape[n.attrs.dimension]!;
    return like(n).map((_, i) => Math.floor(i / stride) % size);
  },
  not: (n, [x]) => n.type === "i1" ? x!.map((v) => 1 - v) : x!.map((v) => ~v),
  is_finite: (_, [x]) => Uint8Array.from(x!, (v) => Number.isFinite(v) ? 1 : 0),
  compare: (n, [a, b]) => {
    const test = COMPARE[n.attrs.direction];
    return Uint8Array.from(a!, (v, i) => test(v, b![i]!) ? 1 : 0);
  },
  select: (n, [c, a, b]) => like(n).map((_, i) => c![i] ? a![i]! : b![i]!),
  multiply_add: (n, [a, b, c]) => like(n).map((_, i) => fusedMultiplyAdd(a![i]!, b![i]!, c![i]!)),
  convert: (n, [x]) => {
    if (n.type !== "i32" || n.inputs[0]!.type !== "f32") return like(n).map((_, i) => x![i]!);
    // Out of range clamps and NaN is 0, where storing would wrap.
    return Int32Array.from(x!, (v) => Math.min(Math.max(v, -(2 ** 31)), 2 ** 31 - 1));
  },
  bitcast_convert: (n, [x]) => new ARRAYS[n.type](x!.slice().buffer),
  reshape: (_, [x]) => x!,
  optimization_barrier: (_, [x]) => x!,
  transpose: (n, [x]) => {
    const strides = stridesOf(n.inputs[0]!.shape);
    return pick(n, x!, 0, n.attrs.permutation.map((d) => strides[d]!));
  },
  broadcast_in_dim: (n, [x]) => {
    const { shape } = n.inputs[0]!;
    const from = stridesOf(shape);
    const strides = n.shape.map(() => 0);
    n.attrs.dims.forEach((to, d) => strides[to] = shape[d] === 1 ? 0 : from[d]!);
    return pick(n, x!, 0, strides);
  },
  slice: (n, [x]) => {
    const from = stridesOf(n.inputs[0]!.shape);
    const offset = n.attrs.start.reduce((sum, start, d) => sum + start * from[d]!, 0);
    return pick(n, x!, offset, from.map((stride, d) => stride * n.attrs.stride[d]!));
  },
  reverse: (n, [x]) => {
    const strides = stridesOf(n.shape);
    let offset = 0;
    for (const d of n.attrs.dims) {
      offset += (n.shape[d]! - 1) * strides[d]!;
      strides[d] = -strides[d]!;
    }
    return pick(n, x!, offset, strides);
  },
  pad: (n, [x, value]) => {
    const { low, interior } = n.attrs;
    const { shape } = n.inputs[0]!;
    const out = like(n).fill(value![0]!);
    scatterBoxes(
      shape,
      (index) => {
        const at = index.map((i, d) => low[d]! + i * (interior[d]! + 1));
        return inside(at, n.shape) ? at : null;
      },
      n.shape,
      (to, from) => out[to] = x![from]!,
    );
    return out;
  },
  concatenate: (n, parts) => {
    const out = like(n);
    const to = stridesOf(n.shape);
    let offset = 0;
    n.inputs.forEach(({ shape }, p) => {
      const walk = { offset, strides: to };
      walkPair(shape, walk, { offset: 0, strides: stridesOf(shape) }, (o, i) => {
        out[o] = parts[p]![i]!;
      });
      offset += shape[n.attrs.dimension]! * to[n.attrs.dimension]!;
    });
    return out;
  },
  dot_general: evaluateDot,
  reduce: (n, [x]) => {
    const { combine, dims } = n.attrs;
    const { shape } = n.inputs[0]!;
    const kept = stridesOf(n.shape);
    let next = 0;
    const strides = shape.map((_, d) => dims.includes(d) ? 0 : kept[next++]!);
    const sums = accumulator(n.type, sizeOf(n.shape)).fill(identityOf(combine, n.type));
    const step = combineOf(combine, n.type);
    const walk = { offset: 0, strides: stridesOf(shape) };
    walkPair(shape, { offset: 0, strides }, walk, (o, i) => sums[o] = step(sums[o]!, x![i]!));
    return ARRAYS[n.type].from(sums);
  },
  gather: (n, [x, indices]) => {
    const { offsetDims, collapsedSliceDims, startIndexMap, sliceSizes } = n.attrs;
    const { shape } = n.inputs[0]!;
    const window = shape.map((_, d) => d).filter((d) => !collapsedSliceDims.includes(d));
    const from = stridesOf(shape);
    const out = like(n);
    const starts = indexReader(n.inputs[1]!, indices!, n.attrs.indexVectorDim);
    forEachIndex(n.shape, (index, o) => {
      const start = starts(index.filter((_, d) => !offsetDims.includes(d)));
      let at = 0;
      startIndexMap.forEach((d, k) => {
        at += Math.min(Math.max(start[k]!, 0), shape[d]! - sliceSizes[d]!) * from[d]!;
      });
      offsetDims.forEach((d, k) => at += index[d]! * from[window[k]!]!);
      out[o] = x![at]!;
    });
    return out;
  },
  scatter: (n, [x, indices, updates]) => {
    const { updateWindowDims, insertedWindowDims, scatterDimsToOperandDims, combine } = n.attrs;
    const window = n.shape.map((_, d) => d).filter((d) => !insertedWindowDims.includes(d));
    const out = accumulator(n.type, x!.length);
    out.set(x!);
    const to = stridesOf(n.shape);
    const step = combineOf(combine, n.type);
    const starts = indexReader(n.inputs[1]!, indices!, n.attrs.indexVectorDim);
    forEachIndex(n.inputs[2]!.shape, (index, u) => {
      const start = starts(index.filter((_, d) => !updateWindowDims.includes(d)));
      const position = n.shape.map(() => 0);
      scatterDimsToOperandDims.forEach((d, k) => position[d] = start[k]!);
      updateWindowDims.forEach((d, k) => position[window[k]!]! += index[d]!);
      if (!inside(position, n.shape)) return;
      const at = position.reduce((sum, i, d) => sum + i * to[d]!, 0);
      out[at] = step(out[at]!, updates![u]!);
    });
    return ARRAYS[n.type].from(out);
  },
  argsort: (n, [keys]) => {
    const size = n.shape[n.shape.length - 1]!;
    const out = new Int32Array(keys!.length);
    const sign = n.attrs.descending ? -1 : 1;
    for (let row = 0; row < out.length; row += size) {
      const order = Array.from({ length: size }, (_, i) => i);
      order.sort((a, b) => sign * compareKeys(keys![row + a]!, keys![row + b]!));
      out.set(order, row);
    }
    return out;
  },
};

/** The order of sorted keys: NaN after all numbers. */
function compareKeys(a: number, b: number): number {
  if (a === b) return 0;
  return Number.isNaN(a) || Number.isNaN(b)
    ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    : a - b;
}

/** Sums of floats are kept in double precision until they are whole. */
function accumulator(type: ElementType, size: number): Float64Array | Int32Array | Uint8Array {
  return type === "f32"
    ? new Float64Array(size)
    : type === "i32"
    ? new Int32Array(size)
    : new Uint8Array(size);
}

function pick(node: HloNode, x: HostArray, offset: number, strides: readonly number[]): HostArray {
  const out = like(node);
  const to = { offset: 0, strides: stridesOf(node.shape) };
  walkPair(node.shape, to, { offset, strides }, (o, i) => out[o] = x[i]!);
  return out;
}

/** Calls `visit` with the coordinates and the position of each element. */
function forEachIndex(
  shape: readonly number[],
  visit: (index: readonly number[], position: number) => void,
): void {
  const size = sizeOf(shape);
  const index = shape.map(() => 0);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++index[d]! < shape[d]!) break;
      index[d] = 0;
    }
  }
}

function scatterBoxes(
  shape: readonly number[],
  place: (index: readonly number[]) => readonly number[] | null,
  into: readonly number[],
  visit: (to: number, from: number) => void,
): void {
  const strides = stridesOf(into);
  forEachIndex(shape, (index, from) => {
    const at = place(index);
    if (at) visit(at.reduce((sum, i, d) => sum + i * strides[d]!, 0), from);
  });
}

function inside(index: readonly number[], shape: readonly number[]): boolean {
  return index.every((i, d) => i >= 0 && i < shape[d]!);
}

/** Reads index vectors of a gather or scatter by their batch coordinates. */
function indexReader(
  { shape }: HloNode,
  values: HostArray,
  vectorDim: number,
): (batch: readonly number[]) => number[] {
  const strides = stridesOf(shape);
  const implicit = vectorDim === shape.length;
  const length = implicit ? 1 : shape[vectorDim]!;
  return (batch) => {
    let at = 0;
    batch.forEach((i, k) => at += i * strides[!implicit && k >= vectorDim ? k + 1 : k]!);
    return Array.from({ length }, (_, k) => values[at + (implicit ? 0 : k * strides[vectorDim]!)]!);
  };
}

function evaluateDot(
  n: HloNode<"dot_general">,
  [a, b]: readonly HostArray[],
): HostArray {
  const [x, y] = n.inputs as [HloNode, HloNode];
  const { batch, lhsContract, rhsContract } = n.attrs;
  const out = like(n);
  const [xs, ys] = [stridesOf(x.shape), stridesOf(y.shape)];
  const free = (shape: readonly number[], contract: number): number[] =>
    shape.map((_, d) => d).filter((d) => d >= batch && d !== contract);
  const [xFree, yFree] = [free(x.shape, lhsContract), free(y.shape, rhsContract)];
  const batches = xs.slice(0, batch);
  const aStrides = [...batches, ...xFree.map((d) => xs[d]!), ...yFree.map(() => 0)];
  const bStrides = [...ys.slice(0, batch), ...xFree.map(() => 0), ...yFree.map((d) => ys[d]!)];
  const [aStep, bStep] = [xs[lhsContract]!, ys[rhsContract]!];
  const length = x.shape[lhsContract]!;
  let o = 0;
  walkPair(n.shape, { offset: 0, strides: aStrides }, { offset: 0, strides: bStrides }, (i, j) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += a![i + k * aStep]! * b![j + k * bStep]!;
    out[o++] = sum;
  });
  return out;
}

/** Whether {@linkcode evaluate} knows an operation. */
export function canEvaluate(op: keyof Attrs): boolean {
  return op in RULES || op in UNARY || op in FLOAT || op in INTEGER;
}

/** Operations whose rules work out every coordinate, which takes many times longer. */
const INDEXED: ReadonlySet<Op> = new Set<Op>(["gather", "scatter", "pad"]);

/** About how many steps (some nanoseconds each) a node takes to evaluate. */
export function workOf(node: HloNode): number {
  const size = sizeOf(node.shape);
  if (INDEXED.has(node.op)) return 32 * Math.max(size, sizeOf(node.inputs.at(-1)!.shape));
  if (isOp(node, "dot_general")) return size * node.inputs[0]!.shape[node.attrs.lhsContract]!;
  return Math.max(size, ...node.inputs.map((input) => sizeOf(input.shape)));
}

/**
 * Computes one node.
 *
 * @param node The node.
 * @param operands Values of its inputs.
 * @returns Its values; may be an operand's own array.
 */
export function evaluate(node: HloNode, operands: readonly HostArray[]): HostArray {
  const rule = RULES[node.op] as Rule<Op> | undefined;
  if (rule) return rule(node, operands);
  const [a, b] = operands as [HostArray, HostArray];
  const one = UNARY[node.op as UnaryOp];
  const out = like(node);
  if (one) {
    for (let i = 0; i < out.length; i++) out[i] = one(a[i]!);
    return out;
  }
  const two = BINARY[node.type][node.op as BinaryOp];
  if (!two) throw new TypeError(`Cannot evaluate ${node.op} of ${node.type} as it has no rule`);
  for (let i = 0; i < out.length; i++) out[i] = two(a[i]!, b[i]!);
  return out;
}
