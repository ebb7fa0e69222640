/** Rows that lie one partition after another, as the nodes of a batch of graphs do. @module */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkIds, checkReadable, type TensorLike, toTensor } from "../tensor/mod.ts";
import { formatShape, type Tensor } from "../tree/mod.ts";
import { segmentGather, segmentSum } from "./reduce.ts";
import { segmentSoftmax } from "./softmax.ts";

function totalRows(
  partitions: Tensor,
  sumPartitions: number | null | undefined,
  name: string,
): number {
  const action = `compute ${name}`;
  if (sumPartitions != null) {
    checkCount(sumPartitions, action, "sumPartitions");
    return sumPartitions;
  }
  checkReadable(
    partitions,
    `${action} without sumPartitions`,
    "partitions",
    "pass sumPartitions, the number of rows",
  );
  const sizes = partitions.dataSync<"int32">();
  const negative = sizes.findIndex((size) => size < 0);
  if (negative >= 0) {
    throw new RangeError(
      `Cannot ${action} as partitions must have 0 or more rows: partitions[${negative}] is ` +
        `${sizes[negative]}`,
    );
  }
  return sizes.reduce((a, b) => a + b, 0);
}

/**
 * The partition of each row: `[2, 0, 1]` gives `[0, 0, 2]`.
 *
 * With `sumPartitions` the result's size is static, so it works inside `jit`; rows beyond the sum
 * of the partitions belong to the last one.
 *
 * @param partitions int32 `[P]`: the number of rows of each partition, such as `nNode`.
 * @param sumPartitions The number of rows; by default it is summed on the host.
 * @returns int32 `[sumPartitions]`.
 * @throws {TypeError} If the partitions are not int32.
 * @throws {TracerError} Inside `jit`, without `sumPartitions`.
 *
 * @example The graph of each node
 * ```ts
 * import { partitionIds } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(partitionIds([2, 0, 1]).arraySync(), [0, 0, 2]);
 * ```
 */
export function partitionIds(partitions: TensorLike, sumPartitions?: number | null): Tensor {
  return tf.tidy(() => {
    const counts = checkIds(partitions, "compute partitionIds()", "partitions");
    const total = totalRows(counts, sumPartitions, "partitionIds()");
    if (counts.size === 1) return tf.zeros([total], "int32");
    // Where partitions begin, marked and summed: each row counts the beginnings up to itself.
    const starts = tf.cumsum(counts, 0, true);
    const begins = segmentSum(tf.ones(counts.shape, "int32"), starts, total);
    return tf.sub(tf.cumsum(begins), tf.scalar(1, "int32"));
  });
}

/**
 * Repeats each row as often as its partition has rows: `jnp.repeat` with `total_repeat_length`.
 *
 * @param data Rows `[P, ...]`, such as the globals of a graph.
 * @param partitions int32 `[P]`, such as `nNode`.
 * @param sumPartitions The number of rows of the result; by default it is summed on the host.
 * @returns `[sumPartitions, ...]` in the dtype of `data`.
 * @throws {TypeError} If the leading sizes differ, or the partitions are not int32.
 * @throws {TracerError} Inside `jit`, without `sumPartitions`.
 *
 * @example Globals for each node
 * ```ts
 * import { partitionRepeat } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(partitionRepeat([7, 8, 9], [2, 0, 1]).arraySync(), [7, 7, 9]);
 * ```
 */
export function partitionRepeat(
  data: TensorLike,
  partitions: TensorLike,
  sumPartitions?: number | null,
): Tensor {
  return tf.tidy(() => {
    const rows = toTensor(data, "data");
    const counts = checkIds(partitions, "compute partitionRepeat()", "partitions");
    if (rows.rank === 0 || rows.shape[0] !== counts.shape[0]) {
      throw new TypeError(
        `Cannot compute partitionRepeat() as each row of data needs one count: data is ` +
          `${formatShape(rows.shape)}, partitions is ${formatShape(counts.shape)} ` +
          `(their leading sizes must be equal)`,
      );
    }
    const total = totalRows(counts, sumPartitions, "partitionRepeat()");
    // One graph is the common case, and a broadcast is free inside a compiled program.
    if (counts.size === 1 && total > 0) {
      return tf.broadcastTo(rows, [total, ...rows.shape.slice(1)]);
    }
    return segmentGather(rows, partitionIds(counts, total));
  });
}

/**
 * Softmax over partitions: rows that lie one partition after another.
 *
 * @param logits Rows `[sumPartitions, ...]`.
 * @param partitions int32 `[P]`: the number of rows of each partition; an empty one takes no rows.
 * @param sumPartitions The number of rows; by default it is summed on the host. Rows beyond the sum
 * of the partitions join the last one.
 * @returns float32 `[sumPartitions, ...]`.
 * @throws {TypeError} If the number of logits is not the number of rows.
 * @throws {TracerError} Inside `jit`, without `sumPartitions`.
 *
 * @example
 * ```ts
 * import { partitionSoftmax } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(partitionSoftmax([3, 3, 7], [2, 0, 1]).arraySync(), [0.5, 0.5, 1]);
 * ```
 */
export function partitionSoftmax(
  logits: TensorLike,
  partitions: TensorLike,
  sumPartitions?: number | null,
): Tensor {
  return tf.tidy(() => {
    const counts = checkIds(partitions, "compute partitionSoftmax()", "partitions");
    const total = totalRows(counts, sumPartitions, "partitionSoftmax()");
    return segmentSoftmax(logits, partitionIds(counts, total), counts.shape[0]!);
  });
}
