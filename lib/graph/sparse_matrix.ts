/** Graphs from sparse matrices. @module */
import { checkCount, checkIds, checkReadable, type TensorLike } from "../tensor/mod.ts";
import { type GraphsTuple, graphsTuple } from "./graphs_tuple.ts";

const REMEDY = "make the graph before jit, and pass it in";

function readInts(value: TensorLike, name: string): Int32Array {
  const tensor = checkIds(value, "convert a sparse matrix", name);
  checkReadable(tensor, "convert a sparse matrix", name, REMEDY);
  return tensor.dataSync<"int32">();
}

/**
 * The graph of a sparse matrix of whole numbers in coordinate form: an entry of value `k` in row
 * `s` and column `r` becomes `k` edges from `s` to `r`.
 *
 * @param senders Rows, whole numbers `[K]`.
 * @param receivers Columns, whole numbers `[K]`.
 * @param values Numbers of edges, whole, `[K]`.
 * @param nNode The number of nodes: a number, or a list of one.
 * @returns One graph without features.
 * @throws {TypeError} If the three lists differ in length.
 * @throws {RangeError} If a value is negative or not whole, or an index is out of range.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { sparseMatrixToGraphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = sparseMatrixToGraphsTuple([0, 1], [1, 0], [2, 1], [2]);
 * assertEquals(graph.senders.arraySync(), [0, 0, 1]);
 * assertEquals(graph.nEdge.arraySync(), [3]);
 * ```
 */
export function sparseMatrixToGraphsTuple(
  senders: TensorLike,
  receivers: TensorLike,
  values: TensorLike,
  nNode: TensorLike,
): GraphsTuple<null, null, null> {
  const rows = readInts(senders, "senders");
  const columns = readInts(receivers, "receivers");
  const counts = readInts(values, "values");
  if (rows.length !== counts.length || columns.length !== counts.length) {
    throw new TypeError(
      `Cannot convert a sparse matrix as each entry has a row, a column and a value: there are ` +
        `${rows.length} senders, ${columns.length} receivers, ${counts.length} values`,
    );
  }
  const negative = counts.findIndex((count) => count < 0);
  if (negative >= 0) {
    throw new RangeError(
      `Cannot convert a sparse matrix as a value is a number of edges: ` +
        `values[${negative}] is ${counts[negative]}`,
    );
  }
  const edges = counts.reduce((a, b) => a + b, 0);
  checkCount(edges, "convert a sparse matrix", "the number of edges");
  const repeat = (indices: Int32Array): Int32Array => {
    const repeated = new Int32Array(edges);
    let next = 0;
    indices.forEach((index, i) => repeated.fill(index, next, next += counts[i]!));
    return repeated;
  };
  return graphsTuple({
    senders: repeat(rows),
    receivers: repeat(columns),
    nNode: typeof nNode === "number" ? [nNode] : nNode,
    nEdge: [edges],
  });
}
