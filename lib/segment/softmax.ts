/** Softmax within each segment. @module */
import * as tf from "@tensorflow/tfjs";
import { withoutGradient } from "../tfjs/mod.ts";
import type { TensorLike } from "../tensor/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { checkSegmentArgs, rowsInRange, type SegmentArgs, type SegmentOptions } from "./check.ts";
import { ALL_HERE, type Combining } from "./combining.ts";
import { segmentGather, segmentMax, segmentSum } from "./reduce.ts";

/**
 * Softmax over the rows of each segment, column by column.
 *
 * @param logits Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param _options Promises about the ids; they change no result.
 * @returns float32 `[E, ...]`, which sums to 1 over each segment; 0 for a row whose id is out of
 * range. A segment of -Infinity alone, or with Infinity, gives NaN, as any softmax does.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example Attention weights of two edges into node 0 and one into node 1
 * ```ts
 * import { segmentSoftmax } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentSoftmax([3, 3, 7], [0, 0, 1], 2).arraySync(), [0.5, 0.5, 1]);
 * ```
 */
export function segmentSoftmax(
  logits: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  _options?: SegmentOptions | null,
): Tensor {
  return tf.tidy(() =>
    softmaxOver(checkSegmentArgs("segmentSoftmax()", logits, segmentIds, numSegments), ALL_HERE)
  );
}

/** The same for rows that may be those of one device of several. */
export function softmaxOver(args: SegmentArgs, { sum, max }: Combining): Tensor {
  const { segmentIds, numSegments } = args;
  const x = rowsInRange(args);
  // Softmax is the same for every shift, so the shift can be a constant to derivatives.
  const shift = withoutGradient(() =>
    segmentGather(max(segmentMax(x, segmentIds, numSegments)), segmentIds)
  );
  const weights = tf.exp(tf.sub(x, shift));
  // A segment with rows sums to 1 or more; the bound is for segments without.
  const sums = tf.maximum(sum(segmentSum(weights, segmentIds, numSegments)), 0.5);
  return tf.mul(weights, segmentGather(tf.reciprocal(sums), segmentIds));
}
