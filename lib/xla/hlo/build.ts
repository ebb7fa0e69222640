/**
 * Builders: one function an operation, which infer the result's shape and type and drop what does
 * nothing (a reshape to the same shape, a broadcast of a constant).
 *
 * @module
 */
import { broadcastShape } from "./broadcast.ts";
import { convolutionShape, dotShape, paddedShape, windowsShape } from "./infer_shape.ts";
import { type HloNode, isOp, makeNode, sameShape, sizeOf } from "./node.ts";
import type {
  BinaryOp,
  Combine,
  ConvolutionDims,
  Direction,
  ElementType,
  GatherDims,
  ScatterDims,
  UnaryOp,
  WindowDims,
} from "./op.ts";

/** One number in every element. */
export function constant(
  value: number,
  shape: readonly number[] = [],
  type: ElementType = "f32",
): HloNode {
  const stored = type === "f32" ? Math.fround(value) : type === "i32" ? value | 0 : value ? 1 : 0;
  return makeNode("constant", [], shape, type, { value: stored });
}

/** The index along one dimension in every element. */
export function iota(shape: readonly number[], dimension: number, type: ElementType): HloNode {
  return makeNode("iota", [], shape, type, { dimension });
}

/** An elementwise operation of one operand. */
export function unary(op: UnaryOp, x: HloNode): HloNode {
  return makeNode(op, [x], x.shape, x.type, null);
}

/** An elementwise operation of two operands, which are broadcast against each other. */
export function binary(op: BinaryOp, a: HloNode, b: HloNode): HloNode {
  const shape = broadcastShape(a.shape, b.shape);
  return makeNode(op, [broadcastTo(a, shape), broadcastTo(b, shape)], shape, a.type, null);
}

/** `a + b`, broadcast. */
export function add(a: HloNode, b: HloNode): HloNode {
  return binary("add", a, b);
}

/** `a - b`, broadcast. */
export function sub(a: HloNode, b: HloNode): HloNode {
  return binary("subtract", a, b);
}

/** `a * b`, broadcast. */
export function mul(a: HloNode, b: HloNode): HloNode {
  return binary("multiply", a, b);
}

/** `a / b`, broadcast. */
export function div(a: HloNode, b: HloNode): HloNode {
  return binary("divide", a, b);
}

/** A number as a scalar of a node's type, to be broadcast. */
export function like(x: HloNode, value: number): HloNode {
  return constant(value, [], x.type);
}

/** Compares elementwise; bool. */
export function compare(direction: Direction, a: HloNode, b: HloNode): HloNode {
  const shape = broadcastShape(a.shape, b.shape);
  const operands = [broadcastTo(a, shape), broadcastTo(b, shape)];
  return makeNode("compare", operands, shape, "i1", { direction });
}

/** Whether each element is neither infinite nor NaN; bool. */
export function isFinite(x: HloNode): HloNode {
  return makeNode("is_finite", [x], x.shape, "i1", null);
}

/** `condition ? a : b`, elementwise; all three are broadcast. */
export function select(condition: HloNode, a: HloNode, b: HloNode): HloNode {
  const shape = broadcastShape(condition.shape, broadcastShape(a.shape, b.shape));
  const operands = [condition, a, b].map((x) => broadcastTo(x, shape));
  return makeNode("select", operands, shape, a.type, null);
}

/** `a * b + c` elementwise, as one operation; all three are broadcast. */
export function multiplyAdd(a: HloNode, b: HloNode, c: HloNode): HloNode {
  const shape = broadcastShape(a.shape, broadcastShape(b.shape, c.shape));
  const operands = [a, b, c].map((x) => broadcastTo(x, shape));
  return makeNode("multiply_add", operands, shape, a.type, null);
}

