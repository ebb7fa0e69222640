/** Graphs of dense adjacency matrices. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { segmentGather } from "../segment/mod.ts";
import {
  checkReadable,
  type TensorLike,
  type TensorLikeTree,
  type TensorTreeOf,
  toTensor,
} from "../tensor/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";
import { type GraphsTuple, graphsTuple, type GraphsTupleFields } from "./graphs_tuple.ts";

/** Features of the graphs that {@linkcode fromAdjacency} makes. */
export interface FromAdjacencyOptions<
  N extends TensorLikeTree = TensorLikeTree,
  E extends TensorLikeTree = TensorLikeTree,
  G extends TensorLikeTree = TensorLikeTree,
> extends Pick<GraphsTupleFields<N, E, G>, "nodes" | "edges" | "globals"> {
  /** A tree of `[E, ...]`, a row per entry that is not 0, row by row; the weights by default. */
  readonly edges?: E;
}

const ACTION = "make a graph of an adjacency matrix";

/** The entries of square matrices `[G, n, n]` that are not 0. */
function entriesOf(matrices: Tensor) {
  const [G, n] = matrices.shape as [number, number, number];
  const [senders, receivers, places]: [number[], number[], number[]] = [[], [], []];
  const nEdge = new Int32Array(G);
  matrices.dataSync().forEach((value, place) => {
    if (value === 0) return;
    const row = Math.floor(place / n);
    if (!Number.isFinite(value)) {
      throw new RangeError(
        `Cannot ${ACTION} as its entries must be finite: row ${row % n}, column ${place % n} is ` +
          `${value} (write 0 for no edge)`,
      );
    }
    const graph = Math.floor(row / n);
    senders.push(row);
    receivers.push(graph * n + place % n);
    places.push(place);
    nEdge[graph]!++;
  });
  return {
    senders: Int32Array.from(senders),
    receivers: Int32Array.from(receivers),
    places,
    nEdge,
  };
}

/**
 * The graph of a dense adjacency matrix: an entry in row `s` and column `r` that is not 0 becomes
 * an edge from `s` to `r`, whose feature is the entry. (In `sparseMatrixToGraphsTuple` an entry is
 * a number of edges.) For graphs of several sizes, `batch` them.
 *
 * Works on the host, so not inside `jit`. Gradients flow to the entries that are edges.
 *
 * @param adjacency Weights, or 0 and 1, `[N, N]`; or `[G, n, n]` for G graphs of n nodes.
 * @param options Features; `edges: null` leaves the weights out.
 * @returns A graph whose edges are the weights `[E, 1]`, in the dtype of the matrix, row by row.
 * @throws {TypeError} If the matrix is not square, or features have another number of rows.
 * @throws {RangeError} If an entry is not finite.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { fromAdjacency } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = fromAdjacency([[0, 0.5], [2, 0]], { nodes: [[7], [8]] });
 * assertEquals(graph.senders.arraySync(), [0, 1]);
 * assertEquals(graph.receivers.arraySync(), [1, 0]);
 * assertEquals(graph.edges.arraySync(), [[0.5], [2]]);
 * ```
 */
export function fromAdjacency<
  N extends TensorLikeTree = null,
  E extends TensorLikeTree = Tensor,
  G extends TensorLikeTree = null,
>(
  adjacency: TensorLike,
  options?: FromAdjacencyOptions<N, E, G> | null,
): GraphsTuple<TensorTreeOf<N>, TensorTreeOf<E>, TensorTreeOf<G>> {
  return tidy(() => {
    const matrix = toTensor(adjacency, "adjacency");
    checkReadable(matrix, ACTION, "adjacency", "make the graph before jit, and pass it in");
    const isEmpty = matrix.rank === 1 && matrix.size === 0;
    const shape = isEmpty ? [0, 0] : matrix.shape;
    const n = shape.at(-1) ?? 0;
    if (shape.length < 2 || shape.length > 3 || shape.at(-2) !== n) {
      throw new TypeError(
        `Cannot ${ACTION} as it must be square: adjacency is ${describe(matrix)} ` +
          `(give [N, N], or [G, n, n] for G graphs of n nodes)`,
      );
    }
    const G = shape.length === 3 ? shape[0]! : 1;
    const { senders, receivers, places, nEdge } = entriesOf(tf.reshape(matrix, [G, n, n]));
    const weights = () =>
      segmentGather(tf.reshape(matrix, [matrix.size, 1]), Int32Array.from(places));
    return graphsTuple({
      nodes: options?.nodes ?? null,
      edges: options?.edges === undefined ? weights() : options.edges,
      globals: options?.globals ?? null,
      senders,
      receivers,
      nNode: new Int32Array(G).fill(n),
      nEdge,
    }) as GraphsTuple<TensorTreeOf<N>, TensorTreeOf<E>, TensorTreeOf<G>>;
  });
}
