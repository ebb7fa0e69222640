/**
 * Loss functions, as in Optax, and means over what a mask leaves.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { withoutGradient } from "../tfjs/mod.ts";
import { describe, formatShape, isTensor, type Tensor } from "../tree/mod.ts";

/** Options of losses that take a mean. */
export interface MaskOptions {
  /** bool, of the leading axes: entries where it is false do not count. */
  readonly mask?: Tensor | null;
}

/**
 * The mean of the entries that a mask leaves.
 *
 * @param values float32 `[N, ...]`.
 * @param mask bool of the leading axes of `values`, such as `[N]`; null for all.
 * @returns float32 `[]`; 0 if the mask leaves nothing.
 * @throws {TypeError} If the mask is not bool or its shape does not lead that of the values.
 *
 * @example
 * ```ts
 * import { losses } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [values, mask] = [tf.tensor1d([1, 3, 100]), tf.tensor1d([true, true, false])];
 * assertAlmostEquals(losses.maskedMean(values, mask).dataSync()[0]!, 2, 1e-6);
 * ```
 */
export function maskedMean(values: Tensor, mask: Tensor | null = null): Tensor {
  checkTensors("maskedMean()", { values });
  return tf.tidy(() => {
    if (mask === null) return tf.mean(values);
    const full = spread(mask, values);
    const count = tf.sum(tf.cast(full, "float32"));
    return tf.div(tf.sum(tf.where(full, values, tf.zerosLike(values))), tf.maximum(count, 1));
  });
}

/** A mask of the leading axes, for each entry. */
function spread(mask: Tensor, values: Tensor): Tensor {
  const leads = isTensor(mask) && mask.dtype === "bool" && mask.rank <= values.rank &&
    mask.shape.every((size, axis) => size === values.shape[axis]);
  if (!leads) {
    throw new TypeError(
      `Cannot mask as a mask is bool with the leading axes of the values: values are ` +
        `${formatShape(values.shape)}, mask is ${describe(mask)}`,
    );
  }
  const ones = values.shape.map((size, axis) => axis < mask.rank ? size : 1);
  return tf.logicalAnd(tf.reshape(mask, ones), tf.ones(values.shape, "bool"));
}

/**
 * The mean of squared differences.
 *
 * @param predictions float32 `[N, ...]`.
 * @param targets float32 of the same shape.
 * @returns float32 `[]`. What is masked has no influence and no gradient, NaN included.
 * @throws {TypeError} If shapes differ, which would broadcast in silence.
 *
 * @example
 * ```ts
 * import { losses } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const mask = tf.tensor1d([true, false]);
 * const loss = losses.meanSquaredError(tf.tensor1d([1, 9]), tf.tensor1d([3, 0]), { mask });
 * assertEquals(loss.dataSync()[0], 4);
 * ```
 */
export function meanSquaredError(
  predictions: Tensor,
  targets: Tensor,
  options: MaskOptions = {},
): Tensor {
  checkSameShape("meanSquaredError()", { predictions, targets });
  const { mask = null } = options;
  return tf.tidy(() => {
    const difference = tf.sub(predictions, targets);
    if (!mask) return tf.mean(tf.square(difference));
    // Masked before it is squared: the square of NaN has a gradient of NaN even under a mask.
    const known = tf.where(spread(mask, difference), difference, tf.zerosLike(difference));
    return maskedMean(tf.square(known), mask);
  });
}

/**
 * Huber's loss (1964) of each entry: half the square up to `delta`, linear beyond.
 *
 * @returns float32 of the shape of both arguments.
 * @throws {TypeError} If shapes differ.
 *
 * @example
 * ```ts
 * import { losses } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [predictions, targets] = [tf.tensor1d([3]), tf.tensor1d([0])];
 * assertAlmostEquals(losses.huber(predictions, targets, 1).dataSync()[0]!, 2.5, 1e-6);
 * ```
 */
export function huber(predictions: Tensor, targets: Tensor, delta = 1): Tensor {
  checkSameShape("huber()", { predictions, targets });
  if (!(Number.isFinite(delta) && delta > 0)) {
    throw new RangeError(
      `Cannot compute huber() as delta must be a positive number: got ${describe(delta)}`,
    );
  }
  return tf.tidy(() => {
    const error = tf.abs(tf.sub(predictions, targets));
    const quadratic = tf.minimum(error, delta);
    const linear = tf.sub(error, quadratic);
    return tf.add(tf.mul(0.5, tf.square(quadratic)), tf.mul(delta, linear));
  });
}

/**
 * The cross entropy of sigmoid(logits) and labels, entry by entry: for classes that do not exclude
 * each other, or two of them.
 *
 * @param logits float32 of any shape: log odds.
 * @param labels float32 of the same shape: probabilities.
 * @returns float32 of the same shape.
 * @throws {TypeError} If shapes differ.
 *
 * @example
 * ```ts
 * import { losses } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [logits, labels] = [tf.tensor1d([0]), tf.tensor1d([1])];
 * assertAlmostEquals(losses.sigmoidBinaryCrossEntropy(logits, labels).dataSync()[0]!, Math.LN2, 1e-6);
 * ```
 */
