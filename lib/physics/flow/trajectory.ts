/** A flow on a mesh: from a record of a data set to tensors. @module */
import type { Tensor } from "../../tree/mod.ts";
import {
  type FlowMesh,
  type HostArray,
  type MeshTrajectoryOptions,
  readMeshField,
} from "../mesh_record.ts";
export type { FlowMesh, HostArray, MeshSize, MeshTrajectoryOptions } from "../mesh_record.ts";

/**
 * The fields of a record of MeshGraphNets' `cylinder_flow` that are read; C cells, T frames.
 */
export type FlowRecord = {
  /** int32 `[1, C, 3]`: triangles; or `[1, C, 4]`: tetrahedra, or quads in the plane. */
  readonly cells: HostArray;
  /** float32 `[1, N, D]`. */
  readonly mesh_pos: HostArray;
  /** int32 `[1, N, 1]`. */
  readonly node_type: HostArray;
  /** float32 `[T, N, D]`. */
  readonly velocity: HostArray;
};

/** A mesh and the flow on it, on the device: frames are picked there, not uploaded. */
export type FlowTrajectory = {
  /** The mesh, which stays the same. */
  readonly mesh: FlowMesh;
  /** float32 `[T, N, D]`. */
  readonly velocity: Tensor;
};

/** Options of {@linkcode flowTrajectory}. */
export type FlowTrajectoryOptions = MeshTrajectoryOptions;

/**
 * Puts a record of `cylinder_flow` on the device: a mesh with its edges, and the velocities.
 *
 * With `padTo`, nodes of type WALL_BOUNDARY at the origin, and edges from the last of them to
 * itself, are added; the masks tell them apart.
 *
 * @param fields A record of a data set, with the fields of a {@linkcode FlowRecord}; others are not
 * looked at.
 * @param options Sizes to pad to.
 * @returns Tensors, to be disposed by the caller.
 * @throws {TypeError} If a field is missing or has another shape.
 * @throws {RangeError} If a cell names a node that is not there, a number is not finite, or `padTo`
 * is too small (padding edges need a padding node).
 *
 * @example One triangle, two frames
 * ```ts
 * import { flowTrajectory } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { mesh, velocity } = flowTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [4, 0, 5] },
 *   velocity: { shape: [2, 3, 2], data: new Float32Array(12) },
 * });
 * assertEquals([...mesh.senders.dataSync()], [1, 2, 2, 0, 1, 0]);
 * assertEquals(velocity.shape, [2, 3, 2]);
 * ```
 */
export function flowTrajectory(
  fields: { readonly [field: string]: unknown },
  options: FlowTrajectoryOptions = {},
): FlowTrajectory {
  const { mesh, values } = readMeshField(fields, "velocity", options, "make a flow trajectory");
  return { mesh, velocity: values };
}
