import * as tf from "@tensorflow/tfjs";
import {
  partitionSoftmax,
  segmentMax,
  segmentMaxOrConstant,
  segmentMean,
  segmentMin,
  segmentMinOrConstant,
  segmentNormalize,
  segmentSoftmax,
  segmentSum,
  segmentVariance,
} from "../../../lib/segment/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { decode, GOLDEN, probe, type SegmentCase } from "../../support/jraph_golden.ts";

const FUNCTIONS = {
  segment_sum: segmentSum,
  segment_mean: segmentMean,
  segment_variance: segmentVariance,
  segment_normalize: segmentNormalize,
  segment_max: segmentMax,
  segment_max_or_constant: segmentMaxOrConstant,
  segment_min: segmentMin,
  segment_min_or_constant: segmentMinOrConstant,
  segment_softmax: segmentSoftmax,
};

/** Normalising divides by the root of a variance that may be small. */
const TOLERANCE = { rtol: 2e-5, atol: 2e-5 };

/** Infinities of empty segments have no weight in the generator, but 0 times Infinity is NaN. */
const weighable = (x: Tensor): Tensor => tf.where(tf.isInf(x), tf.zerosLike(x), x);

function check(golden: SegmentCase): void {
  const { num, options } = golden;
  const fn = FUNCTIONS[golden.fn as keyof typeof FUNCTIONS];
  const [data, ids] = [decode<Tensor>(golden.data), decode<Tensor>(golden.ids)];
  const f = (x: Tensor): Tensor => fn(x, ids, num, options);
  assertAllClose(f(data), decode(golden.value), TOLERANCE);
  if (!golden.weights) return;
  const [weights, direction] = [decode<Tensor>(golden.weights), decode<Tensor>(golden.direction)];
  const pull = (x: Tensor): Tensor =>
    grad((x: Tensor) => tf.sum(tf.mul(weighable(f(x)), weights)))(x) as Tensor;
  const second = (x: Tensor): Tensor =>
    grad((x: Tensor) => tf.sum(tf.mul(pull(x), direction)))(x) as Tensor;
  const both = (x: Tensor): Tensor[] => [pull(x), second(x)];
  const expected = decode([golden.gradient, golden.second]);
  // Compiled where the engine compiles; once, as that takes seconds.
  const result = golden.title === "rank 3" ? jit(both)(data) : both(data);
  assertAllClose(result, expected, { rtol: 1e-4, atol: 1e-4 });
}

for (const name of Object.keys(FUNCTIONS)) {
  forEachEngine(`${name} and its first two derivatives are jraph's`, async (t) => {
    for (const golden of GOLDEN.segments.filter(({ fn }) => fn === name)) {
      await t.step(golden.title, () => check(golden));
    }
  });
}

forEachEngine("partition_softmax and its gradient are jraph's", () => {
  for (const golden of GOLDEN.partitions) {
    const [logits, partitions] = [decode<Tensor>(golden.logits), decode<Tensor>(golden.partitions)];
    const f = (x: Tensor): Tensor => partitionSoftmax(x, partitions, golden.total as number | null);
    assertAllClose(f(logits), decode(golden.value));
    assertAllClose(grad((x: Tensor) => probe(f(x)))(logits), decode(golden.gradient));
  }
});
