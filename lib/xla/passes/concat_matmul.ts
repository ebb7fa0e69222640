/**
 * Splits matrix products over concatenations.
 *
 * Graph networks are written as `concat([edges, nodes[senders], nodes[receivers]]) @ W`. The same
 * numbers come as `edges @ W1 + nodes[senders] @ W2 + nodes[receivers] @ W3`: the wide
 * concatenation is never made, and the products of node rows can move before their gathers
 * (`matmul_before_gather.ts`). With the gradients' forms:
 *
 * - `concat(a, b) @ W = a @ W1 + b @ W2`;
 * - `concat(a, b)ᵀ @ Y = concat(aᵀ @ Y, bᵀ @ Y)`;
 * - `(A @ B)[:, k] = A @ B[:, k]`: a slice of columns needs only those columns.
 *
 * The results differ by roundings.
 *
 * @module
 */
import { hlo, type HloNode, isOp } from "../hlo/mod.ts";
import { isMatrixProduct, type MatrixProduct } from "./matrix.ts";

function isColumnConcat(node: HloNode): node is HloNode<"concatenate"> {
  return isOp(node, "concatenate") && node.shape.length === 2 && node.attrs.dimension === 1;
}

/** `concat(parts) @ W` as a sum of products. */
function splitForward(node: MatrixProduct): HloNode | null {
  const [a, w] = node.inputs as [HloNode, HloNode];
  const { lhsContract, rhsContract } = node.attrs;
  if (lhsContract !== 1 || !isColumnConcat(a)) return null;
  let start = 0;
  return a.inputs.map((part) => {
    const size = part.shape[1]!;
    const rows = hlo.sliceDim(w, rhsContract, start, size);
    start += size;
    return hlo.dot(part, rows, 1, rhsContract);
  }).reduce(hlo.add);
}

/** `concat(parts)ᵀ @ Y`, part by part. */
function splitBackward(node: MatrixProduct): HloNode | null {
  const [a, y] = node.inputs as [HloNode, HloNode];
  const { lhsContract, rhsContract } = node.attrs;
  if (lhsContract !== 0 || rhsContract !== 0 || !isColumnConcat(a)) return null;
  return hlo.concatenate(a.inputs.map((part) => hlo.dot(part, y, 0, 0)), 0);
}

/** Columns of a product need only those columns of the right-hand side. */
function sliceBeforeProduct(node: HloNode<"slice">): HloNode | null {
  const [product] = node.inputs as [HloNode];
  if (!isMatrixProduct(product) || node.shape[0] !== product.shape[0]) return null;
  if (node.attrs.stride.some((stride) => stride !== 1)) return null;
  const [a, b] = product.inputs as [HloNode, HloNode];
  const { lhsContract, rhsContract } = product.attrs;
  const columns = hlo.sliceDim(b, 1 - rhsContract, node.attrs.start[1]!, node.shape[1]!);
  return hlo.dot(a, columns, lhsContract, rhsContract);
}

/** The rules above as one, for `rewrite`. */
export function concatMatmul(node: HloNode): HloNode | null {
  if (isMatrixProduct(node)) return splitForward(node) ?? splitBackward(node);
  return isOp(node, "slice") && node.shape.length === 2 ? sliceBeforeProduct(node) : null;
}
