import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { segmentGather, segmentMax, segmentMin, segmentSum } from "../../../lib/segment/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

forEachEngine("segmentSum() adds the rows of each segment", () => {
  const data = tf.tensor([[1, 2], [10, 20], [3, 4], [5, 6]]);
  assertAllClose(segmentSum(data, [0, 2, 0, 0], 3), [[9, 12], [0, 0], [10, 20]]);
});

forEachEngine("segmentSum() drops ids out of range, negative ones too", () => {
  assertAllClose(segmentSum([1, 2, 4, 8], [-1, 0, 2, 1], 2), [2, 8]);
});

forEachEngine("segmentSum() takes any rank from 1", () => {
  const data = tf.range(0, 24).reshape([3, 2, 2, 2]);
  const expected = tf.stack([tf.zeros([2, 2, 2]), tf.sum(data, 0)]);
  assertAllClose(segmentSum(data, [1, 1, 1], 2), expected);
});

forEachEngine("segmentSum() keeps the dtype: int32 is exact, bool is any", () => {
  const integers = tf.tensor([16777217, 2, 3], [3], "int32");
  assertAllClose(segmentSum(integers, [0, 0, 1], 2), tf.tensor([16777219, 3], [2], "int32"));
  const bools = tf.tensor([true, true, false]);
  assertAllClose(segmentSum(bools, [0, 0, 1], 3), tf.tensor([true, false, false]));
});

forEachEngine("segmentSum() counts segments on the host when numSegments is left out", () => {
  assertAllClose(segmentSum([1, 2, 3], [0, 2, 2]), [1, 0, 5]);
  assertAllClose(segmentSum([1, 2, 3], [0, -7, 0], null), [4]);
  assertEquals(segmentSum([1, 2], [-3, -1]).shape, [0]);
});

forEachEngine("segmentMax() and segmentMin() give the extremum of each column", () => {
  const data = tf.tensor([[1, 20], [10, 2], [3, 4]]);
  assertAllClose(segmentMax(data, [0, 0, 2], 3), [[10, 20], [-Infinity, -Infinity], [3, 4]]);
  assertAllClose(segmentMin(data, [0, 0, 2], 3), [[1, 2], [Infinity, Infinity], [3, 4]]);
});

forEachEngine("segmentMax() and segmentMin() keep int32 and bool", () => {
  const integers = tf.tensor([7, -3], [2], "int32");
  assertAllClose(segmentMax(integers, [0, 0], 2), tf.tensor([7, -2147483648], [2], "int32"));
  assertAllClose(segmentMin(integers, [0, 0], 2), tf.tensor([-3, 2147483647], [2], "int32"));
  const bools = tf.tensor([true, false]);
  assertAllClose(segmentMax(bools, [0, 0], 2), tf.tensor([true, false]));
  assertAllClose(segmentMin(bools, [0, 0], 2), tf.tensor([false, true]));
});

forEachEngine("promises about the ids change no result", () => {
  const promises = { indicesAreSorted: true, uniqueIndices: true };
  assertAllClose(segmentSum([1, 2], [1, 1], 2, promises), [0, 3]);
  assertAllClose(segmentMax([1, 2], [1, 1], 2, promises), [-Infinity, 2]);
});

forEachEngine("segmentGather() spreads rows and reads zeros out of range", () => {
  const data = tf.tensor([[1, 2], [3, 4]]);
  assertAllClose(segmentGather(data, [1, 0, 2, -1]), [[3, 4], [1, 2], [0, 0], [0, 0]]);
});

forEachEngine("segmentSum() leaves no tensor behind but its result", () => {
  const [data, ids] = [tf.tensor([1, 2, 3]), tf.tensor([0, 1, 1], [3], "int32")];
  assertLeavesBehind(1, () => segmentSum(data, ids, 2));
});

forEachEngine("segment functions say what is wrong with their arguments", () => {
  assertThrows(
    () => segmentSum([1, 2, 3], [0, 1], 2),
    TypeError,
    "Cannot compute segmentSum() as each row of data needs one id: data is [3], segmentIds is [2]",
  );
  assertThrows(() => segmentSum(tf.scalar(1), [0], 2), TypeError, "data is []");
  assertThrows(
    () => segmentMax([1, 2], tf.tensor([0, 1]), 2),
    TypeError,
    "segmentIds must be int32 of rank 1: got float32 [2] (cast them",
  );
  assertThrows(
    () => segmentSum([1], [0], -1),
    RangeError,
    "numSegments must be a whole number of rows: got -1",
  );
  assertThrows(() => segmentSum([1], [0], 1.5), RangeError, "got 1.5");
  assertThrows(
    () => segmentSum([], [], null),
    RangeError,
    "segmentIds is empty (pass numSegments)",
  );
  assertThrows(() => segmentGather(tf.scalar(1), [0]), TypeError, "got a scalar");
});