/** Converts to another element type; to bool it is "not zero". */
export function convert(x: HloNode, type: ElementType): HloNode {
  if (x.type === type) return x;
  if (isOp(x, "constant") && !(type === "i32" && Number.isNaN(x.attrs.value))) {
    return constant(type === "i32" ? Math.trunc(x.attrs.value) : x.attrs.value, x.shape, type);
  }
  if (type === "i1") return compare("NE", x, like(x, 0));
  return makeNode("convert", [x], x.shape, type, null);
}

/** Reads the bits of each element as another type of the same width. */
export function bitcast(x: HloNode, type: ElementType): HloNode {
  return makeNode("bitcast_convert", [x], x.shape, type, null);
}

/** The same elements in another shape. */
export function reshape(x: HloNode, shape: readonly number[]): HloNode {
  if (sameShape(x.shape, shape)) return x;
  if (isOp(x, "constant")) return constant(x.attrs.value, shape, x.type);
  const source = isOp(x, "reshape") && !x.data ? x.inputs[0]! : x;
  if (sameShape(source.shape, shape)) return source;
  return makeNode("reshape", [source], shape, x.type, null);
}

/** Reorders dimensions: result dimension `i` is operand dimension `permutation[i]`. */
export function transpose(x: HloNode, permutation: readonly number[]): HloNode {
  if (permutation.every((from, to) => from === to)) return x;
  const shape = permutation.map((from) => x.shape[from]!);
  if (isOp(x, "constant")) return constant(x.attrs.value, shape, x.type);
  return makeNode("transpose", [x], shape, x.type, { permutation });
}

/** Broadcasts, operand dimension `i` becoming result dimension `dims[i]`. */
export function broadcastInDim(
  x: HloNode,
  shape: readonly number[],
  dims: readonly number[],
): HloNode {
  if (sameShape(x.shape, shape) && dims.every((to, from) => to === from)) return x;
  if (isOp(x, "constant")) return constant(x.attrs.value, shape, x.type);
  return makeNode("broadcast_in_dim", [x], shape, x.type, { dims });
}

/** Broadcasts by NumPy's rule: trailing dimensions match or are 1. */
export function broadcastTo(x: HloNode, shape: readonly number[]): HloNode {
  const offset = shape.length - x.shape.length;
  return broadcastInDim(x, shape, x.shape.map((_, i) => i + offset));
}

/** A box of the operand: from `start`, of the given size, every `stride`-th element. */
export function slice(
  x: HloNode,
  start: readonly number[],
  size: readonly number[],
  stride: readonly number[] = start.map(() => 1),
): HloNode {
  if (sameShape(x.shape, size)) return x;
  if (isOp(x, "constant")) return constant(x.attrs.value, size, x.type);
  return makeNode("slice", [x], size, x.type, { start, stride });
}

/** A slice of one dimension. */
export function sliceDim(x: HloNode, dimension: number, start: number, size: number): HloNode {
  const starts = x.shape.map((_, i) => i === dimension ? start : 0);
  return slice(x, starts, x.shape.map((all, i) => i === dimension ? size : all));
}

/** Adds rows of `value` before, after and between the elements. */
export function pad(
  x: HloNode,
  value: HloNode,
  low: readonly number[],
  high: readonly number[],
  interior: readonly number[] = low.map(() => 0),
): HloNode {
  // Of one shape with its operand it may still be a shift: negative padding crops.
  if ([...low, ...high, ...interior].every((n) => n === 0)) return x;
  const dims = { low, high, interior };
  return makeNode("pad", [x, value], paddedShape(x.shape, dims), x.type, dims);
}

/** Reverses the order along dimensions. */
export function reverse(x: HloNode, dims: readonly number[]): HloNode {
  return dims.length === 0 ? x : makeNode("reverse", [x], x.shape, x.type, { dims });
}

/** Joins operands along a dimension. */
export function concatenate(parts: readonly HloNode[], dimension: number): HloNode {
  if (parts.length === 1) return parts[0]!;
  const shape = [...parts[0]!.shape];
  shape[dimension] = parts.reduce((sum, part) => sum + part.shape[dimension]!, 0);
  return makeNode("concatenate", parts, shape, parts[0]!.type, { dimension });
}

