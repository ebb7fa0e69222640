/** Edges from the nearest points. @module */
import type { TensorLike } from "../segment/to_tensor.ts";
import { describe } from "../tree/mod.ts";
import { type BoxTree, boxTree, visitNearest } from "./box_tree.ts";
import { type Points, readBox, readCounts, readPoints, wrapInto } from "./points.ts";
import type { NeighborEdges, NeighborOptions } from "./radius_graph.ts";

const ACTION = "find nearest neighbours";

/**
 * Joins each point with the k points nearest to it, which are its senders.
 *
 * Edges are ordered by receiver, then by distance, nearest first; of points at one distance the lower
 * index comes first. A point in a graph of too few points has them all: k is no promise then, and
 * `nEdge` tells (as torch_cluster's `knn_graph`). Points may coincide; a point is its own neighbour
 * only with `selfEdges`, where it counts as one of the k.
 *
 * Works on the host, with a k-d tree for each graph; distances are compared in double precision.
 *
 * @param positions Points `[N, 1..3]`.
 * @param k The number of neighbours of each point.
 * @param options Self edges, a periodic box, several graphs.
 * @returns Senders and receivers, int32 `[E]`, and the number of edges of each graph, int32 `[G]`.
 * @throws {TypeError} If positions are no points.
 * @throws {RangeError} If a position is not finite, k is not a positive whole number, a length of the
 * box is not positive, or `nNode` does not count the points.
 * @throws {TracerError} Inside `jit`.
 *
 * @example The nearest one of each
 * ```ts
 * import { nearestNeighbors } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { senders, receivers } = nearestNeighbors([[0, 0], [3, 0], [4, 0]], 1);
 * assertEquals([...receivers], [0, 1, 2]);
 * assertEquals([...senders], [1, 2, 1]);
 * ```
 */
export function nearestNeighbors(
  positions: TensorLike,
  k: number,
  { selfEdges = false, box, nNode }: NeighborOptions = {},
): NeighborEdges {
  const points = readPoints(positions, ACTION);
  if (!Number.isInteger(k) || k < 1 || k > 2 ** 31 - 1) {
    throw new RangeError(
      `Cannot ${ACTION} as k must be a positive whole number: got ${describe(k)}`,
    );
  }
  const lengths = readBox(box, points.dim, ACTION);
  const graphs = readCounts(nNode, points, ACTION);
  wrapInto(points, lengths);
  const most = (size: number): number => Math.max(0, Math.min(k, selfEdges ? size : size - 1));
  const nEdge = graphs.map((size) => size * most(size));
  const total = nEdge.reduce((a, b) => a + b, 0);
  const [senders, receivers] = [new Int32Array(total), new Int32Array(total)];
  let [first, edge] = [0, 0];
  for (const size of graphs) {
    const part = points.data.subarray(first * points.dim, (first + size) * points.dim);
    const nearest = new Nearest({ ...points, count: size, data: part }, most(size), lengths);
    for (let i = 0; i < size && most(size) > 0; i++) {
      for (const sender of nearest.of(i, selfEdges)) {
        senders[edge] = first + sender;
        receivers[edge++] = first + i;
      }
    }
    first += size;
  }
  return { senders, receivers, nEdge };
}

/** The nearest points of one graph. */
class Nearest {
  readonly #points: Points;
  readonly #box: readonly number[];
  readonly #tree: BoxTree;
  /** The best so far, nearest first, and their squared distances. */
  readonly #best: Int32Array;
  readonly #distances: Float64Array;
  #found = 0;

  constructor(points: Points, k: number, box: readonly number[]) {
    this.#points = points;
    this.#box = box;
    this.#tree = boxTree(points.data, points.data, points.dim);
    this.#best = new Int32Array(k);
    this.#distances = new Float64Array(k);
  }

  /** The nearest points of point `i`; overwritten by the next call. */
  of(i: number, selfEdges: boolean): Int32Array {
    const { dim, data } = this.#points;
    this.#found = 0;
    visitNearest(this.#tree, {
      bound: (bounds, at) => {
        let sum = 0;
        for (let axis = 0; axis < dim; axis++) {
          const x = data[i * dim + axis]!;
          sum += outside(x, bounds[at + axis]!, bounds[at + dim + axis]!, this.#box[axis]!) ** 2;
        }
        return sum;
      },
      visit: (other) => {
        if (other !== i || selfEdges) this.#offer(other, this.#distance(i, other));
        const k = this.#best.length;
        return this.#found < k ? Infinity : this.#distances[k - 1]!;
      },
    });
    return this.#best;
  }

  #distance(i: number, other: number): number {
    const { dim, data } = this.#points;
    let sum = 0;
    for (let axis = 0; axis < dim; axis++) {
      const d = Math.abs(data[i * dim + axis]! - data[other * dim + axis]!);
      sum += Math.min(d, this.#box[axis]! - d) ** 2;
    }
    return sum;
  }

  /** Inserts a point where its distance, then its index, puts it; the last one drops out. */
  #offer(index: number, distance: number): void {
    const [best, distances] = [this.#best, this.#distances];
    const isBefore = (at: number): boolean =>
      distance < distances[at]! || distance === distances[at] && index < best[at]!;
    if (this.#found === best.length && !isBefore(best.length - 1)) return;
    let at = this.#found < best.length ? this.#found++ : best.length - 1;
    for (; at > 0 && isBefore(at - 1); at--) {
      best[at] = best[at - 1]!;
      distances[at] = distances[at - 1]!;
    }
    best[at] = index;
    distances[at] = distance;
  }
}

/** How far a coordinate is from an interval, in a ring of this length. */
function outside(x: number, low: number, high: number, ring: number): number {
  if (x >= low && x <= high) return 0;
  const [below, above] = [Math.abs(low - x), Math.abs(x - high)];
  return Math.min(below, above, ring - below, ring - above);
}
