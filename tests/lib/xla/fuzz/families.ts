/**
 * The families of operations that random programs are made of.
 *
 * Engines differ in the last bits, so an operation that jumps (a comparison, a floor, an argmax)
 * takes exact values only, and one that is steep (a logarithm, a root, a quotient) is written so
 * that a small error stays small.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  broadcasts,
  type Choices,
  type Family,
  isBool,
  isExact,
  isFloat,
  isNumber,
  type PlannedValue,
  written,
} from "./step.ts";

type Unary = (x: tf.Tensor) => tf.Tensor;
type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

const UNARY: Readonly<Record<string, Unary>> = {
  "tf.abs(%0)": (x) => tf.abs(x),
  "tf.neg(%0)": (x) => tf.neg(x),
  "tf.relu(%0)": (x) => tf.relu(x),
  "tf.square(%0)": (x) => tf.square(x),
  "tf.clipByValue(%0, -2, 3)": (x) => tf.clipByValue(x, -2, 3),
  "tf.relu6(%0)": (x) => tf.relu6(x),
  "tf.onesLike(%0)": (x) => tf.onesLike(x),
  "tf.zerosLike(%0)": (x) => tf.zerosLike(x),
  "tf.leakyRelu(%0, 0.5)": (x) => tf.leakyRelu(x, 0.5),
};

const JUMPING: Readonly<Record<string, Unary>> = {
  "tf.floor(%0)": (x) => tf.floor(x),
  "tf.ceil(%0)": (x) => tf.ceil(x),
  "tf.round(%0)": (x) => tf.round(x),
  "tf.sign(%0)": (x) => tf.sign(x),
  "tf.step(%0)": (x) => tf.step(x),
  "tf.isNaN(%0)": (x) => tf.isNaN(x),
  "tf.isFinite(%0)": (x) => tf.isFinite(x),
  "tf.cast(%0, 'int32')": (x) => tf.cast(x, "int32"),
  "tf.cast(%0, 'bool')": (x) => tf.cast(x, "bool"),
};

const tame: Unary = (x) => tf.clipByValue(x, -4, 4);
const inside: Unary = (x) => tf.mul(0.9, tf.tanh(x));

const SMOOTH: Readonly<Record<string, Unary>> = {
  "tf.exp(tame(%0))": (x) => tf.exp(tame(x)),
  "tf.expm1(tame(%0))": (x) => tf.expm1(tame(x)),
  "tf.sinh(tame(%0))": (x) => tf.sinh(tame(x)),
  "tf.cosh(tame(%0))": (x) => tf.cosh(tame(x)),
  "tf.tanh(%0)": (x) => tf.tanh(x),
  "tf.sigmoid(%0)": (x) => tf.sigmoid(x),
  "tf.softplus(%0)": (x) => tf.softplus(x),
  "tf.elu(%0)": (x) => tf.elu(x),
  "tf.selu(%0)": (x) => tf.selu(x),
  "tf.erf(%0)": (x) => tf.erf(x),
  "tf.sin(tame(%0))": (x) => tf.sin(tame(x)),
  "tf.cos(tame(%0))": (x) => tf.cos(tame(x)),
  "tf.atan(%0)": (x) => tf.atan(x),
  "tf.asinh(%0)": (x) => tf.asinh(x),
  "tf.asin(inside(%0))": (x) => tf.asin(inside(x)),
  "tf.acos(inside(%0))": (x) => tf.acos(inside(x)),
  "tf.atanh(inside(%0))": (x) => tf.atanh(inside(x)),
  "tf.log(tf.add(1, tf.square(%0)))": (x) => tf.log(tf.add(1, tf.square(x))),
  "tf.log1p(tf.abs(%0))": (x) => tf.log1p(tf.abs(x)),
  "tf.sqrt(tf.add(1, tf.square(%0)))": (x) => tf.sqrt(tf.add(1, tf.square(x))),
  "tf.rsqrt(tf.add(1, tf.square(%0)))": (x) => tf.rsqrt(tf.add(1, tf.square(x))),
  "tf.reciprocal(tf.add(1, tf.abs(%0)))": (x) => tf.reciprocal(tf.add(1, tf.abs(x))),
  "tf.prelu(%0, tf.scalar(0.3))": (x) => tf.prelu(x, tf.scalar(0.3)),
};

const BINARY: Readonly<Record<string, Binary>> = {
  "tf.add(%0, %1)": (a, b) => tf.add(a, b),
  "tf.sub(%0, %1)": (a, b) => tf.sub(a, b),
  "tf.mul(%0, %1)": (a, b) => tf.mul(a, b),
  "tf.maximum(%0, %1)": (a, b) => tf.maximum(a, b),
  "tf.minimum(%0, %1)": (a, b) => tf.minimum(a, b),
  "tf.squaredDifference(%0, %1)": (a, b) => tf.squaredDifference(a, b),
};

const JUMPING_BINARY: Readonly<Record<string, Binary>> = {
  "tf.equal(%0, %1)": (a, b) => tf.equal(a, b),
  "tf.notEqual(%0, %1)": (a, b) => tf.notEqual(a, b),
  "tf.less(%0, %1)": (a, b) => tf.less(a, b),
  "tf.lessEqual(%0, %1)": (a, b) => tf.lessEqual(a, b),
  "tf.greater(%0, %1)": (a, b) => tf.greater(a, b),
  "tf.greaterEqual(%0, %1)": (a, b) => tf.greaterEqual(a, b),
  "tf.mod(%0, tf.add(4, tf.abs(%1)))": (a, b) => tf.mod(a, tf.add(4, tf.abs(b))),
  "tf.floorDiv(%0, tf.add(1, tf.abs(%1)))": (a, b) => tf.floorDiv(a, tf.add(1, tf.abs(b))),
};

const STEEP_BINARY: Readonly<Record<string, Binary>> = {
  "tf.div(%0, tf.add(1, tf.abs(%1)))": (a, b) => tf.div(a, tf.add(1, tf.abs(b))),
  "tf.divNoNan(%0, tf.add(1, tf.abs(%1)))": (a, b) => tf.divNoNan(a, tf.add(1, tf.abs(b))),
  "tf.pow(tf.add(1, tf.abs(%0)), inside(%1))": (a, b) => tf.pow(tf.add(1, tf.abs(a)), inside(b)),
  "tf.atan2(%0, tf.add(1, tf.abs(%1)))": (a, b) => tf.atan2(a, tf.add(1, tf.abs(b))),
};

const LOGICAL: Readonly<Record<string, Binary>> = {
  "tf.logicalAnd(%0, %1)": (a, b) => tf.logicalAnd(a, b),
  "tf.logicalOr(%0, %1)": (a, b) => tf.logicalOr(a, b),
  "tf.logicalXor(%0, %1)": (a, b) => tf.logicalXor(a, b),
};

type Along = (x: tf.Tensor, axis: number[], keepDims: boolean) => tf.Tensor;

const REDUCTIONS: Readonly<Record<string, Along>> = {
  sum: (x, axis, keep) => tf.sum(x, axis, keep),
  max: (x, axis, keep) => tf.max(x, axis, keep),
  min: (x, axis, keep) => tf.min(x, axis, keep),
  mean: (x, axis, keep) => tf.mean(x, axis, keep),
  prod: (x, axis, keep) => tf.prod(x, axis, keep),
  logSumExp: (x, axis, keep) => tf.logSumExp(x, axis, keep),
};

const INEXACT = new Set(["mean", "logSumExp"]);

const unary = (
  table: Readonly<Record<string, Unary>>,
  fits: (v: PlannedValue) => boolean,
  exact: boolean,
): Family =>
(choices) => {
  const [text, apply] = choices.of(Object.entries(table));
  const x = choices.pick(fits);
  return x < 0 ? null : { text, operands: [x], apply, exact };
};

const binary = (
  table: Readonly<Record<string, Binary>>,
  fits: (v: PlannedValue) => boolean,
  exact: boolean,
): Family =>
(choices) => {
  const [text, apply] = choices.of(Object.entries(table));
  const a = choices.pick(fits);
  if (a < 0) return null;
  const shape = choices.tensor(a).shape;
  const b = choices.pick((v) => fits(v) && broadcasts(v.tensor.shape, shape));
  return { text, operands: [a, b], apply, exact };
};

/** Some of a tensor's axes, in order. */
function someAxes(choices: Choices, rank: number): number[] {
  const bits = choices.int(2 ** rank);
  const axes = Array.from({ length: rank }, (_, i) => i).filter((i) => bits >> i & 1);
  return axes.length > 0 || rank === 0 ? axes : [rank - 1];
}

