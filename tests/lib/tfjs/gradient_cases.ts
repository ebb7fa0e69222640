/** Every differentiable op of TensorFlow.js, and tensors to differentiate it by. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../../lib/tree/mod.ts";

/** Distinct values, at least 1.2 / size apart and away from 0, in a fixed shuffled order. */
function spread(shape: number[], low: number, high: number): Tensor {
  const size = tf.util.sizeFromShape(shape);
  const values = Array.from({ length: size }, (_, i) => {
    // Multiplying by a number prime to the size shuffles.
    const step = [7, 5, 11, 13].find((p) => size % p !== 0)!;
    return low + (high - low) * ((i * step + 2) % size + 0.5) / size;
  });
  return tf.tensor(values, shape);
}
const positive = (...shape: number[]): Tensor => spread(shape, 0.4, 1.6);
const inside = (...shape: number[]): Tensor => tf.mul(signs(shape), spread(shape, 0.1, 0.8));
const mixed = (...shape: number[]): Tensor => tf.mul(signs(shape), spread(shape, 0.2, 1.8));

function signs(shape: number[]): Tensor {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(Array.from({ length: size }, (_, i) => i % 3 === 1 ? -1 : 1), shape);
}
const ints = (values: number[], shape = [values.length]): Tensor =>
  tf.tensor(values, shape, "int32");

/** An op and the tensors it is differentiated by. */
export type Case = readonly [
  name: string,
  // deno-lint-ignore no-explicit-any
  f: (...xs: any[]) => Tensor,
  inputs: () => Tensor[],
];

