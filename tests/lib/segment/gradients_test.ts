import * as tf from "@tensorflow/tfjs";
import {
  partitionRepeat,
  partitionSoftmax,
  segmentGather,
  segmentMaxOrConstant,
  segmentMean,
  segmentNormalize,
} from "../../../lib/segment/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { SEGMENT_FUNCTIONS } from "../../support/segment_functions.ts";

/** Seven rows: segment 1 is empty, one row is dropped at each end, no two values are close. */
const IDS = [2, 0, 2, -1, 0, 4, 2];
const DATA = [[0.3, -1], [1.2, 0.4], [-0.7, 0.9], [5, 5], [0.1, -0.6], [-5, 5], [0.8, 0.2]];

for (const [name, fn] of Object.entries(SEGMENT_FUNCTIONS)) {
  forEachEngine(`${name}() agrees with finite differences up to the third derivative`, () => {
    // The tanh outside makes each derivative depend on each: a linear f would have no second one.
    // An empty segment's Infinity is finite, and flat, behind it.
    const f = (x: tf.Tensor): tf.Tensor => tf.tanh(fn(tf.sin(x), IDS, 4));
    for (const shape of [[7, 2], [7, 2, 1]]) {
      checkGradients(f, [tf.tensor(DATA.flat(), shape)], { order: 3 });
    }
  });

  forEachEngine(`${name}() gives a dropped row no gradient`, () => {
    const x = tf.tensor(DATA);
    const gradient = tf.grad((x: tf.Tensor) => tf.sum(tf.tanh(fn(x, IDS, 4))))(x);
    assertAllClose(tf.gather(gradient, [3, 5]), [[0, 0], [0, 0]]);
  });

  forEachEngine(`${name}() has no NaN in gradients of the first three orders`, () => {
    const f = (x: tf.Tensor): tf.Tensor => tf.sum(tf.tanh(fn(x, IDS, 4)));
    const g1 = tf.grad(f);
    const g2 = tf.grad((x: tf.Tensor) => tf.sum(tf.square(g1(x))));
    const g3 = tf.grad((x: tf.Tensor) => tf.sum(tf.square(g2(x))));
    const x = tf.tensor(DATA);
    for (const g of [g1, g2, g3]) {
      assertAllClose(tf.cast(tf.isFinite(g(x)), "int32"), tf.ones([7, 2], "int32"));
    }
  });
}

forEachEngine("segmentGather() agrees with finite differences up to the third derivative", () => {
  const f = (x: tf.Tensor): tf.Tensor => tf.tanh(segmentGather(tf.sin(x), [1, 1, 0, -1, 3]));
  checkGradients(f, [tf.tensor([[0.3, -1], [1.2, 0.4], [0.2, 0.9]])], { order: 3 });
});

forEachEngine(
  "partitionSoftmax() agrees with finite differences up to the third derivative",
  () => {
    const f = (x: tf.Tensor): tf.Tensor => partitionSoftmax(tf.sin(x), [2, 0, 3, 0], 5);
    checkGradients(f, [tf.tensor([0.3, -1, 1.2, 0.4, 0.2])], { order: 3 });
  },
);

forEachEngine("partitionRepeat() agrees with finite differences up to the third derivative", () => {
  const x = tf.tensor([[0.3, -1], [1.2, 0.4], [0.2, 0.9]]);
  const f = (counts: number[]) => (x: tf.Tensor) => tf.tanh(partitionRepeat(x, counts, 4));
  checkGradients(f([1, 0, 3]), [x], { order: 3 });
  checkGradients(f([4]), [tf.slice(x, 0, 1)], { order: 3 });
});

forEachEngine("segmentNormalize() has no gradient through a variance below eps", () => {
  const x = tf.tensor([1, 1 + 1e-4]);
  const weights = tf.tensor([1, -1]);
  const f = (x: tf.Tensor): tf.Tensor => tf.sum(tf.mul(segmentNormalize(x, [0, 0], 1), weights));
  // Only the centring is seen: d/dx of (x0 - x1) / sqrt(eps) = ±1e4.
  assertAllClose(tf.grad(f)(x), [1e4, -1e4], { rtol: 1e-3 });
});

forEachEngine(
  "segmentMaxOrConstant() gives a row that equals the constant its own gradient",
  () => {
    const gradient = tf.grad((x: tf.Tensor) => segmentMaxOrConstant(x, [0, 0, 2], 4));
    assertAllClose(gradient(tf.tensor([0, -1, 0]), tf.tensor([5, 6, 7, 8])), [5, 0, 7]);
  },
);

forEachEngine("segmentMean() differentiates data made of integers by a cast", () => {
  const gradient = tf.grad((x: tf.Tensor) => segmentMean(tf.mul(x, 2), [0, 0], 1));
  assertAllClose(gradient(tf.tensor([3, 4])), [1, 1]);
});
