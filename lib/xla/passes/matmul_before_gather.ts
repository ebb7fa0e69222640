/**
 * Moves matrix products before gathers and behind segment sums, where edges outnumber nodes.
 *
 * A product of node rows is then done once a node, not once an edge:
 *
 * - `x[i] @ W = (x @ W)[i]`;
 * - `x[i]ᵀ @ Y = xᵀ @ segmentSum(Y, i)`, the gradient of the first by W;
 * - `segmentSum(Y @ Wᵀ, i) = segmentSum(Y, i) @ Wᵀ`, the gradient by x, if rows get no wider.
 *
 * A gather that gives zeros for ids out of range (`segmentGather`) moves with its mask.
 *
 * Of finite numbers the results differ by roundings. Zeros times what is not finite are NaN: so are
 * empty segments after the last rule, and rows of ids out of range before the others, not after.
 *
 * @module
 */
import { hlo, type HloNode } from "../hlo/mod.ts";
import {
  idsOf,
  idsOfSum,
  isMatrixProduct,
  isSegmentSum,
  type MatrixProduct,
  type TakenRows,
  takenRows,
  takeRows,
  usedRows,
} from "./matrix.ts";

/** What is taken, if it is more rows than there are: a product is cheaper before it. */
function repeatedRows(node: HloNode): TakenRows | null {
  const rows = takenRows(node);
  return rows && node.shape[0]! > rows.x.shape[0]! ? rows : null;
}

/** `x[ids]ᵀ @ Y`. */
function sumBeforeTransposed(rows: TakenRows, y: HloNode): HloNode {
  const sums = hlo.scatterRows(y, idsOfSum(rows), rows.x.shape[0]!, "add");
  return hlo.dot(usedRows(rows), sums, 0, 0);
}

function beforeGather(node: MatrixProduct): HloNode | null {
  const [a, b] = node.inputs as [HloNode, HloNode];
  const { lhsContract, rhsContract } = node.attrs;
  const rows = repeatedRows(a);
  if (!rows) return null;
  if (lhsContract === 1) return takeRows(hlo.dot(rows.x, b, 1, rhsContract), rows);
  return rhsContract === 0 ? sumBeforeTransposed(rows, b) : null;
}

/** A segment sum of products, summed first. */
function behindSum(node: HloNode<"scatter">): HloNode | null {
  const [, , product] = node.inputs as [HloNode, HloNode, HloNode];
  if (!isMatrixProduct(product) || product.attrs.lhsContract !== 1) return null;
  const [y, w] = product.inputs as [HloNode, HloNode];
  if (y.shape[0]! <= node.shape[0]! || y.shape[1]! > node.shape[1]!) return null;
  const summed = hlo.scatterRows(y, idsOf(node), node.shape[0]!, "add");
  return hlo.dot(summed, w, 1, product.attrs.rhsContract);
}

/** The rules above as one, for `rewrite`. */
export function matmulBeforeGather(node: HloNode): HloNode | null {
  if (isMatrixProduct(node)) return beforeGather(node);
  return isSegmentSum(node) ? behindSum(node) : null;
}
