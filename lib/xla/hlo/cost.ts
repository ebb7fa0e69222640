/**
 * Counts what a graph costs, by XLA's conventions: an addition is one operation, a multiplication
 * with an addition two, a function like exp a transcendental, and moving numbers none.
 *
 * @module
 */
import type { OperationCounts } from "../../engine/mod.ts";
import { type HloNode, isOp, type Op, type Region, sizeOf } from "./node.ts";
import { BINARY_OPS, sameFor, UNARY_OPS } from "./op.ts";
import { topologicalOrder } from "./order.ts";

const NOTHING: OperationCounts = {
  flops: 0,
  transcendentals: 0,
  bytesAccessed: 0,
  loopsOfUnknownLength: 0,
};

/**
 * The work of an operation: it names values that are there, moves numbers, computes functions like
 * exp, or other numbers.
 */
type Kind = "name" | "move" | "transcendental" | "arithmetic";

function kind<O extends Op>(of: Kind, ...ops: readonly O[]): Record<O, Kind> {
  return sameFor(ops, of);
}

/** The kind of each operation; loops and branches cost what their regions do. */
const KINDS: Readonly<Record<Exclude<Op, "while" | "case">, Kind>> = {
  ...kind("arithmetic", ...UNARY_OPS, ...BINARY_OPS),
  ...kind("arithmetic", "is_finite", "compare", "select", "multiply_add", "convert"),
  ...kind("arithmetic", "dot_general", "convolution", "reduce", "reduce_window"),
  ...kind("arithmetic", "scatter_to_maximum", "scatter", "argsort"),
  ...kind("arithmetic", "all_reduce", "process_reduce", "replica_id"),
  ...kind("transcendental", "atan2", "cosine", "exponential", "exponential_minus_one", "log"),
  ...kind("transcendental", "log_plus_one", "logistic", "power", "rsqrt", "sine", "sqrt", "tan"),
  ...kind("transcendental", "tanh", "chlo.acos", "chlo.acosh", "chlo.asin", "chlo.asinh"),
  ...kind("transcendental", "chlo.atanh", "chlo.cosh", "chlo.erf", "chlo.erf_inv", "chlo.sinh"),
  ...kind("move", "iota", "transpose", "broadcast_in_dim", "slice", "pad", "reverse"),
  ...kind("move", "concatenate", "gather", "dynamic_slice", "dynamic_update_slice"),
  ...kind("name", "parameter", "value", "call", "constant", "element", "reshape"),
  ...kind("name", "bitcast_convert", "optimization_barrier", "after"),
};

/** Operations on single numbers that a node takes, for those that are not elementwise. */
function flopsOf(node: HloNode): number {
  const size = sizeOf(node.shape);
  const [first, second, third] = node.inputs;
  if (isOp(node, "dot_general")) return 2 * size * first!.shape[node.attrs.lhsContract]!;
  if (isOp(node, "convolution")) return 2 * size * sizeOf(second!.shape.slice(0, -1));
  if (isOp(node, "multiply_add")) return 2 * size;
  if (isOp(node, "reduce")) return sizeOf(first!.shape) - size;
  if (isOp(node, "reduce_window")) return size * (sizeOf(node.attrs.size) - 1);
  if (isOp(node, "scatter_to_maximum")) return sizeOf(second!.shape) * sizeOf(node.attrs.size);
  if (isOp(node, "scatter")) return node.attrs.combine === "replace" ? 0 : sizeOf(third!.shape);
  if (isOp(node, "argsort")) return size * Math.ceil(Math.log2(Math.max(node.shape.at(-1)!, 1)));
  return size;
}

function bytesOf({ shape, type }: Pick<HloNode, "shape" | "type">): number {
  return sizeOf(shape) * (type === "i1" ? 1 : 4);
}

/** Bytes that a node reads and writes; what only touches a part of its operand counts that part. */
function accessesOf(node: HloNode): number {
  const [first, ...rest] = node.inputs;
  const own = bytesOf(node);
  const others = rest.reduce((sum, input) => sum + bytesOf(input), 0);
  switch (node.op) {
    case "slice":
    case "gather":
    case "dynamic_slice":
      return 2 * own + others;
    // They write in place of their first operand, reading what they add to.
    case "scatter":
      return others + 2 * bytesOf(node.inputs.at(-1)!);
    case "dynamic_update_slice":
      return others + bytesOf(node.inputs[1]!);
    default:
      return own + (first ? bytesOf(first) : 0) + others;
  }
}

function add(a: OperationCounts, b: OperationCounts, times = 1): OperationCounts {
  return {
    flops: a.flops + times * b.flops,
    transcendentals: a.transcendentals + times * b.transcendentals,
    bytesAccessed: a.bytesAccessed + times * b.bytesAccessed,
    loopsOfUnknownLength: a.loopsOfUnknownLength + b.loopsOfUnknownLength,
  };
}

function countNode(node: HloNode): OperationCounts {
  if (isOp(node, "while")) return countLoop(node);
  if (isOp(node, "case")) return dearest(node.attrs.branches.map(countRegion));
  const does = KINDS[node.op as keyof typeof KINDS];
  if (does === "name") return NOTHING;
  const bytesAccessed = accessesOf(node);
  if (does === "move") return { ...NOTHING, bytesAccessed };
  return does === "transcendental"
    ? { ...NOTHING, transcendentals: sizeOf(node.shape), bytesAccessed }
    : { ...NOTHING, flops: flopsOf(node), bytesAccessed };
}

function countLoop(node: HloNode<"while">): OperationCounts {
  const { condition, body } = node.attrs;
  const rounds = roundsOf(node);
  const once = add(countRegion(condition), countRegion(body));
  const all = add(NOTHING, once, rounds ?? 1);
  return rounds === null ? { ...all, loopsOfUnknownLength: all.loopsOfUnknownLength + 1 } : all;
}

/** The branch with the most operations, as which one runs is not known. */
function dearest(branches: readonly OperationCounts[]): OperationCounts {
  const cost = (counts: OperationCounts): number => counts.flops + counts.transcendentals;
  return branches.reduce((most, each) => cost(each) > cost(most) ? each : most, NOTHING);
}

function countRegion({ parameters, outputs }: Region): OperationCounts {
  const own = new Set(parameters);
  return countOperations(topologicalOrder(outputs, (node) => own.has(node)));
}

/**
 * The rounds of a loop that counts up by one from a constant to a constant, as scans do; else null.
 */
function roundsOf({ attrs: { condition, body }, inputs }: HloNode<"while">): number | null {
  const test = condition.outputs[0]!;
  if (!isOp(test, "compare") || test.attrs.direction !== "LT") return null;
  const [counter, end] = test.inputs as [HloNode, HloNode];
  const at = condition.parameters.indexOf(counter);
  const [start, next] = [inputs[at], body.outputs[at]];
  if (!start || !isOp(start, "constant") || !isOp(end, "constant")) return null;
  if (!next || !isOp(next, "add")) return null;
  const own = body.parameters[at];
  const step = next.inputs.find((input) => input !== own);
  const counts = next.inputs.includes(own!) && step && isOp(step, "constant") &&
    step.attrs.value === 1;
  return counts ? Math.max(0, end.attrs.value - start.attrs.value) : null;
}

/** The cost of all nodes of a graph together. */
export function countOperations(nodes: readonly HloNode[]): OperationCounts {
  return nodes.reduce((sum, node) => add(sum, countNode(node)), NOTHING);
}
