/** Values of one mesh at the points of another. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { type TensorLike, toTensor } from "../tensor/mod.ts";
import { describe, formatShape, type Tensor } from "../tree/mod.ts";
import { boxTree, type NearestQuery, visitNearest } from "./box_tree.ts";
import type { Cells } from "./mesh_topology.ts";
import { type Points, readPoints } from "./points.ts";
import { nearestOnSimplex } from "./simplex.ts";

/** How values at M target points are made of values at the nodes of a mesh; on the host. */
export interface BarycentricTransfer {
  /** The cell that each target point lies in, or is nearest to: int32 `[M]`. */
  readonly cells: Int32Array;
  /** The nodes of that cell: int32 `[M, corners]`. */
  readonly nodes: { readonly shape: readonly [number, number]; readonly data: Int32Array };
  /** The share of each: float32 `[M, corners]`, not negative, 1 in all. */
  readonly weights: { readonly shape: readonly [number, number]; readonly data: Float32Array };
  /** How far each target point lies outside of the mesh: float32 `[M]`, 0 for those inside. */
  readonly distances: Float32Array;
}

const ACTION = "transfer between meshes";

/** Corners of the cells that can be transferred from, by type. */
const CORNERS: Readonly<Record<string, number>> = { line: 2, triangle: 3, tetra: 4 };

/** What is this much of a cell's extent outside of it was rounded there. */
const ROUNDED = 1e-6;

/**
 * Locates points in the cells of a mesh, so that values at its nodes can be interpolated there.
 *
 * MeshGraphNets needs it where meshes change between frames: the next frame's values are brought to
 * the current mesh. Each point gets the barycentric coordinates in the cell that holds it; where
 * several do, as on a side of two, the first. A point outside the mesh gets those of the nearest
 * point of the nearest cell, and `distances` says how far that is. Works on the host; hand the
 * result to {@linkcode transferValues}.
 *
 * @param positions The mesh's nodes `[N, 1..3]`.
 * @param cells Triangles or tetrahedra (or lines); a triangle in 3-D is a piece of a surface.
 * @param targets Points `[M, 1..3]`, of as many coordinates.
 * @returns Nodes and weights of each target.
 * @throws {TypeError} If positions or targets are no points, or differ in their coordinates.
 * @throws {RangeError} If a coordinate is not finite, cells are of another type, there are none, or
 * they name no node.
 * @throws {TracerError} Inside `jit`.
 *
 * @example From the corners of a triangle to its middle, and to a point outside
 * ```ts
 * import { barycentricTransfer, transferValues } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const corners = [[0, 0], [4, 0], [0, 4]];
 * const cells = { type: "triangle", data: Int32Array.of(0, 1, 2) } as const;
 * const transfer = barycentricTransfer(corners, cells, [[1, 2], [2, -3]]);
 * assertEquals([...transfer.weights.data], [0.25, 0.25, 0.5, 0.5, 0.5, 0]);
 * assertEquals([...transfer.distances], [0, 3]);
 * assertEquals(transferValues(transfer, [[0], [4], [8]]).arraySync(), [[5], [2]]);
 * ```
 */
export function barycentricTransfer(
  positions: TensorLike,
  cells: Cells,
  targets: TensorLike,
): BarycentricTransfer {
  const mesh = readPoints(positions, ACTION);
  const points = readPoints(targets, ACTION, "targets");
  const corners = checkCells(cells, mesh, points);
  const { lows, highs } = boundCells(mesh, cells.data, corners);
  const tree = boxTree(lows, highs, mesh.dim);
  const result = {
    cells: new Int32Array(points.count),
    nodes: { shape: [points.count, corners], data: new Int32Array(points.count * corners) },
    weights: { shape: [points.count, corners], data: new Float32Array(points.count * corners) },
    distances: new Float32Array(points.count),
  } as const;
  for (let i = 0; i < points.count; i++) {
    const point = coordinatesOf(points, i);
    const query = new NearestCell(point, mesh, cells.data, corners, tree.index);
    visitNearest(tree, query);
    const { cell, weights, distance } = query;
    const at = cell * corners;
    result.cells[i] = cell;
    result.nodes.data.set(cells.data.subarray(at, at + corners), i * corners);
    result.weights.data.set(weights, i * corners);
    const extent = point.map((_, axis) =>
      highs[cell * mesh.dim + axis]! - lows[cell * mesh.dim + axis]!
    );
    const outside = Math.sqrt(distance);
    result.distances[i] = outside > ROUNDED * Math.hypot(...extent) ? outside : 0;
  }
  return result;
}

