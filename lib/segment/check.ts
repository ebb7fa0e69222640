/** Checks the arguments that all segment functions share. @module */
import * as tf from "@tensorflow/tfjs";
import { currentCompiler, isTracer, TracerError } from "../engine/mod.ts";
import { describe, formatShape, type Tensor } from "../tree/mod.ts";
import { type TensorLike, toTensor } from "./to_tensor.ts";

/** Promises that Jraph's callers can make; they change no result. */
export interface SegmentOptions {
  /** Promises that the ids ascend. */
  readonly indicesAreSorted?: boolean | null | undefined;
  /** Promises that no id comes twice. */
  readonly uniqueIndices?: boolean | null | undefined;
}

/** Arguments of a segment function, checked. */
export interface SegmentArgs {
  /** Rows `[E, ...]`. */
  readonly data: Tensor;
  /** int32 `[E]`. */
  readonly segmentIds: Tensor;
  readonly numSegments: number;
}

/** What int32 can count. */
const MOST = 2 ** 31 - 1;

/** Fails unless a value can be a number of rows. */
export function checkCount(value: number, action: string, name: string): void {
  if (Number.isInteger(value) && value >= 0 && value <= MOST) return;
  const got = typeof value === "number" ? String(value) : describe(value);
  throw new RangeError(
    `Cannot ${action} as ${name} must be a whole number of rows: got ${got} ` +
      `(pass 0 or more, below 2^31)`,
  );
}

/** Fails unless what a user passed is a function. */
export function checkFunction(value: unknown, action: string, name: string): void {
  if (typeof value === "function") return;
  throw new TypeError(
    `Cannot ${action} as ${name} must be a function: got ${describe(value)}`,
  );
}

/** Makes segment ids a tensor, int32 `[E]`. */
export function checkIds(segmentIds: TensorLike, action: string, name = "segmentIds"): Tensor {
  const ids = toTensor(segmentIds, name, "int32");
  if (ids.dtype === "int32" && ids.rank === 1) return ids;
  throw new TypeError(
    `Cannot ${action} as ${name} must be int32 of rank 1: got ${describe(ids)} ` +
      `(cast them with tf.cast(${name}, "int32"), flatten them with tf.reshape)`,
  );
}

/**
 * Fails inside `jit`, where the values of a tensor are not known yet, or would be frozen into the
 * program; `remedy` names the way round.
 */
export function checkReadable(tensor: Tensor, action: string, name: string, remedy: string): void {
  if (!isTracer(tensor)) return checkOnHost(action, remedy);
  throw new TracerError(
    `Cannot ${action} as inside jit values are not known yet: ${name} is a tracer, ` +
      `${describe(tensor)} (${remedy})`,
  );
}

/** Fails inside `jit`, for what is made of values on the host; `remedy` names the way round. */
export function checkOnHost(action: string, remedy: string): void {
  if (!currentCompiler()?.isTracing()) return;
  throw new TracerError(
    `Cannot ${action} as it is made on the host: got a call inside jit (${remedy})`,
  );
}

/** One more than the largest id; negative ids are dropped by every segment function. */
function countSegments(segmentIds: Tensor, action: string): number {
  checkReadable(
    segmentIds,
    `${action} without numSegments`,
    "segmentIds",
    "pass numSegments, such as the number of nodes",
  );
  if (segmentIds.size === 0) {
    throw new RangeError(
      `Cannot ${action} without numSegments as it is the largest id plus one: ` +
        `segmentIds is empty (pass numSegments)`,
    );
  }
  const ids = segmentIds.dataSync<"int32">();
  return Math.max(0, ids.reduce((a, b) => Math.max(a, b)) + 1);
}

/** Checks and completes the arguments of a segment function. */
export function checkSegmentArgs(
  name: string,
  data: TensorLike,
  segmentIds: TensorLike,
  numSegments: number | null | undefined,
): SegmentArgs {
  const action = `compute ${name}`;
  const rows = toTensor(data, "data");
  const ids = checkIds(segmentIds, action);
  if (rows.rank === 0 || rows.shape[0] !== ids.shape[0]) {
    throw new TypeError(
      `Cannot ${action} as each row of data needs one id: data is ${formatShape(rows.shape)}, ` +
        `segmentIds is ${formatShape(ids.shape)} (their leading sizes must be equal)`,
    );
  }
  if (numSegments != null) checkCount(numSegments, action, "numSegments");
  return {
    data: rows,
    segmentIds: ids,
    numSegments: numSegments ?? countSegments(ids, action),
  };
}

/** Reshapes one number a row, `[n]`, so that it broadcasts against rows of the given rank. */
export function asColumn(perRow: Tensor, rank: number): Tensor {
  return tf.reshape(perRow, [perRow.shape[0]!, ...new Array<number>(rank - 1).fill(1)]);
}

/**
 * The rows as float32, 0 where the id is out of range: what stands there, be it NaN, then reaches
 * neither a result nor a gradient, where a product with 0 would leave NaN.
 */
export function rowsInRange({ data, segmentIds, numSegments }: SegmentArgs): Tensor {
  const isInRange = tf.logicalAnd(
    tf.greaterEqual(segmentIds, 0),
    tf.less(segmentIds, tf.scalar(numSegments, "int32")),
  );
  return tf.where(asColumn(isInRange, data.rank), tf.cast(data, "float32"), tf.scalar(0));
}
