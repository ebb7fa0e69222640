/**
 * What passes look for among matrices: products, rows taken by ids, sums of rows by ids. @module
 */
import { type Direction, hlo, type HloNode, isConstant, isOp } from "../hlo/mod.ts";

/** A product of two matrices (no batch). */
export type MatrixProduct = HloNode<"dot_general">;

/** Whether a node is a product of two matrices. */
export function isMatrixProduct(node: HloNode): node is MatrixProduct {
  return isOp(node, "dot_general") && node.attrs.batch === 0 &&
    node.inputs.every((input) => input.shape.length === 2);
}

/** Rows by ids, zeros where a mask says so. */
export interface TakenRows {
  /** `[N, ...F]`. */
  readonly x: HloNode;
  /** int32 `[E]`. */
  readonly ids: HloNode;
  /** bool `[E]`: false gives a row of zeros. Null where all rows are taken. */
  readonly inside: HloNode | null;
}

/** A gather of whole rows, `x[ids]`. */
function isRowGather(node: HloNode): node is HloNode<"gather"> {
  if (!isOp(node, "gather")) return false;
  const [x, indices] = node.inputs as [HloNode, HloNode];
  const { collapsedSliceDims, offsetDims, sliceSizes } = node.attrs;
  return x.shape.length >= 2 && node.shape.length === x.shape.length &&
    indices.shape.length === 2 && indices.shape[1] === 1 &&
    collapsedSliceDims.length === 1 && collapsedSliceDims[0] === 0 &&
    offsetDims.every((dim, i) => dim === i + 1) &&
    sliceSizes.every((size, i) => i === 0 || size === x.shape[i]);
}

/** The ids of a row gather or a row scatter, as a vector. */
export function idsOf(node: HloNode<"gather"> | HloNode<"scatter">): HloNode {
  const indices = node.inputs[1]!;
  return hlo.reshape(indices, [indices.shape[0]!]);
}

/** What `x[ids]` takes, or `select(inside, x[ids], 0)`, as `segmentGather` records it. */
export function takenRows(node: HloNode): TakenRows | null {
  if (isRowGather(node)) return { x: node.inputs[0]!, ids: idsOf(node), inside: null };
  if (!isOp(node, "select")) return null;
  const [mask, rows, zeros] = node.inputs as [HloNode, HloNode, HloNode];
  if (!isRowGather(rows) || !isConstant(zeros, 0) || !isOp(mask, "broadcast_in_dim")) return null;
  const inside = mask.inputs[0]!;
  if (inside.shape.length !== 1 || mask.attrs.dims[0] !== 0) return null;
  return { x: rows.inputs[0]!, ids: idsOf(rows), inside };
}

/** Takes the same rows of another matrix. */
export function takeRows(x: HloNode, { ids, inside }: TakenRows): HloNode {
  const rows = hlo.gatherRows(x, ids);
  if (!inside) return rows;
  return hlo.select(hlo.broadcastInDim(inside, rows.shape, [0]), rows, hlo.like(rows, 0));
}

/** Whether a mask says which ids lie in `[0, n)`. */
function isInRange(inside: HloNode, ids: HloNode, n: number): boolean {
  const isBound = (test: HloNode, direction: Direction, bound: number): boolean =>
    isOp(test, "compare") && test.attrs.direction === direction && test.inputs[0] === ids &&
    isConstant(test.inputs[1]!, bound);
  const [from, to] = inside.inputs;
  return isOp(inside, "and") && isBound(from!, "GE", 0) && isBound(to!, "LT", n);
}

/**
 * The ids of a sum that undoes the taking, its transpose: clamped as a gather clamps them, where a
 * sum drops what is out of range, and -1 where the mask gives zeros.
 */
export function idsOfSum({ x, ids, inside }: TakenRows): HloNode {
  const n = x.shape[0]!;
  if (inside && isInRange(inside, ids, n)) return ids;
  const notBelow = hlo.binary("maximum", ids, hlo.like(ids, 0));
  const clamped = hlo.binary("minimum", notBelow, hlo.like(ids, n - 1));
  return inside ? hlo.select(inside, clamped, hlo.like(ids, -1)) : clamped;
}

/**
 * The rows of `x`, zeros in place of those that nothing takes: they may hold NaN, and 0 times
 * NaN is no 0.
 */
export function usedRows(rows: TakenRows): HloNode {
  const { x } = rows;
  const ids = idsOfSum(rows);
  const uses = hlo.scatterRows(hlo.constant(1, ids.shape, "i32"), ids, x.shape[0]!, "add");
  const isUsed = hlo.compare("GT", uses, hlo.like(uses, 0));
  return hlo.select(hlo.broadcastInDim(isUsed, x.shape, [0]), x, hlo.like(x, 0));
}

/** Whether a node is a segment sum of rows: a scatter-add into zeros. */
export function isRowSum(node: HloNode): node is HloNode<"scatter"> {
  if (!isOp(node, "scatter") || node.attrs.combine !== "add") return false;
  const [init, indices] = node.inputs as [HloNode, HloNode];
  const { insertedWindowDims, indexVectorDim } = node.attrs;
  return isConstant(init, 0) && indices.shape.length === 2 && indices.shape[1] === 1 &&
    indexVectorDim === 1 && insertedWindowDims.length === 1 && insertedWindowDims[0] === 0;
}

/** Whether a node is a segment sum of the rows of a matrix. */
export function isSegmentSum(node: HloNode): node is HloNode<"scatter"> {
  return isRowSum(node) && node.shape.length === 2;
}
