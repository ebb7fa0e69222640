/** Maximum and minimum with a constant for segments without rows. @module */
import * as tf from "@tensorflow/tfjs";
import { asColumn, type TensorLike } from "../tensor/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { checkSegmentArgs, type SegmentOptions } from "./check.ts";
import { segmentMax, segmentMin, segmentSum } from "./reduce.ts";

/** Options of {@linkcode segmentMaxOrConstant} and {@linkcode segmentMinOrConstant}. */
export interface SegmentOrConstantOptions extends SegmentOptions {
  /** The value of a segment without rows, cast to the dtype of the data; 0 by default. */
  readonly constant?: number | null | undefined;
}

/** The constant, cast to the dtype. */
function castConstant(constant: number, dtype: string, name: string): number {
  if (typeof constant === "number") {
    if (dtype === "float32") return constant;
    if (dtype === "bool") return Number(constant !== 0);
    const whole = Math.trunc(constant);
    if (dtype === "int32" && (whole | 0) === whole) return whole;
  }
  throw new RangeError(
    `Cannot compute ${name} as the constant must be a number that ${dtype} has: got ${
      String(constant)
    }`,
  );
}

function orConstant(
  name: string,
  reduce: typeof segmentMax,
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments: number | null | undefined,
  options: SegmentOrConstantOptions | null | undefined,
): Tensor {
  return tf.tidy(() => {
    const args = checkSegmentArgs(name, data, segmentIds, numSegments);
    const { dtype } = args.data;
    const constant = castConstant(options?.constant ?? 0, dtype, name);
    // tfjs's wasm backend selects wrongly among bools.
    const selectable = dtype === "bool" ? tf.cast(args.data, "int32") : args.data;
    const extremum = reduce(selectable, args.segmentIds, args.numSegments);
    const ones = tf.ones(args.segmentIds.shape, "int32");
    const counts = segmentSum(ones, args.segmentIds, args.numSegments);
    // Rows are counted, as a segment's maximum can be -Infinity by its own right.
    const hasRows = asColumn(tf.greater(counts, 0), extremum.rank);
    const otherwise = tf.fill(extremum.shape, constant, extremum.dtype as "float32" | "int32");
    return tf.cast(tf.where(hasRows, extremum, otherwise), dtype);
  });
}

/**
 * As {@linkcode segmentMax}, with a constant for segments without rows. The constant gets no
 * gradient.
 *
 * @param data Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param options The constant, and promises about the ids.
 * @returns `[numSegments, ...]` in the dtype of `data`.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {RangeError} If the constant is no number, or not one of the data's dtype.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentMaxOrConstant } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentMaxOrConstant([1, 4], [0, 0], 2, { constant: -1 }).arraySync(), [4, -1]);
 * ```
 */
export function segmentMaxOrConstant(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  options?: SegmentOrConstantOptions | null,
): Tensor {
  return orConstant("segmentMaxOrConstant()", segmentMax, data, segmentIds, numSegments, options);
}

/**
 * As {@linkcode segmentMin}, with a constant for segments without rows. The constant gets no
 * gradient.
 *
 * @param data Rows `[E, ...]`.
 * @param segmentIds int32 `[E]`, as in {@linkcode segmentSum}.
 * @param numSegments The number of segments; by default the largest id plus one.
 * @param options The constant, and promises about the ids.
 * @returns `[numSegments, ...]` in the dtype of `data`.
 * @throws {TypeError} If the leading sizes differ or the ids are not int32.
 * @throws {RangeError} If the constant is no number, or not one of the data's dtype.
 * @throws {TracerError} Inside `jit`, without `numSegments`.
 *
 * @example
 * ```ts
 * import { segmentMinOrConstant } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(segmentMinOrConstant([1, 4], [0, 0], 2).arraySync(), [1, 0]);
 * ```
 */
export function segmentMinOrConstant(
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments?: number | null,
  options?: SegmentOrConstantOptions | null,
): Tensor {
  return orConstant("segmentMinOrConstant()", segmentMin, data, segmentIds, numSegments, options);
}