const reduction: Family = (choices) => {
  const [name, apply] = choices.of(Object.entries(REDUCTIONS));
  const x = choices.pick((v) => name === "logSumExp" ? isFloat(v) : isNumber(v));
  if (x < 0) return null;
  const axes = someAxes(choices, choices.tensor(x).rank);
  const keep = choices.flip();
  return {
    text: `tf.${name}(%0, ${written(axes)}, ${keep})`,
    operands: [x],
    apply: (t) => apply(t!, axes, keep),
    exact: !INEXACT.has(name),
  };
};

const anyOrAll: Family = (choices) => {
  const name = choices.of(["any", "all"] as const);
  const x = choices.pick(isBool);
  if (x < 0) return null;
  const axes = someAxes(choices, choices.tensor(x).rank);
  return {
    text: `tf.${name}(%0, ${written(axes)})`,
    operands: [x],
    apply: (t) => tf[name](t!, axes),
    exact: true,
  };
};

const argument: Family = (choices) => {
  const name = choices.of(["argMax", "argMin"] as const);
  const x = choices.pick((v) => isExact(v) && isNumber(v) && v.tensor.rank > 0);
  if (x < 0) return null;
  const axis = choices.int(choices.tensor(x).rank);
  return {
    text: `tf.${name}(%0, ${axis})`,
    operands: [x],
    apply: (t) => tf[name](t!, axis),
    exact: true,
  };
};

