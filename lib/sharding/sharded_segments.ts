/**
 * Reductions over segments whose rows are split over devices: each device reduces its own, and then
 * all of them together.
 *
 * They work inside `pmap`, and every device gets the whole result.
 *
 * @module
 */
import { checkSegmentArgs, type Combining, meanOver, softmaxOver } from "../segment/internal.ts";
import { tidy } from "../tfjs/mod.ts";
import { segmentMax, segmentMin, segmentSum } from "../segment/mod.ts";
import type { TensorLike } from "../tensor/mod.ts";
import { pmax, pmin, psum } from "../transform/mod.ts";
import type { Tensor } from "../tree/mod.ts";

/** Along which axis of `pmap` rows are split. */
export interface ShardedOptions {
  /** The name of the axis, or names of several. */
  readonly axisName: string | readonly string[];
}

/** What all devices along an axis have of each segment. */
function overDevices(axisName: ShardedOptions["axisName"]): Combining {
  return { sum: (values) => psum(values, axisName), max: (values) => pmax(values, axisName) };
}

/**
 * The sum of the rows of each segment over all devices. Jraph's `sharded_segment_sum`.
 *
 * @param data This device's rows `[S, ...]`.
 * @param segmentIds int32 `[S]`: the segment of each row; rows of others are dropped.
 * @param numSegments The number of segments.
 * @param options The axis.
 * @returns `[numSegments, ...]`, the same on every device.
 * @throws {TypeError} If there is no such axis around the call, or the leading sizes differ.
 *
 * @example Two edges into node 0, on a device each; here both on one
 * ```ts
 * import { pmap, shardedSegmentSum, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const sums = pmap(
 *   (x: Tensor, ids: Tensor) => shardedSegmentSum(x, ids, 2, { axisName: "edges" }),
 *   { axisName: "edges" },
 * );
 * assertEquals(sums(tf.tensor2d([[1, 2]]), tf.tensor2d([[0, 0]], [1, 2], "int32")).arraySync(), [
 *   [3, 0],
 * ]);
 * ```
 */
export function shardedSegmentSum(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments: number,
  { axisName }: ShardedOptions,
): Tensor {
  return tidy(() => psum(segmentSum(data, segmentIds, numSegments), axisName));
}

/**
 * The mean of the rows of each segment over all devices; 0 for a segment without rows.
 *
 * Parameters are those of {@linkcode shardedSegmentSum}.
 *
 * @returns float32 `[numSegments, ...]`, the same on every device.
 * @throws {TypeError} If there is no such axis around the call, or the leading sizes differ.
 *
 * @example
 * ```ts
 * import { pmap, shardedSegmentMean, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const ids = tf.tensor2d([[0, 0]], [1, 2], "int32"); // one device here
 * const reduced = pmap((x: Tensor, ids: Tensor) => shardedSegmentMean(x, ids, 1, { axisName: "edges" }), {
 *   axisName: "edges",
 * });
 * assertEquals(reduced(tf.tensor2d([[1, 2]]), ids).arraySync(), [[1.5]]);
 * ```
 */
export function shardedSegmentMean(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments: number,
  { axisName }: ShardedOptions,
): Tensor {
  return tidy(() =>
    meanOver(
      checkSegmentArgs("shardedSegmentMean()", data, segmentIds, numSegments),
      overDevices(axisName),
    )
  );
}

/**
 * The largest value of each segment over all devices; rows that tie share the gradient: equally on
 * a device, and devices equally.
 *
 * Parameters are those of {@linkcode shardedSegmentSum}.
 *
 * @returns `[numSegments, ...]`, the same on every device; -Infinity for a segment without rows.
 * @throws {TypeError} If there is no such axis around the call, or the leading sizes differ.
 *
 * @example
 * ```ts
 * import { pmap, shardedSegmentMax, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const ids = tf.tensor2d([[0, 0]], [1, 2], "int32"); // one device here
 * const reduced = pmap((x: Tensor, ids: Tensor) => shardedSegmentMax(x, ids, 1, { axisName: "edges" }), {
 *   axisName: "edges",
 * });
 * assertEquals(reduced(tf.tensor2d([[1, 2]]), ids).arraySync(), [[2]]);
 * ```
 */
export function shardedSegmentMax(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments: number,
  { axisName }: ShardedOptions,
): Tensor {
  return tidy(() => pmax(segmentMax(data, segmentIds, numSegments), axisName));
}

/**
 * The smallest value of each segment over all devices; see {@linkcode shardedSegmentMax}.
 *
 * @returns `[numSegments, ...]`, the same on every device; Infinity for a segment without rows.
 * @throws {TypeError} If there is no such axis around the call, or the leading sizes differ.
 *
 * @example
 * ```ts
 * import { pmap, shardedSegmentMin, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const ids = tf.tensor2d([[0, 0]], [1, 2], "int32"); // one device here
 * const reduced = pmap((x: Tensor, ids: Tensor) => shardedSegmentMin(x, ids, 1, { axisName: "edges" }), {
 *   axisName: "edges",
 * });
 * assertEquals(reduced(tf.tensor2d([[1, 2]]), ids).arraySync(), [[1]]);
 * ```
 */
export function shardedSegmentMin(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments: number,
  { axisName }: ShardedOptions,
): Tensor {
  return tidy(() => pmin(segmentMin(data, segmentIds, numSegments), axisName));
}

/**
 * Softmax over the rows of each segment, which may lie on several devices.
 *
 * Parameters are those of {@linkcode shardedSegmentSum}.
 *
 * @returns float32 `[S, ...]`: the weights of this device's rows; those of all devices sum to 1.
 * @throws {TypeError} If there is no such axis around the call, or the leading sizes differ.
 *
 * @example
 * ```ts
 * import { pmap, shardedSegmentSoftmax, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const ids = tf.tensor2d([[0, 0]], [1, 2], "int32"); // one device here
 * const reduced = pmap((x: Tensor, ids: Tensor) => shardedSegmentSoftmax(x, ids, 1, { axisName: "edges" }), {
 *   axisName: "edges",
 * });
 * assertEquals(reduced(tf.tensor2d([[3, 3]]), ids).arraySync(), [[0.5, 0.5]]);
 * ```
 */
export function shardedSegmentSoftmax(
  logits: TensorLike,
  segmentIds: TensorLike,
  numSegments: number,
  { axisName }: ShardedOptions,
): Tensor {
  return tidy(() =>
    softmaxOver(
      checkSegmentArgs("shardedSegmentSoftmax()", logits, segmentIds, numSegments),
      overDevices(axisName),
    )
  );
}