const ELEMENTWISE: readonly Case[] = [
  ["abs", tf.abs, () => [mixed(6)]],
  ["acos", tf.acos, () => [inside(6)]],
  ["acosh", tf.acosh, () => [tf.add(positive(6), 1)]],
  ["add", tf.add, () => [mixed(2, 3), mixed(3)]],
  ["addN", (a, b) => tf.addN([a, b, a]), () => [mixed(3), mixed(3)]],
  ["asin", tf.asin, () => [inside(6)]],
  ["asinh", tf.asinh, () => [mixed(6)]],
  ["atan", tf.atan, () => [mixed(6)]],
  ["atan2", tf.atan2, () => [mixed(2, 3), mixed(3)]],
  ["atanh", tf.atanh, () => [inside(6)]],
  ["cast", (x) => tf.mul(x, tf.cast(tf.cast(x, "int32"), "float32")), () => [mixed(6)]],
  ["ceil", (x) => tf.mul(x, tf.ceil(x)), () => [mixed(6)]],
  ["clipByValue", (x) => tf.clipByValue(x, -1, 0.9), () => [mixed(7)]],
  ["cos", tf.cos, () => [mixed(6)]],
  ["cosh", tf.cosh, () => [mixed(6)]],
  ["div", tf.div, () => [mixed(2, 3), mixed(3)]],
  ["divNoNan", tf.divNoNan, () => [mixed(2, 3), mixed(3)]],
  ["elu", tf.elu, () => [mixed(6)]],
  ["erf", tf.erf, () => [mixed(6)]],
  ["exp", tf.exp, () => [mixed(6)]],
  ["expm1", tf.expm1, () => [mixed(6)]],
  ["floor", (x) => tf.mul(x, tf.floor(x)), () => [mixed(6)]],
  ["floorDiv", (a, b) => tf.mul(a, tf.floorDiv(a, b)), () => [
    tf.tensor1d([2.3, -1.7, 0.6, 3.1]),
    tf.tensor1d([0.9, 0.8, -0.7, 1.3]),
  ]],
  ["leakyRelu", (x) => tf.leakyRelu(x, 0.3), () => [mixed(6)]],
  ["log", tf.log, () => [positive(6)]],
  ["log1p", tf.log1p, () => [positive(6)]],
  ["logSigmoid", (x) => tf.logSigmoid(tf.mul(x, 2)), () => [mixed(6)]],
  ["maximum", tf.maximum, () => [mixed(6), spread([6], -1.9, 1.7)]],
  ["maximum, broadcast", tf.maximum, () => [mixed(2, 3), tf.tensor1d([0.05, -0.4, 2])]],
  ["minimum", tf.minimum, () => [mixed(6), spread([6], -1.9, 1.7)]],
  ["minimum, broadcast", tf.minimum, () => [tf.scalar(0.05), mixed(2, 3)]],
  ["mod", tf.mod, () => [
    tf.tensor1d([2.3, -1.7, 0.6, 3.1]),
    tf.tensor1d([0.9, 0.8, -0.7, 1.3]),
  ]],
  ["mod, broadcast", tf.mod, () => [tf.tensor1d([2.3, -1.7, 0.6]), tf.scalar(0.7)]],
  ["mul", tf.mul, () => [mixed(2, 3), mixed(3)]],
  ["neg", tf.neg, () => [mixed(6)]],
  ["pow", tf.pow, () => [positive(2, 3), mixed(3)]],
  ["pow, a square", (x) => tf.pow(x, 2), () => [tf.tensor1d([-1.3, 0, 0.7])]],
  ["pow, a cube", (x) => tf.pow(x, 3), () => [tf.tensor1d([-1.3, 0, 0.7])]],
  ["pow, the identity", (x) => tf.pow(x, 1), () => [tf.tensor1d([-1.3, 0, 0.7])]],
  ["prelu", tf.prelu, () => [mixed(2, 3), mixed(3)]],
  ["reciprocal", tf.reciprocal, () => [mixed(6)]],
  ["relu", tf.relu, () => [mixed(6)]],
  ["relu6", (x) => tf.relu6(tf.mul(x, 8)), () => [mixed(6)]],
  ["round", (x) => tf.mul(x, tf.round(x)), () => [mixed(6)]],
  ["rsqrt", tf.rsqrt, () => [positive(6)]],
  ["selu", tf.selu, () => [mixed(6)]],
  ["sigmoid", tf.sigmoid, () => [mixed(6)]],
  ["sign", (x) => tf.mul(x, tf.sign(x)), () => [mixed(6)]],
  ["sin", tf.sin, () => [mixed(6)]],
  ["sinh", tf.sinh, () => [mixed(6)]],
  ["softplus", tf.softplus, () => [mixed(6)]],
  ["sqrt", tf.sqrt, () => [positive(6)]],
  ["square", tf.square, () => [mixed(6)]],
  ["squaredDifference", tf.squaredDifference, () => [mixed(2, 3), mixed(2, 3)]],
  ["squaredDifference, broadcast", tf.squaredDifference, () => [mixed(3), mixed(2, 1)]],
  ["step", (x) => tf.mul(x, tf.step(x, 0.5)), () => [mixed(6)]],
  ["sub", tf.sub, () => [mixed(2, 3), mixed(3)]],
  ["tan", tf.tan, () => [inside(6)]],
  ["tanh", tf.tanh, () => [mixed(6)]],
  ["where", (a, b) => tf.where(tf.greater(a, b), tf.exp(a), tf.mul(a, b)), () => [
    mixed(6),
    spread([6], -1.9, 1.7),
  ]],
];

