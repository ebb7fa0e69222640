/**
 * Builders: one function an operation, which infer the result's shape and type and drop what does
 * nothing (a reshape to the same shape, a broadcast of a constant).
 *
 * @module
 */
import { formatShape } from "../../base/mod.ts";
import {
  type BinaryOp,
  type Combine,
  type ConvolutionDims,
  type Direction,
  type ElementType,
  type GatherDims,
  type HloNode,
  isOp,
  makeNode,
  sameShape,
  type ScatterDims,
  sizeOf,
  type UnaryOp,
  type WindowDims,
} from "./node.ts";

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

/**
 * The shape that two operands broadcast to, by NumPy's rule.
 *
 * @throws {TypeError} If they do not.
 */
export function broadcastShape(a: readonly number[], b: readonly number[]): readonly number[] {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const offset = long.length - short.length;
  return long.map((size, i) => {
    const other = i < offset ? 1 : short[i - offset]!;
    if (size === other || other === 1) return size;
    if (size === 1) return other;
    throw new TypeError(
      `Cannot combine tensors as their shapes must broadcast (trailing dimensions equal or 1): ` +
        `${formatShape(a)} and ${formatShape(b)}`,
    );
  });
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
  const shape = x.shape.map((size, i) =>
    low[i]! + size + Math.max(size - 1, 0) * interior[i]! + high[i]!
  );
  // Of one shape with its operand it may still be a shift: negative padding crops.
  if ([...low, ...high, ...interior].every((n) => n === 0)) return x;
  return makeNode("pad", [x, value], shape, x.type, { low, high, interior });
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
  const free = (x: HloNode, contract: number): number[] =>
    x.shape.filter((_, i) => i >= batch && i !== contract);
  const shape = [
    ...lhs.shape.slice(0, batch),
    ...free(lhs, lhsContract),
    ...free(rhs, rhsContract),
  ];
  const attrs = { batch, lhsContract, rhsContract };
  return makeNode("dot_general", [lhs, rhs], shape, lhs.type, attrs);
}

/** Places that a window takes along one dimension. */
function windows(size: number, window: number, stride: number): number {
  return size < window ? 0 : Math.floor((size - window) / stride) + 1;
}

/** Slides filters over the operand; see the attributes of `convolution` for the layout. */
export function convolution(lhs: HloNode, rhs: HloNode, dims: ConvolutionDims): HloNode {
  const dilated = (size: number, by: number): number => size === 0 ? 0 : (size - 1) * by + 1;
  const spatial = dims.stride.map((stride, i) =>
    windows(
      dims.low[i]! + dilated(lhs.shape[i + 1]!, dims.lhsDilation[i]!) + dims.high[i]!,
      dilated(rhs.shape[i]!, dims.rhsDilation[i]!),
      stride,
    )
  );
  const shape = [lhs.shape[0]!, ...spatial, rhs.shape.at(-1)!];
  return makeNode("convolution", [lhs, rhs], shape, lhs.type, dims);
}

/** Combines the elements under each place of a window. */
export function reduceWindow(x: HloNode, combine: Combine, dims: WindowDims): HloNode {
  const shape = x.shape.map((size, i) =>
    windows(dims.low[i]! + size + dims.high[i]!, dims.size[i]!, dims.stride[i]!)
  );
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

/** The element that `combine` leaves every other one as it is. */
export function identityOf(combine: Combine, type: ElementType): number {
  switch (combine) {
    case "add":
    case "or":
    case "replace":
      return 0;
    case "multiply":
    case "and":
      return 1;
    case "maximum":
      return type === "f32" ? -Infinity : type === "i32" ? -(2 ** 31) : 0;
    case "minimum":
      return type === "f32" ? Infinity : type === "i32" ? 2 ** 31 - 1 : 1;
  }
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

/** Rows of `x [N, ...F]` by `ids [E]`, which are clamped to `[0, N)`: `[E, ...F]`. */
export function gatherRows(x: HloNode, ids: HloNode): HloNode {
  const inner = x.shape.slice(1);
  return gather(x, reshape(ids, [ids.shape[0]!, 1]), {
    offsetDims: inner.map((_, i) => i + 1),
    collapsedSliceDims: [0],
    startIndexMap: [0],
    indexVectorDim: 1,
    sliceSizes: [1, ...inner],
  }, [ids.shape[0]!, ...inner]);
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

/** Combines rows `[E, ...F]` into `[n, ...F]` by `ids [E]`; ids outside `[0, n)` are dropped. */
export function scatterRows(rows: HloNode, ids: HloNode, n: number, combine: Combine): HloNode {
  const inner = rows.shape.slice(1);
  const init = constant(identityOf(combine, rows.type), [n, ...inner], rows.type);
  return scatter(init, reshape(ids, [ids.shape[0]!, 1]), rows, combine, {
    updateWindowDims: inner.map((_, i) => i + 1),
    insertedWindowDims: [0],
    scatterDimsToOperandDims: [0],
    indexVectorDim: 1,
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

/** The starts of a box that is one row: `row` in the first dimension, 0 in the others. */
function rowStarts(x: HloNode, row: HloNode): HloNode[] {
  return x.shape.map((_, i) => i === 0 ? row : constant(0, [], "i32"));
}

/** Row `row` (an int32 scalar, clamped to the rows there are) of `x [N, ...F]`: `[...F]`. */
export function rowAt(x: HloNode, row: HloNode): HloNode {
  const inner = x.shape.slice(1);
  const slice = makeNode("dynamic_slice", [x, ...rowStarts(x, row)], [1, ...inner], x.type, null);
  return reshape(slice, inner);
}

/** `x [N, ...F]` with row `row` replaced by `value [...F]`. */
export function withRow(x: HloNode, value: HloNode, row: HloNode): HloNode {
  const operands = [x, reshape(value, [1, ...value.shape]), ...rowStarts(x, row)];
  return makeNode("dynamic_update_slice", operands, x.shape, x.type, null);
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
