/** Edges between points that are near each other. @module */
import type { TensorLike } from "../tensor/mod.ts";
import { type CellList, cellList } from "./cell_list.ts";
import type { MeshEdges } from "./mesh_topology.ts";
import {
  type Box,
  checkFits,
  checkLength,
  type Points,
  readBox,
  readCounts,
  readPoints,
  wrapInto,
} from "./points.ts";

/** What {@linkcode radiusGraph} and {@linkcode nearestNeighbors} leave open. */
export interface NeighborOptions {
  /** Whether each point is its own neighbour too; false by default. */
  readonly selfEdges?: boolean;
  /**
   * The lengths of a periodic box, from 0 to `length` along each axis; `Infinity` along an axis
   * that is not periodic. Points outside are moved inside. By default nothing is periodic.
   */
  readonly box?: Box | null;
  /**
   * The number of points of each graph, int32 `[G]`: only points of one graph are neighbours. All
   * are in one graph by default.
   */
  readonly nNode?: TensorLike | null;
}

/** Edges between neighbours, on the host: fields of a `GraphsTuple`. */
export interface NeighborEdges extends MeshEdges {
  /** The number of edges of each graph, int32 `[G]`. */
  readonly nEdge: Int32Array;
}

const ACTION = "make a radius graph";

/**
 * Joins all points within a radius of each other, both ways.
 *
 * There is no cap on the number of neighbours. A pair at exactly the radius is joined; distances
 * are compared in double precision. Edges are ordered by receiver, then by sender, so those of one
 * graph follow those of the graph before. With `selfEdges` it is the connectivity of GNS
 * (Sanchez-Gonzalez et al., Learning to Simulate Complex Physics with Graph Networks, 2020).
 *
 * Works on the host, in time that grows with points and edges. Inside `jit` use a `neighborList`.
 *
 * @param positions Points `[N, 1..3]`.
 * @param radius The largest distance of neighbours, in the unit of the positions.
 * @param options Self edges, a periodic box, several graphs.
 * @returns Senders and receivers, int32 `[E]`, and the number of edges of each graph, int32 `[G]`.
 * @throws {TypeError} If positions are no points.
 * @throws {RangeError} If a position is not finite, the radius is not positive, the box is not
 * wider than two radii, or `nNode` does not count the points.
 * @throws {TracerError} Inside `jit`.
 *
 * @example Three points on a line
 * ```ts
 * import { radiusGraph } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const line = [[0.1], [0.5], [0.9]];
 * const { senders, receivers } = radiusGraph(line, 0.45);
 * assertEquals([...senders], [1, 0, 2, 1]);
 * assertEquals([...receivers], [0, 1, 1, 2]);
 * // Round a ring of length 1 the ends are 0.2 apart.
 * assertEquals([...radiusGraph(line, 0.45, { box: 1 }).nEdge], [6]);
 * ```
 */
export function radiusGraph(
  positions: TensorLike,
  radius: number,
  options: NeighborOptions = {},
): NeighborEdges {
  return joinWithin(readPoints(positions, ACTION), radius, options, ACTION);
}

/** The same of points that were read, which are moved into the box; `action` is for errors. */
export function joinWithin(
  points: Points,
  radius: number,
  { selfEdges = false, box, nNode }: NeighborOptions,
  action: string,
): NeighborEdges {
  checkLength(radius, action, "radius");
  const lengths = readBox(box, points.dim, action);
  checkFits(radius, lengths, action);
  const graphs = readCounts(nNode, points, action);
  wrapInto(points, lengths);
  const cells = cellList(points, radius, lengths, graphs);
  const near = findNear(cells, radius, [0, 1, 2].map((axis) => lengths[axis] ?? Infinity));
  const { senders, receivers, start } = joinNear(cells, near, selfEdges);
  return { senders, receivers, nEdge: countEdges(start, graphs) };
}

/** What is near the point at each place, itself included, one place after another. */
interface Near {
  /** Indices of points, ascending for each place; longer than they are. */
  readonly neighbors: Int32Array;
  /** Where those of each place start, one more at the end. */
  readonly start: Int32Array;
}

