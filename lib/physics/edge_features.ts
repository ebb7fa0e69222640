/** Features of edges: the places of their ends. @module */
import * as tf from "@tensorflow/tfjs";
import { segmentGather } from "../segment/mod.ts";
import type { Box } from "../spatial/mod.ts";
import { describe, isTensor, type Tensor } from "../tree/mod.ts";
import { shortestWay } from "./periodic.ts";

/** Options of {@linkcode displacementFeatures}. */
export interface DisplacementOptions {
  /** The lengths of a periodic box, in which the shortest way is taken; none by default. */
  readonly box?: Box | null;
}

/**
 * Where the sender of each edge stands, seen from its receiver, and how far: the features of edges
 * in MeshGraphNets, and in GNS where positions are divided by the radius before.
 *
 * Edges of length 0, such as those from a node to itself, have a gradient of 0. Edges that name no
 * node, such as the places left over in a `neighborList`, have zeros.
 *
 * @param position float32 `[N, D]`.
 * @param edges The ends of the edges, int32 `[E]` each.
 * @param options A periodic box.
 * @returns float32 `[E, D + 1]`: sender minus receiver, and the norm of that.
 * @throws {TypeError} If `position` is not float32 `[N, D]`.
 *
 * @example
 * ```ts
 * import { displacementFeatures } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const position = tf.tensor2d([[0, 0], [3, 4]]);
 * const [senders, receivers] = [tf.tensor1d([1], "int32"), tf.tensor1d([0], "int32")];
 * const features = displacementFeatures(position, { senders, receivers });
 * assertEquals(features.arraySync(), [[3, 4, 5]]);
 * ```
 */
export function displacementFeatures(
  position: Tensor,
  { senders, receivers }: { readonly senders: Tensor; readonly receivers: Tensor },
  { box = null }: DisplacementOptions = {},
): Tensor {
  if (!isTensor(position) || position.dtype !== "float32" || position.rank !== 2) {
    throw new TypeError(
      `Cannot compute the features of edges as positions are rows: expected float32 [N, D], got ` +
        describe(position),
    );
  }
  return tf.tidy(() => {
    const straight = tf.sub(segmentGather(position, senders), segmentGather(position, receivers));
    const relative = shortestWay(straight, box);
    const square = tf.sum(tf.square(relative), 1, true);
    // The derivative of a root at 0 is infinite, and the chain rule multiplies it by 0.
    const isPoint = tf.equal(square, 0);
    const distance = tf.sqrt(tf.where(isPoint, tf.onesLike(square), square));
    return tf.concat([relative, tf.where(isPoint, square, distance)], 1);
  });
}

/**
 * Where the sender of each mesh edge stands, seen from its receiver: in the world, and in the mesh.
 *
 * @param current float32 `[N, D]`: where nodes are in the world.
 * @param mesh Where they are in the mesh, `[N, M]`, and the ends of the edges.
 * @returns float32 `[E, D + 1 + M + 1]`.
 */
export function worldAndMeshFeatures(
  current: Tensor,
  mesh: Readonly<Record<"position" | "senders" | "receivers", Tensor>>,
): Tensor {
  return tf.tidy(() =>
    tf.concat([displacementFeatures(current, mesh), displacementFeatures(mesh.position, mesh)], 1)
  );
}
