/** Ways round a periodic box. @module */
import * as tf from "@tensorflow/tfjs";
import type { Box } from "../spatial/mod.ts";
import type { Tensor } from "../tree/mod.ts";

/** The lengths of a box as a tensor `[D]`, 0 where it is not periodic, and one by each of them. */
function lengthsOf(box: Box, dimension: number): { lengths: Tensor; inverse: Tensor } {
  const all = Array.from({ length: dimension }, (_, i) => typeof box === "number" ? box : box[i]!);
  return {
    lengths: tf.tensor1d(all.map((length) => length === Infinity ? 0 : length)),
    inverse: tf.tensor1d(all.map((length) => 1 / length)),
  };
}

/**
 * The shortest of the ways that lead to the same place in a periodic box.
 *
 * @param way float32 `[..., D]`: a difference of two positions.
 * @param box The lengths of the box, `Infinity` along an axis that is not periodic; null for none.
 * @returns float32 `[..., D]`, at most half a box along each periodic axis.
 */
export function shortestWay(way: Tensor, box: Box | null): Tensor {
  if (box === null) return way;
  return tf.tidy(() => {
    const { lengths, inverse } = lengthsOf(box, way.shape.at(-1)!);
    return tf.sub(way, tf.mul(tf.round(tf.mul(way, inverse)), lengths));
  });
}

/**
 * Positions moved into a periodic box.
 *
 * @param position float32 `[..., D]`.
 * @param box As in {@linkcode shortestWay}.
 * @param origin The corner of the box, D numbers.
 * @returns float32 `[..., D]`.
 */
export function moveInside(position: Tensor, box: Box | null, origin: readonly number[]): Tensor {
  if (box === null) return position;
  return tf.tidy(() => {
    const { lengths, inverse } = lengthsOf(box, position.shape.at(-1)!);
    const boxes = tf.floor(tf.mul(tf.sub(position, tf.tensor1d([...origin])), inverse));
    return tf.sub(position, tf.mul(boxes, lengths));
  });
}