/** Compares each point with those of the cells around its own. */
function findNear(cells: CellList, radius: number, box: readonly number[]): Near {
  const { cellOf, firstRange, ranges, isAtEdge } = cells;
  const count = cellOf.length;
  const start = new Int32Array(count + 1);
  let neighbors: Int32Array = allocate(16 * count);
  let found = 0;
  for (let place = 0; place < count; place++) {
    const cell = cellOf[place]!;
    const first = found;
    for (let range = firstRange[cell]!; range < firstRange[cell + 1]!; range++) {
      const begin = ranges[2 * range]!, end = ranges[2 * range + 1]!;
      neighbors = withRoom(neighbors, found + end - begin);
      found = isAtEdge[cell]
        ? appendImages(cells, place, begin, end, radius, box, neighbors, found)
        : append(cells, place, begin, end, radius, neighbors, found);
    }
    sortRange(neighbors, first, found);
    start[place + 1] = found;
  }
  return { neighbors, start };
}

function withRoom(array: Int32Array, length: number): Int32Array {
  if (length <= array.length) return array;
  const larger = allocate(Math.max(length, 2 * array.length));
  larger.set(array);
  return larger;
}

function allocate(edges: number): Int32Array {
  try {
    return new Int32Array(edges);
  } catch {
    throw new RangeError(
      `Cannot ${ACTION} as its edges must fit into memory: there are about ${edges} (take a ` +
        `smaller radius)`,
    );
  }
}

/** Writes those of a range of places that are near a place to `out`, from `found` on. */
function append(
  { index, axes }: CellList,
  place: number,
  begin: number,
  end: number,
  radius: number,
  out: Int32Array,
  found: number,
): number {
  const x = axes[0], y = axes[1], z = axes[2];
  const x0 = x[place]!, y0 = y[place]!, z0 = z[place]!;
  const limit = radius * radius;
  for (let other = begin; other < end; other++) {
    const dx = x[other]! - x0, dy = y[other]! - y0, dz = z[other]! - z0;
    // Always written, and kept by counting: a branch would be mispredicted and cost as much again.
    out[found] = index[other]!;
    found += Number(dx * dx + dy * dy + dz * dz <= limit);
  }
  return found;
}

/** The same with the nearest images of points; an infinite box has none. */
function appendImages(
  { index, axes }: CellList,
  place: number,
  begin: number,
  end: number,
  radius: number,
  box: readonly number[],
  out: Int32Array,
  found: number,
): number {
  const x = axes[0], y = axes[1], z = axes[2];
  const x0 = x[place]!, y0 = y[place]!, z0 = z[place]!;
  const boxX = box[0]!, boxY = box[1]!, boxZ = box[2]!;
  const limit = radius * radius;
  for (let other = begin; other < end; other++) {
    let dx = Math.abs(x[other]! - x0), dy = Math.abs(y[other]! - y0), dz = Math.abs(z[other]! - z0);
    dx = Math.min(dx, boxX - dx);
    dy = Math.min(dy, boxY - dy);
    dz = Math.min(dz, boxZ - dz);
    out[found] = index[other]!;
    found += Number(dx * dx + dy * dy + dz * dz <= limit);
  }
  return found;
}

interface Joined extends MeshEdges {
  /** Where the edges of each receiver start, one more at the end. */
  readonly start: Int32Array;
}

/** The edges by receiver. */
function joinNear({ index }: CellList, near: Near, selfEdges: boolean): Joined {
  const count = index.length;
  const total = near.start[count]! - (selfEdges ? 0 : count);
  const [senders, receivers] = [allocate(total), allocate(total)];
  const start = new Int32Array(count + 1);
  const placeOf = new Int32Array(count);
  for (let place = 0; place < count; place++) placeOf[index[place]!] = place;
  let edge = 0;
  for (let receiver = 0; receiver < count; receiver++) {
    const end = near.start[placeOf[receiver]! + 1]!;
    for (let i = near.start[placeOf[receiver]!]!; i < end; i++) {
      const sender = near.neighbors[i]!;
      if (sender !== receiver || selfEdges) senders[edge++] = sender;
    }
    start[receiver + 1] = edge;
    receivers.fill(receiver, start[receiver]!, edge);
  }
  return { senders, receivers, start };
}

/** Sorts a part of an array: few numbers by insertion. */
function sortRange(array: Int32Array, first: number, end: number): void {
  if (end - first > 64) {
    array.subarray(first, end).sort();
    return;
  }
  for (let i = first + 1; i < end; i++) {
    const value = array[i]!;
    let j = i - 1;
    for (; j >= first && array[j]! > value; j--) array[j + 1] = array[j]!;
    array[j + 1] = value;
  }
}

/** The edges of each graph, where those of point i begin at `start[i]`. */
function countEdges(start: Int32Array, graphs: Int32Array): Int32Array {
  let node = 0;
  return graphs.map((size) => {
    const first = start[node]!;
    node += size;
    return start[node]! - first;
  });
}