/**
 * A batched matrix product over the leading `batch` dimensions: contracts one dimension of each
 * side; the result's are the batch, the left's free and the right's free ones.
 */
export function dot(
  lhs: HloNode,
  rhs: HloNode,
  lhsContract: number,
  rhsContract: number,
  batch = 0,
): HloNode {
  const attrs = { batch, lhsContract, rhsContract };
  const shape = dotShape(lhs.shape, rhs.shape, attrs);
  return makeNode("dot_general", [lhs, rhs], shape, lhs.type, attrs);
}

/** Slides filters over the operand; see the attributes of `convolution` for the layout. */
export function convolution(lhs: HloNode, rhs: HloNode, dims: ConvolutionDims): HloNode {
  const shape = convolutionShape(lhs.shape, rhs.shape, dims);
  return makeNode("convolution", [lhs, rhs], shape, lhs.type, dims);
}

/** Combines the elements under each place of a window. */
export function reduceWindow(x: HloNode, combine: Combine, dims: WindowDims): HloNode {
  const shape = windowsShape(x.shape, dims);
  return makeNode("reduce_window", [x], shape, x.type, { ...dims, combine });
}

/** Adds `source`, one number for each place of a window, where `x` has the window's maximum. */
export function scatterToMaximum(x: HloNode, source: HloNode, dims: WindowDims): HloNode {
  return makeNode("scatter_to_maximum", [x, source], x.shape, x.type, dims);
}

/** Combines the elements along dimensions, which disappear. */
export function reduce(x: HloNode, combine: Combine, dims: readonly number[]): HloNode {
  if (dims.length === 0) return x;
  const shape = x.shape.filter((_, i) => !dims.includes(i));
  return makeNode("reduce", [x], shape, x.type, { combine, dims });
}

/** Gathers boxes of the operand at the positions that `indices` names. */
export function gather(
  x: HloNode,
  indices: HloNode,
  dims: GatherDims,
  shape: readonly number[],
  indicesAreSorted = false,
): HloNode {
  return makeNode("gather", [x, indices], shape, x.type, { ...dims, indicesAreSorted });
}

/** Combines `updates` into a copy of the operand; positions outside it are dropped. */
export function scatter(
  x: HloNode,
  indices: HloNode,
  updates: HloNode,
  combine: Combine,
  dims: ScatterDims,
  flags: { indicesAreSorted?: boolean; uniqueIndices?: boolean } = {},
): HloNode {
  return makeNode("scatter", [x, indices, updates], x.shape, x.type, {
    ...dims,
    combine,
    indicesAreSorted: flags.indicesAreSorted ?? false,
    uniqueIndices: flags.uniqueIndices ?? false,
  });
}

/** Where each element of the sorted last dimension comes from; int32, stable. */
export function argsort(keys: HloNode, descending = false): HloNode {
  return makeNode("argsort", [keys], keys.shape, "i32", { descending });
}

/** Number of elements that a reduction over `dims` combines. */
export function countAlong(x: HloNode, dims: readonly number[]): number {
  return sizeOf(dims.map((d) => x.shape[d]!));
}

/** A value that is there only when others are, which no pass or compiler takes for itself. */
export function after(x: HloNode, others: readonly HloNode[]): HloNode {
  return makeNode("after", [x, ...others], x.shape, x.type, null);
}

/** The values of a group's replicas combined; `groups` are numbers of replicas. */
export function allReduce(
  x: HloNode,
  combine: "add" | "maximum" | "minimum",
  groups: readonly (readonly number[])[],
): HloNode {
  return makeNode("all_reduce", [x], x.shape, x.type, { combine, groups });
}

/** The number of the replica that computes it. */
export function replicaId(): HloNode {
  return makeNode("replica_id", [], [], "i32", null);
}