const REDUCTIONS: readonly Case[] = [
  ["all in a condition", (x) => tf.where(tf.all(tf.greater(x, 0)), x, tf.exp(x)), () => [mixed(4)]],
  ["any in a condition", (x) => tf.where(tf.any(tf.greater(x, 0)), tf.exp(x), x), () => [mixed(4)]],
  ["argMax in a gather", (x) => tf.gather(x, tf.argMax(x)), () => [mixed(5)]],
  ["argMin in a gather", (x) => tf.gather(x, tf.argMin(x)), () => [mixed(5)]],
  ["cumprod", (x) => tf.cumprod(x), () => [mixed(5)]],
  ["cumprod with zeros", (x) => tf.cumprod(x), () => [tf.tensor1d([2, 0, 3, 0, 1])]],
  ["cumprod, axis 0", (x) => tf.cumprod(x, 0), () => [mixed(3, 2)]],
  ["cumprod, exclusive, reverse", (x) => tf.cumprod(x, 1, true, true), () => [mixed(2, 4)]],
  ["cumsum", (x) => tf.cumsum(x), () => [mixed(5)]],
  ["cumsum, axis 0", (x) => tf.cumsum(x, 0), () => [mixed(3, 2)]],
  ["cumsum, exclusive, reverse", (x) => tf.cumsum(x, 1, true, true), () => [mixed(2, 3, 2)]],
  ["logSoftmax", (x) => tf.logSoftmax(tf.mul(x, 2)), () => [mixed(2, 3)]],
  ["logSumExp", (x) => tf.logSumExp(x, 1), () => [mixed(2, 3)]],
  ["max", (x) => tf.max(x, 1), () => [mixed(2, 4)]],
  ["max, keepDims", (x) => tf.max(x, [0, 2], true), () => [mixed(2, 2, 2)]],
  ["mean", (x) => tf.mean(x, 0), () => [mixed(2, 3)]],
  ["min", (x) => tf.min(x, -1), () => [mixed(2, 4)]],
  ["moments", (x) => tf.moments(x, 1).variance, () => [mixed(2, 4)]],
  ["norm", (x) => tf.norm(x, "euclidean", 1), () => [mixed(2, 4)]],
  ["prod", (x) => tf.prod(x, 0), () => [mixed(3, 2)]],
  ["prod, axis -1, keepDims", (x) => tf.prod(x, -1, true), () => [mixed(2, 3)]],
  ["prod, all", (x) => tf.prod(x), () => [mixed(2, 3)]],
  ["prod, two axes with a zero", (x) => tf.prod(x, [0, 2]), () => [
    tf.tensor3d([2, 0, 3, 1, 0.5, 1, 2, -1], [2, 2, 2]),
  ]],
  ["softmax", (x) => tf.softmax(x), () => [mixed(2, 3)]],
  [
    "softmaxCrossEntropy",
    (x) => tf.losses.softmaxCrossEntropy(tf.tensor2d([[0, 1, 0], [0.2, 0.3, 0.5]]), tf.mul(x, 2)),
    () => [mixed(2, 3)],
  ],
  ["sum", (x) => tf.sum(x, 1), () => [mixed(2, 3)]],
  ["topk", (x) => tf.topk(x, 2).values, () => [mixed(2, 4)]],
  ["topk, one", (x) => tf.topk(x, 1).values, () => [mixed(4)]],
];