const cumulative: Family = (choices) => {
  const name = choices.of(["cumsum", "cumprod"] as const);
  const x = choices.pick((v) => isNumber(v) && v.tensor.rank > 0);
  if (x < 0) return null;
  const args = [choices.int(choices.tensor(x).rank), choices.flip(), choices.flip()] as const;
  return {
    text: `tf.${name}(%0, ${args.join(", ")})`,
    operands: [x],
    apply: (t) => tf[name](t!, ...args),
    exact: true,
  };
};

const softmax: Family = (choices) => {
  const name = choices.of(["softmax", "logSoftmax"] as const);
  const x = choices.pick((v) => isFloat(v) && v.tensor.rank > 0);
  if (x < 0) return null;
  return { text: `tf.${name}(%0)`, operands: [x], apply: (t) => tf[name](t!), exact: false };
};

const where: Family = (choices) => {
  const condition = choices.pick((v) => isBool(v) && v.tensor.size > 0);
  if (condition < 0) return null;
  const shape = choices.tensor(condition).shape;
  // tfjs broadcasts an empty axis of three operands wrongly.
  const fits = ({ tensor }: PlannedValue): boolean =>
    tensor.size > 0 && broadcasts(tensor.shape, shape);
  const [a, b] = [choices.pick(fits), choices.pick(fits)];
  if (a < 0 || b < 0) return null;
  return {
    text: "tf.where(%0, %1, %2)",
    operands: [condition, a, b],
    apply: (c, x, y) => tf.where(c!, x!, y!),
    exact: true,
  };
};

