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
import type { Tensor, Tree } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import {
  assertGolden,
  decode,
  DERIVATIVE,
  GOLDEN,
  probe,
  type SegmentCase,
  VALUE,
} from "../../support/jraph_golden.ts";

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

/** Infinities of empty segments have no weight in the generator, but 0 times Infinity is NaN. */
const weighable = (x: Tensor): Tensor => tf.where(tf.isInf(x), tf.zerosLike(x), x);

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

/** Compared eagerly and compiled, but for what is found on the host when it runs. */
function check(golden: SegmentCase): void {
  const { num } = golden;
  const options = Object.fromEntries(
    Object.entries(golden.options).map(([name, value]) => [camelCase(name), value]),
  );
  const fn = FUNCTIONS[golden.fn as keyof typeof FUNCTIONS];
  const [data, ids] = [decode<Tensor>(golden.data), decode<Tensor>(golden.ids)];
  const f = (x: Tensor): Tensor => fn(x, ids, num, options);
  const ways = num === null ? [f] : [f, jit(f)];
  for (const way of ways) assertGolden(way(data), golden.value, VALUE);
  if (!golden.weights) return;
  const [weights, direction] = [decode<Tensor>(golden.weights), decode<Tensor>(golden.direction)];
  const pull = (x: Tensor): Tensor =>
    grad((x: Tensor) => tf.sum(tf.mul(weighable(f(x)), weights)))(x) as Tensor;
  const second = (x: Tensor): Tensor =>
    grad((x: Tensor) => tf.sum(tf.mul(pull(x), direction)))(x) as Tensor;
  const both = (x: Tensor): Tensor[] => [pull(x), second(x)];
  for (const way of num === null ? [both] : [both, jit(both)]) {
    assertGolden(way(data), [golden.gradient, golden.second], DERIVATIVE);
  }
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
    const total = golden.total as number | null;
    const f = (x: Tensor): Tensor => partitionSoftmax(x, partitions, total);
    const both = (x: Tensor): Tree[] => [f(x), grad((x: Tensor) => probe(f(x)))(x)];
    for (const way of total === null ? [both] : [both, jit(both)]) {
      const [value, gradient] = way(logits);
      assertGolden(value, golden.value, VALUE);
      assertGolden(gradient, golden.gradient, DERIVATIVE);
    }
  }
});
