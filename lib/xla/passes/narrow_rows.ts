/**
 * Keeps rows of edges as narrow as what differs from edge to edge, where edges outnumber nodes.
 *
 * Attention scores edges by `sum(x[ids] * a)` with weights `a` that all edges share. The rows
 * `x[ids]` are wide, what comes of them is a number a head:
 *
 * - `sum(x[i] * a, columns) = sum(x * a, columns)[i]`;
 * - `sum(g * x[i], edges) = sum(segmentSum(g, i) * x, nodes)`, its gradient by `a`;
 * - `segmentSum(g * a, i) = segmentSum(g, i) * a`, its gradient by `x`;
 *
 * where `g` has fewer numbers an edge than `x`. For a million edges of 8 heads of 8 features each
 * of these was 256 MB.
 *
 * Of finite numbers the results differ by roundings. What is not finite gives NaN where it is
 * multiplied by zeros, as in `matmul_before_gather.ts`.
 *
 * @module
 */
import { hlo, type HloNode, isOp, sizeOf } from "../hlo/mod.ts";
import { idsOf, idsOfSum, isRowSum, takenRows, takeRows, usedRows } from "./matrix.ts";

/** What all rows of a node share, for another number of rows; null if they differ. */
function sharedByRows(node: HloNode): ((rows: number) => HloNode) | null {
  if (isOp(node, "constant")) {
    return (rows) => hlo.constant(node.attrs.value, node.shape.with(0, rows), node.type);
  }
  if (!isOp(node, "broadcast_in_dim")) return null;
  const [x] = node.inputs as [HloNode];
  const at = node.attrs.dims.indexOf(0);
  if (at >= 0 && x.shape[at] !== 1) return null;
  return (rows) => hlo.broadcastInDim(x, node.shape.with(0, rows), node.attrs.dims);
}

/** Rows that repeat numbers of which there are fewer an edge. */
interface Narrow {
  /** `[E, ...]`. */
  readonly rows: HloNode;
  /** The same of other rows, as wide as the node. */
  widen(rows: HloNode): HloNode;
}

function narrowRows(node: HloNode): Narrow | null {
  if (!isOp(node, "broadcast_in_dim")) return null;
  const [rows] = node.inputs as [HloNode];
  const { dims } = node.attrs;
  if (dims[0] !== 0 || rows.shape[0] !== node.shape[0] || node.shape[0] === 1) return null;
  if (sizeOf(rows.shape) >= sizeOf(node.shape)) return null;
  return {
    rows,
    widen: (x) => hlo.broadcastInDim(x, node.shape.with(0, x.shape[0]!), dims),
  };
}

/** The factors of a product, in both orders. */
function factors(node: HloNode): [HloNode, HloNode][] {
  if (!isOp(node, "multiply")) return [];
  const [a, b] = node.inputs as [HloNode, HloNode];
  return [[a, b], [b, a]];
}

/** `sum(x[ids] * a, columns)`. */
function reduceBeforeGather(node: HloNode<"reduce">): HloNode | null {
  for (const [wide, factor] of factors(node.inputs[0]!)) {
    const [taken, shared] = [takenRows(wide), sharedByRows(factor)];
    if (!taken || !shared || wide.shape[0]! <= taken.x.shape[0]!) continue;
    const { x } = taken;
    const scaled = hlo.mul(x, shared(x.shape[0]!));
    return takeRows(hlo.reduce(scaled, "add", node.attrs.dims), taken);
  }
  return null;
}

/** `sum(g * x[ids], edges)`. */
function sumBeforeReduce(node: HloNode<"reduce">): HloNode | null {
  for (const [wide, factor] of factors(node.inputs[0]!)) {
    const [taken, narrow] = [takenRows(wide), narrowRows(factor)];
    if (!taken || !narrow || wide.shape[0]! <= taken.x.shape[0]!) continue;
    const sums = hlo.scatterRows(narrow.rows, idsOfSum(taken), taken.x.shape[0]!, "add");
    return hlo.reduce(hlo.mul(usedRows(taken), narrow.widen(sums)), "add", node.attrs.dims);
  }
  return null;
}

/** `segmentSum(g * a, ids)`. */
function scaleBehindSum(node: HloNode<"scatter">): HloNode | null {
  const n = node.shape[0]!;
  const rows = node.inputs[2]!;
  if (rows.shape[0]! <= n) return null;
  for (const [wide, factor] of factors(rows)) {
    const [narrow, shared] = [narrowRows(wide), sharedByRows(factor)];
    if (!narrow || !shared) continue;
    const sums = hlo.scatterRows(narrow.rows, idsOf(node), n, "add");
    return hlo.mul(narrow.widen(sums), shared(n));
  }
  return null;
}

/** The rules above as one, for `rewrite`. */
export function narrowEdgeRows(node: HloNode): HloNode | null {
  if (node.type !== "f32") return null;
  if (isRowSum(node)) return scaleBehindSum(node);
  if (!isOp(node, "reduce") || node.attrs.combine !== "add") return null;
  return node.attrs.dims.includes(0) ? sumBeforeReduce(node) : reduceBeforeGather(node);
}