const matMul: Family = (choices) => {
  const a = choices.pick((v) => isFloat(v) && v.tensor.rank >= 2);
  if (a < 0) return null;
  const [transposeA, transposeB] = [choices.flip(), choices.flip()];
  const left = choices.tensor(a).shape;
  const inner = left.at(transposeA ? -2 : -1)!;
  // tfjs's cpu backend broadcasts a batch that is as large as the other or a single matrix only.
  const batches = (shape: readonly number[]): string => {
    const batch = shape.slice(0, -2);
    return batch.every((size) => size === 1) ? "" : batch.join();
  };
  const b = choices.pick(({ tensor: { dtype, rank, shape } }) =>
    dtype === "float32" && rank === left.length &&
    shape.at(transposeB ? -1 : -2) === inner &&
    ["", batches(left)].includes(batches(shape))
  );
  if (b < 0) return null;
  return {
    text: `tf.matMul(%0, %1, ${transposeA}, ${transposeB})`,
    operands: [a, b],
    apply: (x, y) => tf.matMul(x!, y!, transposeA, transposeB),
    exact: true,
  };
};

const convolution: Family = (choices) => {
  const x = choices.pick((v) => isFloat(v) && v.tensor.rank >= 2 && v.tensor.size > 0);
  if (x < 0) return null;
  const [h, w] = [1 + choices.int(2), 1 + choices.int(2)];
  const [stride, padding] = [1 + choices.int(2), choices.of(["same", "valid"] as const)];
  const image: Unary = (t) => tf.reshape(t, [1, -1, t.shape.at(-1)!, 1]);
  const kind = choices.of(["conv", "depthwise", "max", "avg"] as const);
  const apply: Unary = (t) =>
    kind === "conv"
      ? tf.conv2d(image(t) as tf.Tensor4D, tf.fill([h, w, 1, 2], 0.5), stride, padding)
      : kind === "depthwise"
      ? tf.depthwiseConv2d(
        tf.concat([image(t), image(t)], 3) as tf.Tensor4D,
        tf.fill([h, w, 2, 1], 0.25),
        stride,
        padding,
      )
      : kind === "max"
      ? tf.maxPool(image(t) as tf.Tensor4D, [h, w], stride, padding)
      : tf.avgPool(image(t) as tf.Tensor4D, [h, w], stride, padding);
  return {
    text: `${kind}(image(%0), ${h}x${w}, ${stride}, "${padding}")`,
    operands: [x],
    apply,
    exact: false,
  };
};

/** Spreads and lengths, along some axes. */
const moment: Family = (choices) => {
  const x = choices.pick((v) => isFloat(v) && v.tensor.size > 0);
  if (x < 0) return null;
  const axes = someAxes(choices, choices.tensor(x).rank);
  const name = choices.of(["variance", "euclideanNorm"] as const);
  return {
    text: `${name}(%0, ${written(axes)})`,
    operands: [x],
    apply: (t) =>
      name === "variance"
        ? tf.moments(t!, axes).variance
        : tf.sqrt(tf.add(1, tf.sum(tf.square(t!), axes))),
    exact: false,
  };
};

const batchNorm: Family = (choices) => {
  const x = choices.pick((v) => isFloat(v) && v.tensor.rank >= 2 && v.tensor.size > 0);
  if (x < 0) return null;
  const apply: Unary = (t) => {
    const { mean, variance } = tf.moments(t, 0);
    return tf.batchNorm(t as tf.Tensor2D, mean as tf.Tensor1D, tf.add(1, variance) as tf.Tensor1D);
  };
  return choices.tensor(x).rank > 4
    ? null
    : { text: "batchNormByColumns(%0)", operands: [x], apply, exact: false };
};

/** All families; a program draws from them evenly. */
export const NUMERIC_FAMILIES: readonly Family[] = [
  unary(UNARY, isNumber, true),
  unary(SMOOTH, isFloat, false),
  unary(JUMPING, (v) => isExact(v) && isNumber(v), true),
  binary(BINARY, isNumber, true),
  binary(STEEP_BINARY, isFloat, false),
  binary(JUMPING_BINARY, (v) => isExact(v) && isNumber(v), true),
  binary(LOGICAL, isBool, true),
  reduction,
  anyOrAll,
  argument,
  cumulative,
  softmax,
  where,
  matMul,
  convolution,
  moment,
  batchNorm,
];
