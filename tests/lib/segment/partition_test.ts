import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { partitionIds, partitionRepeat, partitionSoftmax } from "../../../lib/segment/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

const int32 = (...values: number[]): tf.Tensor => tf.tensor(values, [values.length], "int32");

forEachEngine("partitionIds() numbers the rows of each partition; empty ones take none", () => {
  assertAllClose(partitionIds([0, 2, 0, 0, 3, 0]), int32(1, 1, 4, 4, 4));
  assertAllClose(partitionIds([3]), int32(0, 0, 0));
  assertEquals(partitionIds(int32()).shape, [0]);
  assertEquals(partitionIds(int32(0, 0)).shape, [0]);
});

forEachEngine("partitionIds() puts rows beyond the sum into the last partition", () => {
  assertAllClose(partitionIds([1, 2], 5), int32(0, 1, 1, 1, 1));
  assertAllClose(partitionIds([1, 2, 0], 5), int32(0, 1, 1, 2, 2));
  assertAllClose(partitionIds([2, 2], 3), int32(0, 0, 1));
});

forEachEngine("partitionRepeat() repeats rows, of one partition or several, in any dtype", () => {
  const globals = tf.tensor([[1, 2], [3, 4], [5, 6]], [3, 2], "int32");
  const expected = tf.tensor([[1, 2], [1, 2], [5, 6]], [3, 2], "int32");
  assertAllClose(partitionRepeat(globals, [2, 0, 1]), expected);
  assertAllClose(partitionRepeat(tf.tensor([[1, 2]]), [3]), [[1, 2], [1, 2], [1, 2]]);
  assertAllClose(partitionRepeat(tf.tensor([7]), [0]), []);
});

forEachEngine("partitionSoftmax() is a softmax over each partition", () => {
  const [low, high] = [1 / (1 + Math.E), Math.E / (1 + Math.E)];
  assertAllClose(partitionSoftmax([1, 2, 5, 4, 4], [2, 0, 1, 2]), [low, high, 1, 0.5, 0.5]);
  assertAllClose(partitionSoftmax([1, 2, 2], [1, 1], 3), [1, 0.5, 0.5]);
});

forEachEngine("partition functions say what is wrong with their arguments", () => {
  assertThrows(
    () => partitionSoftmax([1, 2, 3], [1, 1]),
    TypeError,
    "each row of data needs one id",
  );
  assertThrows(() => partitionIds(tf.tensor([1, 2])), TypeError, "partitions must be int32");
  assertThrows(() => partitionRepeat([1, 2], [1]), TypeError, "data is [2], partitions is [1]");
  assertThrows(() => partitionIds([1], -2), RangeError, "sumPartitions");
});
