/** Limits on gradients. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { describe, type Tensor, type Tree, treeLeaves, treeMap } from "../tree/mod.ts";
import type { GradientTransformation } from "./transformation.ts";

/**
 * The Euclidean norm of all leaves of a tree taken as one vector: a float32 scalar.
 *
 * @throws {TypeError} If something is neither tensor, null, array nor plain object; the path is
 * named.
 *
 * @example
 * ```ts
 * import { globalNorm } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * assertEquals(globalNorm([tf.scalar(3), { b: tf.scalar(4) }]).dataSync()[0], 5);
 * ```
 */
export function globalNorm(tree: Tree): Tensor {
  return tf.tidy(() => {
    const squares = treeLeaves(tree).map((leaf) => tf.sum(tf.square(leaf)));
    return squares.length === 0 ? tf.scalar(0) : tf.sqrt(tf.addN(squares));
  });
}

/**
 * Scales gradients down so that their norm, over all leaves, is at most `maxNorm` (Pascanu et al.
 * 2013).
 *
 * @throws {RangeError} If `maxNorm` is not positive.
 *
 * @example
 * ```ts
 * import { clipByGlobalNorm } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [clipped] = clipByGlobalNorm(1).update({ a: tf.scalar(3), b: tf.scalar(4) }, null);
 * assertAlmostEquals(clipped.a.dataSync()[0]!, 0.6, 1e-6);
 * ```
 */
export function clipByGlobalNorm(maxNorm: number): GradientTransformation {
  if (typeof maxNorm !== "number" || !(maxNorm > 0)) {
    throw new RangeError(
      `Cannot make clipByGlobalNorm() as maxNorm must be positive: got ${describe(maxNorm)}`,
    );
  }
  return {
    init: () => null,
    update: (grads, state) =>
      tidy(() => {
        const norm = globalNorm(grads as Tree);
        const isSmall = tf.less(norm, maxNorm);
        const clip = (g: Tensor): Tensor => tf.where(isSmall, g, tf.mul(tf.div(g, norm), maxNorm));
        return [treeMap(clip, grads), state];
      }),
  };
}
