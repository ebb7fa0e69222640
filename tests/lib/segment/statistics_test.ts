import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import {
  segmentMaxOrConstant,
  segmentMean,
  segmentMinOrConstant,
  segmentNormalize,
  segmentSoftmax,
  segmentVariance,
} from "../../../lib/segment/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine, useEngine } from "../../support/engines.ts";
import { longTest } from "../../support/tier.ts";

forEachEngine("segmentMean() divides by the rows of each segment; an empty one gives 0", () => {
  const data = tf.tensor([[1, 2], [10, 20], [4, 7]]);
  assertAllClose(segmentMean(data, [0, 2, 0], 3), [[2.5, 4.5], [0, 0], [10, 20]]);
});

forEachEngine("segmentMean() of int32 is a float32 true division of the exact sum", () => {
  const data = tf.tensor([16777217, 2, 1], [3], "int32");
  assertAllClose(segmentMean(data, [0, 1, 1], 2), tf.tensor([16777216, 1.5]), { atol: 0, rtol: 0 });
});

forEachEngine("segmentMean() of bool is the share of true", () => {
  assertAllClose(segmentMean(tf.tensor([true, false, true, true]), [0, 0, 1, 1], 2), [0.5, 1]);
});

forEachEngine("segmentVariance() is the population's variance", () => {
  assertAllClose(segmentVariance([1, 2, 3, 10], [0, 0, 0, 2], 3), [2 / 3, 0, 0]);
  const integers = tf.tensor([1, 2], [2], "int32");
  assertAllClose(segmentVariance(integers, [0, 0], 1), tf.tensor([0.25]));
});

forEachEngine("NaN in a dropped row reaches no result and no gradient", () => {
  const data = tf.tensor([1, 3, NaN, Infinity]);
  const normalize = (x: tf.Tensor): tf.Tensor => segmentNormalize(x, [0, 0, -1, 7], 2);
  const softmax = (x: tf.Tensor): tf.Tensor => segmentSoftmax(x, [0, 0, -1, 7], 2);
  const variance = (x: tf.Tensor): tf.Tensor => segmentVariance(x, [0, 0, -1, 7], 2);
  const small = 1 / (1 + Math.E ** 2);
  assertAllClose(normalize(data), [-1, 1, 0, 0]);
  assertAllClose(softmax(data), [small, 1 - small, 0, 0]);
  assertAllClose(variance(data), [1, 0]);
  const weights = tf.tensor([2, 0, 1, 1]);
  const slope = 2 * small * (1 - small);
  assertAllClose(tf.grad(normalize)(data, weights), [0, 0, 0, 0]);
  assertAllClose(tf.grad(softmax)(data, weights), [slope, -slope, 0, 0]);
  assertAllClose(tf.grad(variance)(data, tf.tensor([1, 1])), [-1, 1, 0, 0]);
});

forEachEngine("segmentVariance() does not cancel for values far from zero", () => {
  assertAllClose(segmentVariance([1e6, 1e6 + 1, 1e6 + 2], [0, 0, 0], 1), [2 / 3], { rtol: 1e-4 });
});

forEachEngine("segmentNormalize() centres and scales each segment; a constant one gives 0", () => {
  const normalized = segmentNormalize([1, 3, 7, 7, 5, 9], [0, 0, 1, 1, 2, -1], 3);
  assertAllClose(normalized, [-1, 1, 0, 0, 0, 0], { atol: 1e-4 });
});

forEachEngine("segmentNormalize() divides by the square root of eps at least", () => {
  const normalized = segmentNormalize([1, 3], [0, 0], 1, { eps: 4 });
  assertAllClose(normalized, [-0.5, 0.5]);
});

forEachEngine("segmentSoftmax() sums to one over each segment and column", () => {
  const data = tf.tensor([[1, 100], [2, 100], [3, 0], [4, 4]]);
  const [a, b] = [1 / (1 + Math.E), 1 / (1 + Math.exp(-1))];
  assertAllClose(
    segmentSoftmax(data, [0, 0, 1, 3], 4),
    [[a, 0.5], [b, 0.5], [1, 1], [1, 1]],
  );
});

forEachEngine("segmentSoftmax() bears large logits, -Infinity and dropped rows", () => {
  assertAllClose(
    segmentSoftmax([1e30, -1e30, -Infinity, 2, 1e30, 500], [0, 0, 1, 1, 7, -1], 3),
    [1, 0, 0, 1, 0, 0],
  );
});

forEachEngine("segmentSoftmax() of integers is float32", () => {
  assertAllClose(segmentSoftmax(tf.tensor([5, 5], [2], "int32"), [0, 0], 1), tf.tensor([0.5, 0.5]));
});

forEachEngine("statistics keep NaN in its own segment", () => {
  const data = [NaN, 1, 2, 4];
  const ids = [0, 0, 1, 1];
  assertAllClose(segmentMean(data, ids, 3), [NaN, 3, 0]);
  assertAllClose(segmentVariance(data, ids, 3), [NaN, 1, 0]);
  assertAllClose(segmentNormalize(data, ids, 3), [NaN, NaN, -1, 1]);
  const [low, high] = [1 / (1 + Math.exp(2)), 1 / (1 + Math.exp(-2))];
  assertAllClose(segmentSoftmax(data, ids, 3), [NaN, NaN, low, high]);
});

forEachEngine("segmentMaxOrConstant() goes by the count of rows, not by their value", () => {
  assertAllClose(segmentMaxOrConstant([-Infinity, 3], [0, 2], 3), [-Infinity, 0, 3]);
  assertAllClose(segmentMinOrConstant([Infinity, 3], [0, 2], 3, { constant: -1 }), [
    Infinity,
    -1,
    3,
  ]);
});

forEachEngine("segmentMaxOrConstant() casts the constant to the dtype of the data", () => {
  const integers = tf.tensor([[7, 8]], [1, 2], "int32");
  assertAllClose(
    segmentMaxOrConstant(integers, [1], 2, { constant: 2.9 }),
    tf.tensor([[2, 2], [7, 8]], [2, 2], "int32"),
  );
  for (const constant of [2 ** 31 - 1, -(2 ** 31), 2 ** 24 + 1]) {
    const [filled] = segmentMinOrConstant(new Int32Array([7]), [1], 2, { constant }).dataSync();
    assertEquals(filled, constant);
  }
  const bools = tf.tensor([[true, false]]);
  assertAllClose(
    segmentMinOrConstant(bools, [1], 2, { constant: 5 }),
    tf.tensor([[true, true], [true, false]]),
  );
});

forEachEngine(
  "segmentMaxOrConstant() of int32 has an exact constant, cut to a whole number",
  () => {
    const data = tf.tensor1d([16777219], "int32");
    const result = segmentMaxOrConstant(data, [1], 3, { constant: 16777217.5 });
    assertEquals([result.dtype, ...result.dataSync()], ["int32", 16777217, 16777219, 16777217]);
    assertThrows(
      () => segmentMinOrConstant(data, [1], 3, { constant: 2 ** 31 }),
      RangeError,
      "as the constant must be a number that int32 has: got 2147483648",
    );
  },
);

longTest("segmentMean() counts more than 2^24 rows", async () => {
  await useEngine("cpu");
  const n = 2 ** 24 + 1000;
  tf.tidy(() => {
    const mean = segmentMean(tf.ones([n], "int32"), tf.zeros([n], "int32"), 1);
    assertEquals(mean.dataSync()[0], 1);
  });
});
