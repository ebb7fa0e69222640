/** Checks the arguments that all segment functions share. @module */
import * as tf from "@tensorflow/tfjs";
import {
  asColumn,
  checkCount,
  checkIds,
  checkReadable,
  type TensorLike,
  toTensor,
} from "../tensor/mod.ts";
import { formatShape, type Tensor } from "../tree/mod.ts";

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

/**
 * The rows as float32, 0 where the id is out of range: what stands there, be it NaN, then reaches
 * neither a result nor a gradient, where a product with 0 would leave NaN.
 */
export function rowsInRange({ data, segmentIds, numSegments }: SegmentArgs): Tensor {
  const isInRange = tf.logicalAnd(
    tf.greaterEqual(segmentIds, tf.scalar(0, "int32")),
    tf.less(segmentIds, tf.scalar(numSegments, "int32")),
  );
  return tf.where(asColumn(isInRange, data.rank), tf.cast(data, "float32"), tf.scalar(0));
}
