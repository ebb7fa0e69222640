import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { losses } from "../../../lib/train/mod.ts";
import { grad } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { golden } from "./optax.ts";

const expected = golden.losses;
const logits = (): Tensor => tf.tensor2d(expected.logits);
const targets = (): Tensor => tf.tensor2d(expected.targets);
const labels = (): Tensor => tf.tensor2d(expected.labels);
const classes = (): Tensor => tf.tensor1d(expected.classes, "int32");

forEachEngine("losses are what Optax's are", () => {
  assertAllClose(losses.huber(logits(), targets(), 2), expected.huber);
  assertAllClose(losses.softmaxCrossEntropy(logits(), labels()), expected.softmaxCrossEntropy);
  assertAllClose(
    losses.softmaxCrossEntropyWithIntegerLabels(logits(), classes()),
    expected.softmaxCrossEntropyWithIntegerLabels,
    { atol: 2e-6 },
  );
});

forEachEngine(
  "sigmoidBinaryCrossEntropy() is the cross entropy of each entry, large ones too",
  () => {
    const entry = (x: number, y: number): number =>
      -y * Math.log(1 / (1 + Math.exp(-x))) - (1 - y) * Math.log(1 / (1 + Math.exp(x)));
    const [x, y] = [[-2, 0.5, 3], [0, 0.25, 1]] as const;
    assertAllClose(
      losses.sigmoidBinaryCrossEntropy(tf.tensor1d([...x]), tf.tensor1d([...y])),
      x.map((value, i) => entry(value, y[i]!)),
    );
    const [large, truth] = [tf.tensor1d([1e4, 1e4, -1e4]), tf.tensor1d([1, 0, 1])];
    assertAllClose(losses.sigmoidBinaryCrossEntropy(large, truth), [0, 1e4, 1e4]);
  },
);

forEachEngine("losses of large logits stay finite", () => {
  const large = tf.tensor2d([[1e4, 0, -1e4]]);
  assertAllClose(losses.softmaxCrossEntropy(large, tf.tensor2d([[0, 1, 0]])), [1e4]);
  const label = tf.tensor1d([2], "int32");
  assertAllClose(losses.softmaxCrossEntropyWithIntegerLabels(large, label), [2e4]);
  const impossible = tf.tensor2d([[0, -Infinity]]);
  const first = tf.tensor1d([0], "int32");
  assertAllClose(losses.softmaxCrossEntropyWithIntegerLabels(impossible, first), [0]);
});

forEachEngine("meanSquaredError() is the mean over all entries, or those of the mask", () => {
  const [x, y] = [tf.tensor2d([[1, 2], [3, 4], [9, 9]]), tf.tensor2d([[1, 0], [0, 4], [0, 0]])];
  assertAllClose(losses.meanSquaredError(x, y), (4 + 9 + 81 + 81) / 6);
  const mask = tf.tensor1d([true, true, false]);
  assertAllClose(losses.meanSquaredError(x, y, { mask }), (4 + 9) / 4);
  const entries = tf.tensor2d([[0, 1], [0, 0], [0, 0]], [3, 2], "bool");
  assertAllClose(losses.meanSquaredError(x, y, { mask: entries }), 4);
  const none = tf.zeros([3], "bool");
  assertAllClose(losses.meanSquaredError(x, y, { mask: none }), 0);
});

forEachEngine("what is masked has no influence and no gradient, NaN included", () => {
  const mask = tf.tensor1d([true, false, false]);
  const y = tf.tensor1d([0, 0, NaN]);
  const loss = (x: Tensor): Tensor => losses.meanSquaredError(x, y, { mask });
  const x = tf.tensor1d([3, NaN, 1]);
  assertAllClose(loss(x), 9);
  assertAllClose(grad(loss)(x), [6, 0, 0]);
  assertAllClose(losses.maskedMean(tf.tensor1d([2, NaN, 4]), tf.tensor1d([true, false, true])), 3);
});

forEachEngine("cross entropies keep their digits where logits are large", () => {
  const bce = (x: tf.Tensor) =>
    tf.sum(losses.sigmoidBinaryCrossEntropy(x, tf.tensor1d([1, 0, 1, 0])));
  const far = tf.tensor1d([20, -20, 100, -1e4]);
  const small = 2.0611536e-9; // log(1 + exp(-20))
  assertAllClose(bce(far), 2 * small, { rtol: 1e-6 });
  assertAllClose(grad(bce)(far), [-small, small, 0, 0], { rtol: 1e-6, atol: 1e-40 });

  const shifted = tf.tensor2d([[1e4, 1e4 + 1], [-1e4, -1e4 + 1]]);
  const expected = [1.3132616, 0.3132617]; // log(1 + e), log(1 + 1 / e)
  const loss = losses.softmaxCrossEntropyWithIntegerLabels;
  assertAllClose(loss(shifted, tf.tensor1d([0, 1], "int32")), expected, { rtol: 1e-6 });
  const hot = tf.tensor2d([[1, 0], [0, 1]]);
  assertAllClose(losses.softmaxCrossEntropy(shifted, hot), expected, { rtol: 1e-6 });
});

forEachEngine("a class that is ruled out by a logit of -Infinity costs nothing", () => {
  const x = tf.tensor1d([-Infinity, 0, 0]);
  const loss = (x: tf.Tensor) => losses.softmaxCrossEntropy(x, tf.tensor1d([0, 1, 0]));
  assertAllClose(loss(x), Math.log(2));
  assertAllClose(grad(loss)(x), [0, -0.5, 0.5]);
  assertAllClose(losses.softmaxCrossEntropy(x, tf.tensor1d([1, 0, 0])), Infinity);
});

forEachEngine("derivatives of losses are right, first and second", () => {
  const mask = tf.tensor1d([true, false, true, true]);
  const small = tf.mul(logits(), 0.1);
  checkGradients((x) => losses.meanSquaredError(x, targets(), { mask }), [small], { order: 2 });
  checkGradients((x) => losses.softmaxCrossEntropy(x, labels()), [small], { order: 2 });
  checkGradients((x) => losses.sigmoidBinaryCrossEntropy(x, labels()), [small], { order: 2 });
  checkGradients(
    (x) => losses.softmaxCrossEntropyWithIntegerLabels(x, classes()),
    [small],
    { order: 2 },
  );
  const far = tf.tensor1d([0.5, -0.4, 3, -2]);
  checkGradients((x) => losses.huber(x, tf.zeros([4])), [far], { order: 2 });
});

forEachEngine("losses refuse shapes that would broadcast", () => {
  const [column, row] = [tf.zeros([4, 1]), tf.zeros([4])];
  assertThrows(
    () => losses.meanSquaredError(column, row),
    TypeError,
    "Cannot compute meanSquaredError() as both arguments must have one shape: predictions is " +
      "[4, 1], targets is [4]",
  );
  assertThrows(() => losses.huber(column, row), TypeError, "Cannot compute huber() as both");
  assertThrows(
    () => losses.softmaxCrossEntropyWithIntegerLabels(tf.zeros([4, 3]), row),
    TypeError,
    "expected labels int32 [4], got float32 [4]",
  );
  assertThrows(
    () => losses.maskedMean(tf.zeros([4, 3]), tf.zeros([3], "bool")),
    TypeError,
    "Cannot mask as a mask is bool with the leading axes of the values: values are [4, 3], mask " +
      "is bool [3]",
  );
});