const SHAPING: readonly Case[] = [
  ["batchToSpaceND", (x) => tf.batchToSpaceND(x, [2, 2], [[0, 1], [0, 0]]), () => [
    mixed(4, 2, 1, 1),
  ]],
  ["broadcastTo", (x) => tf.broadcastTo(x, [2, 3, 2]), () => [mixed(3, 1)]],
  ["concat", (a, b) => tf.concat([a, b, a], -1), () => [mixed(2, 1), mixed(2, 2)]],
  ["expandDims", (x) => tf.expandDims(x, 1), () => [mixed(3)]],
  ["gather", (x) => tf.gather(x, ints([2, 0, 2])), () => [mixed(3, 2)]],
  ["gather, axis 1", (x) => tf.gather(x, ints([2, 0, 2, 1], [2, 2]), 1), () => [mixed(2, 3, 2)]],
  ["gather, axis -1", (x) => tf.gather(x, ints([2, 0, 2]), -1), () => [mixed(2, 3)]],
  ["gather, a batch", (x) => tf.gather(x, ints([2, 0, 1, 1], [2, 2]), 1, 1), () => [
    mixed(2, 3, 2),
  ]],
  ["gatherND", (x) => tf.gatherND(x, ints([0, 1, 1, 2, 0, 1], [3, 2])), () => [mixed(2, 3, 2)]],
  ["mirrorPad, reflect", (x) => tf.mirrorPad(x, [[2, 1], [0, 1]], "reflect"), () => [mixed(3, 2)]],
  ["mirrorPad, symmetric", (x) => tf.mirrorPad(x, [[3, 2]], "symmetric"), () => [mixed(3)]],
  ["pad", (x) => tf.pad(x, [[1, 0], [0, 2]]), () => [mixed(2, 2)]],
  ["reshape", (x) => tf.reshape(x, [3, 2]), () => [mixed(2, 3)]],
  ["reverse", (x) => tf.reverse(x, 1), () => [mixed(2, 3)]],
  ["scatterND", (x) => tf.scatterND(ints([3, 1, 3], [3, 1]), x, [4, 2]), () => [mixed(3, 2)]],
  ["slice", (x) => tf.slice(x, [0, 1], [2, 1]), () => [mixed(2, 3)]],
  ["spaceToBatchND", (x) => tf.spaceToBatchND(x, [2, 2], [[1, 0], [0, 0]]), () => [
    mixed(1, 3, 2, 1),
  ]],
  ["split", (x) => tf.split(x, [1, 2], 1)[1]!, () => [mixed(2, 3)]],
  ["split into one", (x) => tf.split(x, 1, 1)[0]!, () => [mixed(2, 3)]],
  ["stack", (a, b) => tf.stack([a, b], 1), () => [mixed(3), mixed(3)]],
  ["stridedSlice", (x) => tf.stridedSlice(x, [3, 0], [-5, 3], [-2, 2]), () => [mixed(4, 3)]],
  [
    "stridedSlice, an axis dropped",
    (x) => tf.stridedSlice(x, [1, 0, 1], [2, 0, 3], [1, 1, 1], 2, 2, 0, 0, 1),
    () => [mixed(2, 3, 3)],
  ],
  [
    "stridedSlice, a new axis",
    (x) => tf.stridedSlice(x, [0, 0], [0, 3], [1, 2], 0, 0, 0, 1),
    () => [
      mixed(4),
    ],
  ],
  [
    "tensorScatterUpdate",
    // A copy, for tfjs's cpu backend overwrites its input.
    (x, u) => tf.tensorScatterUpdate(tf.mul(x, 1), ints([2, 0], [2, 1]), u),
    () => [mixed(3, 2), mixed(2, 2)],
  ],
  ["tile", (x) => tf.tile(x, [2, 3]), () => [mixed(2, 2)]],
  ["tile, rank 5", (x) => tf.tile(x, [1, 2, 1, 1, 3]), () => [mixed(1, 2, 1, 2, 1)]],
  ["transpose", (x) => tf.transpose(x, [2, 0, 1]), () => [mixed(2, 3, 2)]],
  ["unstack", (x) => tf.add(tf.unstack(x, 1)[0]!, tf.unstack(x, 1)[2]!), () => [mixed(2, 3)]],
  ["unstack into one", (x) => tf.unstack(x, 1)[0]!, () => [mixed(3, 1)]],
];

const CONTRACTIONS: readonly Case[] = [
  ["dot", tf.dot, () => [mixed(2, 3), mixed(3)]],
  ["einsum, outer", (a, b) => tf.einsum("i,j->ij", a, b), () => [mixed(2), mixed(3)]],
  ["einsum, matrix product", (a, b) => tf.einsum("ij,jk->ki", a, b), () => [
    mixed(2, 3),
    mixed(3, 2),
  ]],
  ["einsum, a batch", (a, b) => tf.einsum("bij,bjk->bik", a, b), () => [
    mixed(2, 2, 2),
    mixed(2, 2, 2),
  ]],
  ["einsum, one operand", (a) => tf.einsum("ijk->ki", a), () => [mixed(2, 2, 3)]],
  ["matMul", tf.matMul, () => [mixed(2, 3), mixed(3, 2)]],
  ["matMul, transposed", (a, b) => tf.matMul(a, b, true, true), () => [mixed(3, 2), mixed(2, 3)]],
  [
    "matMul, a transposed",
    (a, b) => tf.matMul(a, b, true, false),
    () => [mixed(3, 2), mixed(3, 2)],
  ],
  [
    "matMul, b transposed",
    (a, b) => tf.matMul(a, b, false, true),
    () => [mixed(2, 3), mixed(2, 3)],
  ],
  ["matMul, batches broadcast", tf.matMul, () => [mixed(2, 2, 3), mixed(1, 3, 2)]],
  ["matMul, a rank broadcast", tf.matMul, () => [mixed(2, 2, 3), mixed(3, 2)]],
  ["fused matMul", (a, b, bias) => tf.fused.matMul({ a, b, bias }), () => [
    mixed(2, 3),
    mixed(3, 2),
    mixed(2),
  ]],
  ["fused matMul, relu", (a, b) => tf.fused.matMul({ a, b, activation: "relu" }), () => [
    mixed(2, 3),
    mixed(3, 2),
  ]],
];