export function sigmoidBinaryCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  checkSameShape("sigmoidBinaryCrossEntropy()", { logits, labels });
  return tf.tidy(() => {
    // Not softplus(x) - label x, whose terms cancel where the label is 1 and x is large.
    const ifTrue = tf.mul(labels, tf.softplus(tf.neg(logits)));
    return tf.add(ifTrue, tf.mul(tf.sub(1, labels), tf.softplus(logits)));
  });
}

/**
 * The cross entropy of softmax(logits) and labels.
 *
 * @param logits float32 `[..., K]`: unnormalised log probabilities.
 * @param labels float32 of the same shape: probabilities.
 * @returns float32 `[...]`.
 * @throws {TypeError} If shapes differ.
 *
 * @example
 * ```ts
 * import { losses } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [logits, labels] = [tf.tensor2d([[0, 0]]), tf.tensor2d([[0.5, 0.5]])];
 * assertAlmostEquals(losses.softmaxCrossEntropy(logits, labels).dataSync()[0]!, Math.LN2, 1e-6);
 * ```
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Tensor): Tensor {
  checkSameShape("softmaxCrossEntropy()", { logits, labels });
  if (logits.rank === 0) {
    throw new TypeError(
      `Cannot compute softmaxCrossEntropy() as logits have an axis of classes: got ` +
        describe(logits),
    );
  }
  return tf.tidy(() => {
    const log = logProbabilities(logits);
    // A class that cannot be, by a logit of -Infinity, and is not, costs nothing: not 0 * Infinity.
    const ruledOut = tf.logicalAnd(tf.equal(labels, 0), tf.equal(log, -Infinity));
    return tf.neg(tf.sum(tf.where(ruledOut, tf.zerosLike(log), tf.mul(labels, log)), -1));
  });
}

/**
 * The cross entropy of softmax(logits) and one class each.
 *
 * @param logits float32 `[..., K]`: unnormalised log probabilities.
 * @param labels int32 `[...]`: classes in [0, K).
 * @returns float32 `[...]`; 0 for a label out of range.
 * @throws {TypeError} If labels are not int32 or their shape is not that of the logits but for K.
 *
 * @example
 * ```ts
 * import { losses } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [logits, labels] = [tf.tensor2d([[0, 0]]), tf.tensor1d([1], "int32")];
 * assertAlmostEquals(losses.softmaxCrossEntropyWithIntegerLabels(logits, labels).dataSync()[0]!, Math.LN2, 1e-6);
 * ```
 */
export function softmaxCrossEntropyWithIntegerLabels(logits: Tensor, labels: Tensor): Tensor {
  checkTensors("softmaxCrossEntropyWithIntegerLabels()", { logits, labels });
  if (logits.rank === 0) {
    throw new TypeError(
      `Cannot compute softmaxCrossEntropyWithIntegerLabels() as logits have an axis of classes: ` +
        `got ${describe(logits)}`,
    );
  }
  const expected = logits.shape.slice(0, -1);
  if (labels.dtype !== "int32" || `${labels.shape}` !== `${expected}`) {
    throw new TypeError(
      `Cannot compute softmaxCrossEntropyWithIntegerLabels() as there is a class for each row of ` +
        `logits ${formatShape(logits.shape)}: expected labels int32 ${formatShape(expected)}, ` +
        `got ${describe(labels)}`,
    );
  }
  return tf.tidy(() => {
    const isLabel = tf.cast(tf.oneHot(labels, logits.shape.at(-1)!), "bool");
    const log = logProbabilities(logits);
    return tf.neg(tf.sum(tf.where(isLabel, log, tf.zerosLike(log)), -1));
  });
}

/**
 * Shifted by the largest logit before, not after, the sum is taken off: large logits cost no
 * digits.
 */
function logProbabilities(logits: Tensor): Tensor {
  const shifted = tf.sub(logits, withoutGradient(() => tf.max(logits, -1, true)));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
}

function checkTensors(loss: string, tensors: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(tensors)) {
    const isNumeric = isTensor(value) && value.dtype !== "string" && value.dtype !== "complex64";
    if (isNumeric && !value.isDisposed) continue;
    const got = isTensor(value) && value.isDisposed ? "one that was disposed" : describe(value);
    throw new TypeError(
      `Cannot compute ${loss} as ${name} must be a tensor of numbers: got ${got}`,
    );
  }
}

function checkSameShape(loss: string, tensors: Readonly<Record<string, Tensor>>): void {
  checkTensors(loss, tensors);
  const [[aName, a], [bName, b]] = Object.entries(tensors) as [[string, Tensor], [string, Tensor]];
  if (`${a.shape}` === `${b.shape}`) return;
  throw new TypeError(
    `Cannot compute ${loss} as both arguments must have one shape: ${aName} is ` +
      `${formatShape(a.shape)}, ${bName} is ${formatShape(b.shape)}`,
  );
}
