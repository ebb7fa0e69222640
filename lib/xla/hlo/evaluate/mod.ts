/**
 * The meaning of each operation, as plain loops over arrays on the host.
 *
 * A second implementation of the graph: small eager work runs here, because compiling a program
 * takes longer than computing a few thousand numbers, and the passes and kernels are tested against
 * it. Sums and products are accumulated in double precision.
 *
 * @module
 */
import { fusedMultiplyAdd, stridesOf } from "../../../base/mod.ts";
import { ARRAYS, type HostArray } from "../host_array.ts";
import { type HloNode, isOp, type Op, sizeOf } from "../node.ts";
import type { BinaryOp, UnaryOp } from "../op.ts";
import { BINARY, COMPARE, UNARY } from "./arithmetic.ts";
import { ARRANGEMENT } from "./arrangement.ts";
import { like, type Rule, type Rules } from "./array.ts";
import { CONTRACTION } from "./contraction.ts";
import { INDEXING } from "./indexing.ts";
import { WINDOWS } from "./windows.ts";

/** Operations that only programs have, or that are left to the compiler. */
type InPrograms =
  | "parameter"
  | "value"
  | "call"
  | "while"
  | "case"
  | "element"
  | "dynamic_slice"
  | "dynamic_update_slice"
  | "all_reduce"
  | "process_reduce"
  | "replica_id";

type Ruled = Exclude<Op, UnaryOp | BinaryOp | InPrograms> | "not" | "optimization_barrier";

const RULES: Rules<Ruled> = {
  constant: (n) => like(n).fill(n.attrs.value),
  iota: (n) => {
    const stride = stridesOf(n.shape)[n.attrs.dimension]!;
    const size = n.shape[n.attrs.dimension]!;
    return like(n).map((_, i) => Math.floor(i / stride) % size);
  },
  after: (_, [x]) => x!,
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
  ...ARRANGEMENT,
  ...CONTRACTION,
  ...INDEXING,
  ...WINDOWS,
};

/** Whether {@linkcode evaluate} knows an operation of this type. */
export function canEvaluate({ op, type }: Pick<HloNode, "op" | "type">): boolean {
  return op in RULES || op in UNARY || op in BINARY[type];
}

/** Operations whose rules work out every coordinate, which takes many times longer. */
const INDEXED: ReadonlySet<Op> = new Set<Op>(["gather", "scatter", "pad"]);

/** About how many steps (some nanoseconds each) a node takes to evaluate. */
export function workOf(node: HloNode): number {
  const size = sizeOf(node.shape);
  if (INDEXED.has(node.op)) return 32 * Math.max(size, sizeOf(node.inputs.at(-1)!.shape));
  if (isOp(node, "convolution")) return 8 * size * sizeOf(node.inputs[1]!.shape.slice(0, -1));
  if (isOp(node, "reduce_window")) return 8 * size * sizeOf(node.attrs.size);
  if (isOp(node, "scatter_to_maximum")) {
    return 8 * sizeOf(node.inputs[1]!.shape) * sizeOf(node.attrs.size);
  }
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
  const rule = RULES[node.op as Ruled] as Rule<Op> | undefined;
  if (rule) return rule(node, operands);
  const [a, b] = operands as [HostArray, HostArray];
  const one = UNARY[node.op as keyof typeof UNARY];
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
