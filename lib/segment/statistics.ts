/** Mean and variance of each segment, and rows normalised by them. @module */
import * as tf from "@tensorflow/tfjs";
import { withoutGradient } from "../tfjs/mod.ts";
import { asColumn, type TensorLike } from "../tensor/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { checkSegmentArgs, rowsInRange, type SegmentArgs, type SegmentOptions } from "./check.ts";
import { ALL_HERE, type Combining } from "./combining.ts";
import { segmentGather, segmentMax, segmentSum } from "./reduce.ts";

/** Options of {@linkcode segmentNormalize}. */
export interface SegmentNormalizeOptions extends SegmentOptions {
  /** The least variance that is divided by; 1e-8 by default. */
  readonly eps?: number | null | undefined;
}

/** Rows of each segment, at least 1, float32 `[numSegments, 1, ...]`. */
function divisors(
  { data, segmentIds, numSegments }: SegmentArgs,
  { sum }: Combining = ALL_HERE,
): Tensor {
  // Counted in int32, as float32 stops at 2^24.
  const counts = sum(segmentSum(tf.ones(segmentIds.shape, "int32"), segmentIds, numSegments));
  return asColumn(tf.maximum(tf.cast(counts, "float32"), 1), data.rank);
}

function mean(
  { data, segmentIds, numSegments }: SegmentArgs,
  divisor: Tensor,
  { sum }: Combining = ALL_HERE,
): Tensor {
  // Integers are summed exactly before they are divided; a bool counts as 0 or 1.
  const summable = data.dtype === "bool" ? tf.cast(data, "int32") : data;
  return tf.div(tf.cast(sum(segmentSum(summable, segmentIds, numSegments)), "float32"), divisor);
}

/** The mean of each segment over rows that may be those of one device of several. */
export function meanOver(args: SegmentArgs, combining: Combining): Tensor {
  return mean(args, divisors(args, combining), combining);
}

/**
 * Rows less their segment's mean `[E, ...]`, and the variance `[numSegments, ...]`.
 *
 * The mean is taken of the distances from one of the segment's own numbers, so that equal rows give
 * exactly 0 whatever a compiler makes of the division: normalising multiplies by up to 1e4.
 */
function centre(args: SegmentArgs): { centred: Tensor; variance: Tensor } {
  const divisor = divisors(args);
  const { segmentIds, numSegments } = args;
  const ofRows = (values: Tensor): Tensor => segmentGather(values, segmentIds);
  const data = rowsInRange(args);
  const own = withoutGradient(() => ofRows(segmentMax(data, segmentIds, numSegments)));
  const distances = tf.sub(data, own);
  const centred = tf.sub(distances, ofRows(mean({ ...args, data: distances }, divisor)));
  return { centred, variance: mean({ ...args, data: tf.square(centred) }, divisor) };
}

/**
 * The mean of the rows of each segment.
 *
 * @param data Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param _options Promises about the ids; they change no result.
 * @returns float32 `[numSegments, ...]`; 0 for a segment without rows.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentMean } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentMean([1, 2, 4], [0, 2, 0], 3).arraySync(), [2.5, 0, 2]);
 * ```
 */
export function segmentMean(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  _options?: SegmentOptions | null,
): Tensor {
  return tf.tidy(() => {
    const args = checkSegmentArgs("segmentMean()", data, segmentIds, numSegments);
    return meanOver(args, ALL_HERE);
  });
}

/**
 * The population variance (divided by the number of rows) of each segment.
 *
 * @param data Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param _options Promises about the ids; they change no result.
 * @returns float32 `[numSegments, ...]`; 0 for a segment without rows.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentVariance } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentVariance([1, 2, 5], [0, 1, 0], 2).arraySync(), [4, 0]);
 * ```
 */
export function segmentVariance(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  _options?: SegmentOptions | null,
): Tensor {
  return tf.tidy(() =>
    centre(checkSegmentArgs("segmentVariance()", data, segmentIds, numSegments)).variance
  );
}

/**
 * Rows less their segment's mean, divided by its standard deviation:
 * `(x - mean) / sqrt(max(variance, eps))`.
 *
 * A segment that is constant, or has one row, gives 0. Where the variance is below `eps` no
 * gradient flows through it.
 *
 * @param data Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param options `eps`, and promises about the ids.
 * @returns float32 `[E, ...]`; 0 for a row whose id is out of range.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {RangeError} If `eps` is below 0.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentNormalize } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentNormalize([1, 2, 5], [0, 1, 0], 2).arraySync(), [-1, 0, 1]);
 * ```
 */
export function segmentNormalize(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  options?: SegmentNormalizeOptions | null,
): Tensor {
  const eps = options?.eps ?? 1e-8;
  if (typeof eps !== "number" || !(eps >= 0)) {
    throw new RangeError(
      `Cannot compute segmentNormalize() as the least variance must be 0 or more: eps is ${
        String(eps)
      }`,
    );
  }
  return tf.tidy(() => {
    const args = checkSegmentArgs("segmentNormalize()", data, segmentIds, numSegments);
    const { centred, variance } = centre(args);
    const scale = tf.rsqrt(tf.maximum(variance, eps));
    return tf.mul(centred, segmentGather(scale, args.segmentIds));
  });
}
