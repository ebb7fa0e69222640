/** Edges from the nearest points. @module */
import type { TensorLike } from "../tensor/mod.ts";
import { describe } from "../tree/mod.ts";
import { type BoxTree, boxTree, type NearestQuery, visitNearest } from "./box_tree.ts";
import { type Points, readBox, readCounts, readPoints, wrapInto } from "./points.ts";
import type { NeighborEdges, NeighborOptions } from "./radius_graph.ts";

const ACTION = "find nearest neighbours";

/**
 * Joins each point with the k points nearest to it, which are its senders.
 *
 * Edges are ordered by receiver, then by distance, nearest first; of points at one distance the
 * lower index comes first. A point in a graph of too few points has them all: k is no promise then,
 * and `nEdge` tells (as torch_cluster's `knn_graph`). Points may coincide; a point is its own
 * neighbour only with `selfEdges`, where it counts as one of the k.
 *
 * Works on the host, with a k-d tree for each graph; distances are compared in double precision.
 *
 * @param positions Points `[N, 1..3]`.
 * @param k The number of neighbours of each point.
 * @param options Self edges, a periodic box, several graphs.
 * @returns Senders and receivers, int32 `[E]`, and the number of edges of each graph, int32 `[G]`.
 * @throws {TypeError} If positions are no points.
 * @throws {RangeError} If a position is not finite, k is not a positive whole number, a length of
 * the box is not positive, or `nNode` does not count the points.
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
    const data = points.data.subarray(first * points.dim, (first + size) * points.dim);
    const each = most(size);
    const nearest = new Nearest({ ...points, count: size, data }, each, lengths, selfEdges);
    // In the order of the tree, so that a point's neighbours have been looked at a moment ago.
    for (let place = 0; place < size && each > 0; place++) {
      const receiver = nearest.search(place);
      for (let k = 0; k < each; k++) {
        senders[edge + receiver * each + k] = first + nearest.best[k]!;
        receivers[edge + receiver * each + k] = first + receiver;
      }
    }
    first += size;
    edge += size * each;
  }
  return { senders, receivers, nEdge };
}

/** The search for the nearest points of one graph. */
class Nearest implements NearestQuery {
  /** What the last search found, nearest first. */
  readonly best: Int32Array;
  /** Their squared distances. */
  readonly distances: Float64Array;
  found = 0;
  /** The place of the point whose neighbours are searched, and its coordinates. */
  place = 0;
  readonly point: Float64Array;
  readonly tree: BoxTree;
  /** Coordinates by place. */
  readonly sorted: Float64Array;

  constructor(
    { data, dim, count }: Points,
    k: number,
    readonly box: readonly number[],
    readonly selfEdges: boolean,
  ) {
    this.tree = boxTree(data, data, dim);
    this.best = new Int32Array(k);
    this.distances = new Float64Array(k);
    this.point = new Float64Array(dim);
    this.sorted = new Float64Array(count * dim);
    this.tree.index.forEach((i, place) => {
      for (let axis = 0; axis < dim; axis++) {
        this.sorted[place * dim + axis] = data[i * dim + axis]!;
      }
    });
  }

  /** Finds the nearest points of the one at a place, and returns its index. */
  search(place: number): number {
    const { point, sorted, tree } = this;
    for (let axis = 0; axis < tree.dim; axis++) point[axis] = sorted[place * tree.dim + axis]!;
    this.place = place;
    this.found = 0;
    visitNearest(tree, this);
    return tree.index[place]!;
  }

  bound(bounds: Float64Array, at: number): number {
    const { point, box } = this;
    const dim = point.length;
    let sum = 0;
    for (let axis = 0; axis < dim; axis++) {
      const below = bounds[at + axis]! - point[axis]!;
      const above = point[axis]! - bounds[at + dim + axis]!;
      // Outside on one side, or the other way round the ring; inside both are negative.
      const outside = Math.max(below, above);
      if (outside <= 0) continue;
      const d = Math.min(outside, box[axis]! + Math.min(below, above));
      sum += d * d;
    }
    return sum;
  }

  visit(begin: number, end: number): number {
    const { point, sorted, box, distances, tree } = this;
    const dim = point.length, k = distances.length;
    for (let place = begin; place < end; place++) {
      if (place === this.place && !this.selfEdges) continue;
      let sum = 0;
      for (let axis = 0; axis < dim; axis++) {
        let d = Math.abs(point[axis]! - sorted[place * dim + axis]!);
        d = Math.min(d, box[axis]! - d);
        sum += d * d;
      }
      if (this.found < k || sum <= distances[k - 1]!) this.offer(tree.index[place]!, sum);
    }
    return this.found < k ? Infinity : distances[k - 1]!;
  }

  /** Inserts a point where its distance, then its index, puts it; the last one drops out. */
  offer(index: number, distance: number): void {
    const { best, distances } = this;
    let at = this.found;
    if (at < best.length) this.found++;
    else if (distance === distances[--at] && index > best[at]!) return;
    while (
      at > 0 &&
      (distance < distances[at - 1]! || distance === distances[at - 1] && index < best[at - 1]!)
    ) {
      best[at] = best[at - 1]!;
      distances[at] = distances[at - 1]!;
      at--;
    }
    best[at] = index;
    distances[at] = distance;
  }
}
