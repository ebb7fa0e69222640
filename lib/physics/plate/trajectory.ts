/** From a record of a plate's data set to tensors. @module */
import * as tf from "@tensorflow/tfjs";
import { type WorldEdgeList, type WorldEdgeListFns, worldEdges } from "../../spatial/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import {
  checkField,
  checkFinite,
  type FlowMesh,
  type HostArray,
  type MeshTrajectoryOptions,
  padRows,
  readMeshField,
} from "../mesh_record.ts";

/** A mesh, its motion and its stress, on the device: frames are picked there, not uploaded. */
export type PlateTrajectory = {
  /** The mesh at rest, of the plate and of what presses it, `[N, D]`. */
  readonly mesh: FlowMesh;
  /** Where the nodes are in the world, float32 `[T, N, D]`. */
  readonly worldPosition: Tensor;
  /** float32 `[T, N, 1]`. */
  readonly stress: Tensor;
  /** Room for the edges between nodes that touch; those of the most crowded frame that was seen. */
  readonly worldEdges: WorldEdgeList;
};

/** Options of {@linkcode plateTrajectory}. */
export interface PlateTrajectoryOptions extends MeshTrajectoryOptions {
  /** World edges of a trajectory that is padded alike: with their shapes both share a program. */
  readonly room?: WorldEdgeList;
}

/** In how many frames world edges are counted, to find the most crowded one. */
const LOOKS = 16;

const ACTION = "make a plate trajectory";

/**
 * Puts a record of `deforming_plate` on the device: the mesh with its edges, the motion, the
 * stress, and room for world edges.
 *
 * @param fields A record of a data set: `cells` int32 `[1, C, 4]` (tetrahedra; or triangles), and
 * `node_type` int32 `[1, N, 1]`, `mesh_pos` float32 `[1, N, D]`, `world_pos` float32 `[T, N, D]`,
 * `stress` float32 `[T, N, 1]`; others are not looked at.
 * @param edges What finds world edges: the `worldEdges` of a simulator.
 * @param options Sizes to pad to. Padding nodes stand apart from all others, and touch nothing.
 * @returns Tensors, to be disposed by the caller.
 * @throws {TypeError} If a field is missing or has another shape.
 * @throws {RangeError} If a cell names a node that is not there, a number is not finite, or there
 * is no room for what is to be padded.
 *
 * @example A tetrahedron, two frames
 * ```ts
 * import { plateTrajectory, worldEdgeList } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { mesh, stress } = plateTrajectory({
 *   cells: { shape: [1, 1, 4], data: [0, 1, 2, 3] },
 *   mesh_pos: { shape: [1, 4, 3], data: [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1] },
 *   node_type: { shape: [1, 4, 1], data: [3, 0, 0, 0] },
 *   world_pos: { shape: [2, 4, 3], data: new Float32Array(24) },
 *   stress: { shape: [2, 4, 1], data: new Float32Array(8) },
 * }, worldEdgeList({ radius: 0.03 }));
 * assertEquals(mesh.senders.shape, [12]);
 * assertEquals(stress.shape, [2, 4, 1]);
 * ```
 */
export function plateTrajectory(
  fields: { readonly [field: string]: unknown },
  edges: WorldEdgeListFns,
  { room, ...options }: PlateTrajectoryOptions = {},
): PlateTrajectory {
  return tidy(() => {
    const { mesh, values } = readMeshField(fields, "world_pos", options, ACTION);
    const [frames, nodes] = values.shape as [number, number, number];
    const world = fields.world_pos as HostArray;
    const real = world.shape[1]!;
    checkField("stress", fields.stress, [frames, real, 1], ACTION);
    const stress = fields.stress as HostArray;
    checkFinite("stress", stress, ACTION);
    const worldPosition = tf.add(values, standApart(world, nodes, edges.radius));
    const crowded = mostCrowded(worldPosition, mesh, edges.radius);
    const padded = padRows(Float32Array.from(stress.data), frames, real, nodes, 0);
    return {
      mesh,
      worldPosition,
      stress: tf.tensor3d(padded, [frames, nodes, 1]),
      worldEdges: edges.allocate(tf.gather(worldPosition, tf.scalar(crowded, "int32")), mesh, room),
    };
  });
}

/** Where padding nodes stand: in a row, four radii from the others and from each other. */
function standApart({ shape, data }: HostArray, nodes: number, radius: number): Tensor {
  const [, real, dimension] = shape as [number, number, number];
  let low = Infinity;
  for (let i = 0; i < data.length; i += dimension) low = Math.min(low, Number(data[i]));
  const places = new Float32Array(nodes * dimension);
  for (let node = real; node < nodes; node++) {
    places[node * dimension] = low - 4 * radius * (node - real + 1);
  }
  return tf.tensor2d(places, [nodes, dimension]);
}

/** The frame with the most world edges, of some frames spread over all. */
function mostCrowded(position: Tensor, { senders, receivers }: FlowMesh, radius: number): number {
  const [frames, nodes, dimension] = position.shape as [number, number, number];
  const data = position.dataSync<"float32">();
  const looks = Math.min(frames, LOOKS);
  let [most, crowded] = [-1, 0];
  for (let look = 0; look < looks; look++) {
    const frame = Math.round(look * (frames - 1) / Math.max(looks - 1, 1));
    const from = frame * nodes * dimension;
    const points = {
      shape: [nodes, dimension],
      data: data.subarray(from, from + nodes * dimension),
    };
    const count = worldEdges(points, radius, senders, receivers).senders.length;
    if (count > most) [most, crowded] = [count, frame];
  }
  return crowded;
}
