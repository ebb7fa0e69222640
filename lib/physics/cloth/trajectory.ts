/** From a record of a cloth data set to tensors. @module */
import * as tf from "@tensorflow/tfjs";
import { type ArrayData, formatShape, isArrayData, sizeOf } from "../../base/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import { type FlowMesh, flowTrajectory } from "../flow/mod.ts";

/** A mesh and the motion of its nodes, on the device: frames are picked there, not uploaded. */
export type ClothTrajectory = {
  /** The mesh, whose positions are those of the flat cloth, `[N, 2]`. */
  readonly mesh: FlowMesh;
  /** Where the nodes are in the world, float32 `[T, N, D]`. */
  readonly worldPosition: Tensor;
};

/**
 * Puts a record of `flag_simple` on the device: the flat mesh with its edges, and the motion.
 *
 * @param fields A record of a data set: `cells` int32 `[1, C, 3]`, `mesh_pos` float32 `[1, N, 2]`,
 * `node_type` int32 `[1, N, 1]`, `world_pos` float32 `[T, N, D]`; others are not looked at.
 * @returns Tensors, to be disposed by the caller.
 * @throws {TypeError} If a field is missing or has another shape.
 * @throws {RangeError} If a cell names a node that is not there, or a number is not finite.
 *
 * @example One triangle, two frames
 * ```ts
 * import { clothTrajectory } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { mesh, worldPosition } = clothTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [3, 0, 0] },
 *   world_pos: { shape: [2, 3, 3], data: new Float32Array(18) },
 * });
 * assertEquals([...mesh.senders.dataSync()], [1, 2, 2, 0, 1, 0]);
 * assertEquals(worldPosition.shape, [2, 3, 3]);
 * ```
 */
export function clothTrajectory(fields: { readonly [field: string]: unknown }): ClothTrajectory {
  const position = readPositions(fields?.world_pos);
  const { cells, mesh_pos, node_type } = fields;
  // The mesh is that of a flow which stands still.
  const velocity = isArrayData(mesh_pos)
    ? { shape: mesh_pos.shape, data: new Float32Array(mesh_pos.data.length) }
    : null;
  const { mesh, velocity: still } = flowTrajectory({ cells, mesh_pos, node_type, velocity });
  still.dispose();
  const nodes = mesh.position.shape[0]!;
  if (position.shape[1] !== nodes) {
    throw new TypeError(
      `Cannot make a cloth trajectory as each node is somewhere in the world: mesh_pos has ${nodes} ` +
        `nodes, world_pos is ${formatShape(position.shape)}`,
    );
  }
  const shape = position.shape as [number, number, number];
  return { mesh, worldPosition: tf.tensor3d(Float32Array.from(position.data), shape) };
}

function readPositions(value: unknown): ArrayData {
  if (
    !isArrayData(value) || value.shape.length !== 3 || value.data.length !== sizeOf(value.shape)
  ) {
    throw new TypeError(
      `Cannot make a cloth trajectory as world_pos is an array [T, N, D]: got ` +
        (isArrayData(value) ? formatShape(value.shape) : describe(value)),
    );
  }
  const data = value.data as ArrayLike<number>;
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new RangeError(
      `Cannot make a cloth trajectory as numbers are finite: number ${i} of world_pos is ${
        data[i]
      }`,
    );
  }
  return { shape: value.shape, data };
}
