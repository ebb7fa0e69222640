/**
 * Splits matrix products over concatenations, and moves them across gathers and segment sums.
 *
 * Graph networks are written as `concat([edges, nodes[senders], nodes[receivers]]) @ W`. The same
 * numbers come cheaper as `edges @ W1 + (nodes @ W2)[senders] + (nodes @ W3)[receivers]`: the wide
 * concatenation is never made, and the products of node rows are done once a node, not once an
 * edge. The gradients are the transposes of these rules:
 *
 * - `concat(a, b) @ W = a @ W1 + b @ W2`, and `x[i] @ W = (x @ W)[i]` where edges outnumber nodes;
 * - `concat(a, b)ᵀ @ Y = concat(aᵀ @ Y, bᵀ @ Y)`, and `x[i]ᵀ @ Y = xᵀ @ segmentSum(Y, i)`;
 * - `(A @ B)[:, k] = A @ B[:, k]`: a slice of columns needs only those columns;
 * - `segmentSum(Y @ Wᵀ, i) = segmentSum(Y, i) @ Wᵀ` where that makes the product smaller.
 *
 * Of finite numbers the results differ by roundings. In the last rule an empty segment's row is 0
 * times W, which is NaN where W is not finite.
 *
 * @module
 */
import { hlo, type HloNode, isOp } from "../hlo/mod.ts";

type Dot = HloNode<"dot_general">;

/** A product of two matrices (no batch). */
function isMatrixProduct(node: HloNode): node is Dot {
  return isOp(node, "dot_general") && node.attrs.batch === 0 &&
    node.inputs.every((input) => input.shape.length === 2);
}

/** A gather of whole rows of a matrix, `x[ids]`. */
function isRowGather(node: HloNode): node is HloNode<"gather"> {
  return isOp(node, "gather") && node.shape.length === 2 && node.inputs[0]!.shape.length === 2 &&
    node.attrs.collapsedSliceDims.length === 1 && node.attrs.collapsedSliceDims[0] === 0 &&
    node.attrs.offsetDims.length === 1 && node.attrs.offsetDims[0] === 1 &&
    node.attrs.sliceSizes[1] === node.inputs[0]!.shape[1];
}

/** A gather of more rows than there are: its product is cheaper before it. */
function repeatsRows(node: HloNode): node is HloNode<"gather"> {
  return isRowGather(node) && node.shape[0]! > node.inputs[0]!.shape[0]!;
}

/** The ids of a row gather or a row scatter, as a vector. */
function idsOf(node: HloNode<"gather"> | HloNode<"scatter">): HloNode {
  const indices = node.inputs[1]!;
  return hlo.reshape(indices, [indices.shape[0]!]);
}

function isColumnConcat(node: HloNode): node is HloNode<"concatenate"> {
  return isOp(node, "concatenate") && node.shape.length === 2 && node.attrs.dimension === 1;
}

/** A segment sum of matrix rows: a scatter-add into zeros. */
function isSegmentSum(node: HloNode): node is HloNode<"scatter"> {
  const [init, , rows] = node.inputs;
  return isOp(node, "scatter") && node.attrs.combine === "add" && isOp(init!, "constant") &&
    init.attrs.value === 0 && node.shape.length === 2 && rows!.shape.length === 2 &&
    node.attrs.insertedWindowDims.length === 1;
}

/** `a[, contract] · w[rows start…start+size, ]`: one part of a split product. */
function partProduct(part: HloNode, w: HloNode, wContract: number, start: number): HloNode {
  const rows = hlo.sliceDim(w, wContract, start, part.shape[1]!);
  if (!repeatsRows(part)) return hlo.dot(part, rows, 1, wContract);
  return hlo.gatherRows(hlo.dot(part.inputs[0]!, rows, 1, wContract), idsOf(part));
}

/** `concat(parts) @ W` as a sum of products, or a gather's product before the gather. */
function splitForward(node: Dot): HloNode | null {
  const [a, w] = node.inputs as [HloNode, HloNode];
  if (node.attrs.lhsContract !== 1) return null;
  if (repeatsRows(a)) return partProduct(a, w, node.attrs.rhsContract, 0);
  if (!isColumnConcat(a)) return null;
  let start = 0;
  return a.inputs.map((part) => {
    const product = partProduct(part, w, node.attrs.rhsContract, start);
    start += part.shape[1]!;
    return product;
  }).reduce(hlo.add);
}

/**
 * The rows that a gather reads, zeros for those that it does not (which may hold NaN, and 0 times NaN
 * is no 0), and its ids, clamped as the gather clamps them (where a sum would drop them).
 */
function gatheredRows(part: HloNode<"gather">): { rows: HloNode; ids: HloNode } {
  const [x] = part.inputs as [HloNode];
  const n = x.shape[0]!;
  const given = idsOf(part);
  const notBelow = hlo.binary("maximum", given, hlo.like(given, 0));
  const ids = hlo.binary("minimum", notBelow, hlo.like(given, n - 1));
  const uses = hlo.scatterRows(hlo.constant(1, ids.shape, "i32"), ids, n, "add");
  const isUsed = hlo.compare("GT", uses, hlo.like(uses, 0));
  return { rows: hlo.select(hlo.broadcastInDim(isUsed, x.shape, [0]), x, hlo.like(x, 0)), ids };
}

/** `concat(parts)ᵀ @ Y`, part by part; a gathered part sums `Y` to its rows first. */
function splitBackward(node: Dot): HloNode | null {
  const [a, y] = node.inputs as [HloNode, HloNode];
  const { lhsContract, rhsContract } = node.attrs;
  if (lhsContract !== 0 || rhsContract !== 0) return null;
  const product = (part: HloNode): HloNode => {
    if (!repeatsRows(part)) return hlo.dot(part, y, 0, 0);
    const { rows, ids } = gatheredRows(part);
    return hlo.dot(rows, hlo.scatterRows(y, ids, rows.shape[0]!, "add"), 0, 0);
  };
  if (isColumnConcat(a)) return hlo.concatenate(a.inputs.map(product), 0);
  return repeatsRows(a) ? product(a) : null;
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

/** A segment sum of products, summed first where edges outnumber nodes and rows get no wider. */
function sumBeforeProduct(node: HloNode<"scatter">): HloNode | null {
  const [, , product] = node.inputs as [HloNode, HloNode, HloNode];
  if (!isMatrixProduct(product) || product.attrs.lhsContract !== 1) return null;
  const [y, w] = product.inputs as [HloNode, HloNode];
  if (y.shape[0]! <= node.shape[0]! || y.shape[1]! > node.shape[1]!) return null;
  const summed = hlo.scatterRows(y, idsOf(node), node.shape[0]!, "add");
  return hlo.dot(summed, w, 1, product.attrs.rhsContract);
}

/** The rules above as one, for {@linkcode rewrite}. */
export function concatMatmul(node: HloNode): HloNode | null {
  if (isMatrixProduct(node)) return splitForward(node) ?? splitBackward(node);
  if (isOp(node, "slice") && node.shape.length === 2) return sliceBeforeProduct(node);
  if (isSegmentSum(node)) return sumBeforeProduct(node);
  return null;
}
