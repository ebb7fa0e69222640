/** Random meshes of triangles. @module */
import type { DataArray } from "./array.ts";
import type { Mesh } from "./formats/mesh.ts";
import { randomStream } from "./random_stream.ts";

/** Among how many places a point takes the one farthest from all others. */
const CANDIDATES = 10;

/** Options of {@linkcode randomMesh}. */
export interface RandomMeshOptions {
  /** How many points, at least 4; those on the border included. */
  readonly points: number;
  /** The width and the height of the rectangle; a unit square by default. */
  readonly size?: readonly [width: number, height: number];
  /** The same seed gives the same mesh. */
  readonly seed: number;
}

/**
 * A random mesh of a rectangle: points, about evenly spread, and their Delaunay triangles, all of
 * which turn the same way round. The corners are points, and sides have points of the same spacing,
 * so that triangles are well shaped up to the border. The triangles are made by delaunator, which
 * is loaded by the first call.
 *
 * Points are drawn one after another, each as the best of ten candidates (Mitchell 1991,
 * "Spectrally optimal sampling for distribution ray tracing"): the one farthest from all that are
 * there. The time grows with the square of their number; 10,000 take some seconds.
 *
 * @param options How many points, the rectangle, the seed.
 * @returns A mesh as {@linkcode readMesh} gives it, with `pointData.node_type`, int32 `[V, 1]`: 0
 *   inside, 6 (a wall, as MeshGraphNets has it) on the border.
 * @throws {RangeError} If there are fewer than 4 points, or a side is not positive.
 *
 * @example
 * ```ts
 * import { meshToGraph, randomMesh } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const mesh = await randomMesh({ points: 100, seed: 0 });
 * assertEquals(mesh.points.shape, [100, 2]);
 * const [triangles] = mesh.cells;
 * const graph = meshToGraph(mesh);
 * // Euler: of a rectangle's triangles, vertices - edges + faces = 1.
 * assertEquals(100 - graph.senders!.shape[0]! / 2 + triangles!.shape[0]!, 1);
 * ```
 */
export async function randomMesh(
  { points: count, size = [1, 1], seed }: RandomMeshOptions,
): Promise<Mesh> {
  if (
    !Number.isSafeInteger(count) || count < 4 || !size.every((side) => side > 0 && side < Infinity)
  ) {
    throw new RangeError(
      `Cannot make a mesh of a rectangle as it has 4 points or more and sides above 0: got ${count} ` +
        `points, sides ${size.join(" and ")}`,
    );
  }
  const border = borderOf(count, size);
  const coords = new Float64Array(2 * count);
  coords.set(border);
  scatter(coords, border.length / 2, size, seed);
  const { default: Delaunator } = await import("delaunator");
  const { triangles } = new Delaunator(coords);
  const data = Int32Array.from(triangles);
  const types = Int32Array.from({ length: count }, (_, i) => i < border.length / 2 ? 6 : 0);
  const points: DataArray<Float64Array> = { shape: [count, 2], data: coords };
  return {
    points,
    cells: [{ type: "triangle", shape: [data.length / 3, 3], data }],
    pointData: { node_type: { shape: [count, 1], data: types } },
    cellData: {},
  };
}

/** Points along the sides, the corners included, spaced as the points within will be. */
function borderOf(count: number, [width, height]: readonly [number, number]): number[] {
  // In a mesh of equal triangles each point has an area of half the root of 3 times the spacing
  // squared.
  const spacing = Math.sqrt(2 / Math.sqrt(3) * width * height / count);
  const steps = [width, height].map((side) => Math.max(1, Math.round(side / spacing)));
  while (2 * (steps[0]! + steps[1]!) > count) {
    const longer = steps[0]! > steps[1]! ? 0 : 1;
    steps[longer]!--;
  }
  const [across, up] = steps as [number, number];
  const points: number[] = [];
  for (let i = 0; i < across; i++) points.push(width * i / across, 0);
  for (let i = 0; i < up; i++) points.push(width, height * i / up);
  for (let i = across; i > 0; i--) points.push(width * i / across, height);
  for (let i = up; i > 0; i--) points.push(0, height * i / up);
  return points;
}

/** Fills up the points behind the border's, each the best of some candidates. */
function scatter(
  coords: Float64Array,
  start: number,
  [width, height]: readonly [number, number],
  seed: number,
): void {
  const random = randomStream(seed);
  for (let point = start; 2 * point < coords.length; point++) {
    let best = -1;
    for (let candidate = 0; candidate < CANDIDATES; candidate++) {
      const [x, y] = [random.uniform(0, width), random.uniform(0, height)];
      const distance = nearest(coords, point, x, y);
      if (distance <= best) continue;
      best = distance;
      coords[2 * point] = x;
      coords[2 * point + 1] = y;
    }
  }
}

/** The squared distance to the nearest of the first points. */
function nearest(coords: Float64Array, count: number, x: number, y: number): number {
  let least = Infinity;
  for (let i = 0; i < count; i++) {
    const [dx, dy] = [coords[2 * i]! - x, coords[2 * i + 1]! - y];
    least = Math.min(least, dx * dx + dy * dy);
  }
  return least;
}
