/** Sum, maximum and minimum of the rows of each segment, and the way back. @module */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../tfjs/mod.ts";
import { checkIds, type TensorLike, toTensor } from "../tensor/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { checkSegmentArgs, type SegmentOptions } from "./check.ts";

type Reduction = "Sum" | "Max" | "Min";

function reduce(
  kind: Reduction,
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments: number | null | undefined,
): Tensor {
  return tf.tidy(() => {
    const args = checkSegmentArgs(`segment${kind}()`, data, segmentIds, numSegments);
    return runKernel(
      `UnsortedSegment${kind}`,
      { x: args.data, segmentIds: args.segmentIds },
      { numSegments: args.numSegments },
    );
  });
}

/**
 * The sum of the rows of each segment.
 *
 * Segments need not be contiguous. Rows whose id lies outside `[0, numSegments)` are dropped, and
 * NaN stays in its own segment. Differentiable any number of times.
 *
 * @param data Rows `[E, ...]`, float32, int32 (exact) or bool (any).
 * @param segmentIds int32 `[E]`: the segment of each row.
 * @param numSegments The number of segments; by default the largest id plus one, which is read on
 * the host and so not possible inside `jit`.
 * @param _options Promises about the ids; they change no result.
 * @returns `[numSegments, ...]` in the dtype of `data`; 0 for a segment without rows.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentSum } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentSum([1, 2, 4], [0, 2, 0], 3).arraySync(), [5, 0, 2]);
 * ```
 */
export function segmentSum(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  _options?: SegmentOptions | null,
): Tensor {
  return reduce("Sum", data, segmentIds, numSegments);
}

/**
 * The largest value of each segment, column by column; rows that tie share the gradient equally.
 *
 * @param data Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param _options Promises about the ids; they change no result.
 * @returns `[numSegments, ...]` in the dtype of `data`; -Infinity (int32: -2147483648, bool: false)
 * for a segment without rows.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentMax } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentMax([1, 2, 4], [0, 2, 0], 3).arraySync(), [4, -Infinity, 2]);
 * ```
 */
export function segmentMax(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  _options?: SegmentOptions | null,
): Tensor {
  return reduce("Max", data, segmentIds, numSegments);
}

/**
 * The smallest value of each segment, column by column; rows that tie share the gradient equally.
 *
 * @param data Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param _options Promises about the ids; they change no result.
 * @returns `[numSegments, ...]` in the dtype of `data`; Infinity (int32: 2147483647, bool: true)
 * for a segment without rows.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentMin } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentMin([1, 2, 4], [0, 2, 0], 3).arraySync(), [1, Infinity, 2]);
 * ```
 */
export function segmentMin(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  _options?: SegmentOptions | null,
): Tensor {
  return reduce("Min", data, segmentIds, numSegments);
}

/**
 * Spreads rows to their segments' places: row `segmentIds[e]` of `data` at place `e`, and zeros for
 * an id out of range. It is the transpose of {@linkcode segmentSum}, and each is the other's
 * gradient.
 *
 * @param data Rows `[N, ...]`.
 * @param segmentIds int32 `[E]`.
 * @returns `[E, ...]` in the dtype of `data`.
 * @throws {TypeError} If `data` has no rows to gather (a scalar) or the ids are not int32.
 *
 * @example What each edge's sender knows
 * ```ts
 * import { segmentGather } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentGather([10, 20], [1, 0, 1, -1]).arraySync(), [20, 10, 20, 0]);
 * ```
 */
export function segmentGather(data: TensorLike, segmentIds: TensorLike): Tensor {
  return tf.tidy(() => {
    const x = toTensor(data, "data");
    const ids = checkIds(segmentIds, "compute segmentGather()");
    if (x.rank === 0) {
      throw new TypeError(
        "Cannot compute segmentGather() as data must have rows: got a scalar (reshape it to [1])",
      );
    }
    return runKernel("SegmentGather", { x, segmentIds: ids });
  });
}