const IMAGES: readonly Case[] = [
  ["avgPool", (x) => tf.avgPool(x, 2, 1, "same"), () => [mixed(1, 3, 3, 1)]],
  ["avgPool, strided", (x) => tf.avgPool(x, [3, 2], 2, "same"), () => [mixed(1, 4, 3, 2)]],
  ["avgPool3d, same", (x) => tf.avgPool3d(x, 2, 1, "same"), () => [mixed(1, 2, 2, 3, 1)]],
  ["avgPool3d", (x) => tf.avgPool3d(x, 2, 1, "valid"), () => [mixed(1, 2, 2, 3, 1)]],
  ["batchNorm", (x, m, v, o, s) => tf.batchNorm(x, m, v, o, s), () => [
    mixed(3, 2),
    mixed(2),
    positive(2),
    mixed(2),
    mixed(2),
  ]],
  ["batchNorm without scale", (x, m, v) => tf.batchNorm(x, m, v), () => [
    mixed(3, 2),
    mixed(2),
    positive(2),
  ]],
  ["conv1d", (x, w) => tf.conv1d(x, w, 1, "same"), () => [mixed(1, 4, 2), mixed(3, 2, 1)]],
  ["conv2d", (x, w) => tf.conv2d(x, w, 2, "same"), () => [mixed(1, 4, 3, 1), mixed(2, 2, 1, 2)]],
  ["conv2dTranspose", (x, w) => tf.conv2dTranspose(x, w, [1, 4, 4, 1], 2, "same"), () => [
    mixed(1, 2, 2, 2),
    mixed(2, 2, 1, 2),
  ]],
  ["conv3d", (x, w) => tf.conv3d(x, w, 1, "valid"), () => [
    mixed(1, 2, 3, 2, 1),
    mixed(1, 2, 2, 1, 1),
  ]],
  ["depthwiseConv2d", (x, w) => tf.depthwiseConv2d(x, w, 1, "same"), () => [
    mixed(1, 3, 2, 2),
    mixed(2, 2, 2, 1),
  ]],
  ["localResponseNormalization", (x) => tf.localResponseNormalization(x, 1, 1, 0.7, 0.6), () => [
    mixed(1, 1, 2, 4),
  ]],
  ["maxPool", (x) => tf.maxPool(x, 2, 1, "same"), () => [mixed(1, 3, 3, 1)]],
  ["resizeBilinear", (x) => tf.image.resizeBilinear(x, [3, 4], true), () => [mixed(1, 2, 2, 1)]],
  ["resizeNearestNeighbor", (x) => tf.image.resizeNearestNeighbor(x, [4, 4]), () => [
    mixed(1, 2, 2, 1),
  ]],
];

/** The cases, by group. */
export const TABLE: Readonly<Record<string, readonly Case[]>> = {
  "element-wise ops": ELEMENTWISE,
  "reductions": REDUCTIONS,
  "shaping and indexing": SHAPING,
  "contractions": CONTRACTIONS,
  "images": IMAGES,
};