/** Fails unless cells are simplices of the mesh; returns their number of corners. */
function checkCells({ type, data }: Cells, mesh: Points, targets: Points): number {
  const corners = CORNERS[type];
  if (corners === undefined) {
    throw new RangeError(
      `Cannot ${ACTION} as its cells must be one of ${Object.keys(CORNERS).join(", ")}: got ` +
        `"${type}" (split other cells into them)`,
    );
  }
  if (targets.count > 0 && mesh.dim !== targets.dim) {
    throw new TypeError(
      `Cannot ${ACTION} as points of both have as many coordinates: positions is ` +
        `${formatShape([mesh.count, mesh.dim])}, targets ${
          formatShape([targets.count, targets.dim])
        }`,
    );
  }
  if (data.length % corners !== 0 || data.length === 0) {
    throw new RangeError(
      `Cannot ${ACTION} as a ${type} has ${corners} nodes, and there must be one: got ` +
        `${data.length} indices`,
    );
  }
  const wrong = data.findIndex((node) => node < 0 || node >= mesh.count);
  if (wrong < 0) return corners;
  throw new RangeError(
    `Cannot ${ACTION} as cells name nodes of the mesh: ${type} ${Math.floor(wrong / corners)} ` +
      `names node ${data[wrong]} of ${mesh.count}`,
  );
}

const coordinatesOf = ({ data, dim }: Points, i: number): number[] =>
  Array.from(data.subarray(i * dim, (i + 1) * dim));

/** The box around each cell. */
function boundCells(
  { data, dim }: Points,
  cells: Int32Array,
  corners: number,
): { lows: Float64Array; highs: Float64Array } {
  const count = cells.length / corners;
  const lows = new Float64Array(count * dim).fill(Infinity);
  const highs = new Float64Array(count * dim).fill(-Infinity);
  cells.forEach((node, at) => {
    const cell = Math.floor(at / corners);
    for (let axis = 0; axis < dim; axis++) {
      const x = data[node * dim + axis]!;
      lows[cell * dim + axis] = Math.min(lows[cell * dim + axis]!, x);
      highs[cell * dim + axis] = Math.max(highs[cell * dim + axis]!, x);
    }
  });
  return { lows, highs };
}

/** The nearest cell of a point, the first of several. */
class NearestCell implements NearestQuery {
  cell = -1;
  weights: readonly number[] = [];
  distance = Infinity;

  constructor(
    readonly point: readonly number[],
    readonly mesh: Points,
    readonly cells: Int32Array,
    readonly corners: number,
    readonly index: Int32Array,
  ) {}

  bound(bounds: Float64Array, at: number): number {
    const dim = this.point.length;
    return this.point.reduce((sum, x, axis) => {
      const outside = Math.max(bounds[at + axis]! - x, x - bounds[at + dim + axis]!, 0);
      return sum + outside * outside;
    }, 0);
  }

  visit(begin: number, end: number): number {
    for (let place = begin; place < end; place++) this.#offer(this.index[place]!);
    return this.distance;
  }

  #offer(cell: number): void {
    const at = cell * this.corners;
    const nodes = Array.from(this.cells.subarray(at, at + this.corners));
    const corners = nodes.map((node) => coordinatesOf(this.mesh, node));
    const { distance, weights } = nearestOnSimplex(this.point, corners);
    if (distance < this.distance || distance === this.distance && cell < this.cell) {
      Object.assign(this, { cell, weights, distance });
    }
  }
}

/**
 * Values at the target points of a transfer: the weighted sum of those at the nodes.
 *
 * Linear functions of the position are exact inside the mesh. Works inside `jit`, and gradients
 * flow through the values.
 *
 * @param transfer What {@linkcode barycentricTransfer} made.
 * @param values float32 `[N, ...]` at the nodes of the mesh.
 * @returns float32 `[M, ...]`.
 * @throws {TypeError} If values have no row for each node that is named.
 *
 * @example
 * ```ts
 * import { barycentricTransfer, transferValues } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const line = { type: "line", data: Int32Array.of(0, 1) } as const;
 * const transfer = barycentricTransfer([[0], [1]], line, [[0.25]]);
 * assertEquals(transferValues(transfer, [[10], [30]]).arraySync(), [[15]]);
 * ```
 */
export function transferValues(
  { nodes, weights }: BarycentricTransfer,
  values: TensorLike,
): Tensor {
  return tidy(() => {
    const x = toTensor(values, "values", "float32");
    const needed = nodes.data.reduce((most, node) => Math.max(most, node + 1), 0);
    if (x.dtype !== "float32" || x.rank === 0 || x.shape[0]! < needed) {
      throw new TypeError(
        `Cannot ${ACTION} as values must have a row for each node, float32: values is ` +
          `${describe(x)}, node ${needed - 1} is named`,
      );
    }
    const [targets, corners] = nodes.shape;
    const rest = x.shape.slice(1);
    const rows = tf.gather(x, tf.tensor(nodes.data, [targets * corners], "int32"));
    const shares = tf.tensor(weights.data, [targets, corners, ...rest.map(() => 1)], "float32");
    return tf.sum(tf.mul(tf.reshape(rows, [targets, corners, ...rest]), shares), 1);
  });
}
