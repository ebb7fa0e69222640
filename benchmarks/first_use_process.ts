/** A fresh process of first_use.ts: times each op at its first use and later, and prints JSON. */
import { init, segmentSum, type Tensor } from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";
import type { Use } from "./first_use.ts";
import { median } from "./quantile.ts";

interface Inputs {
  /** Two rows, three columns. */
  readonly x: tf.Tensor2D;
  /** Two whole numbers. */
  readonly ids: tf.Tensor1D;
  /** One channel, four by four. */
  readonly image: tf.Tensor4D;
  readonly filter: tf.Tensor4D;
}

type Op = (inputs: Inputs) => Tensor;

/** Common ops on small tensors. */
const OPS: Readonly<Record<string, Op>> = {
  add: ({ x }) => tf.add(x, 1),
  sub: ({ x }) => tf.sub(x, x),
  mul: ({ x }) => tf.mul(x, x),
  div: ({ x }) => tf.div(x, 2),
  maximum: ({ x }) => tf.maximum(x, 2),
  pow: ({ x }) => tf.pow(x, 2),
  exp: ({ x }) => tf.exp(x),
  log: ({ x }) => tf.log(x),
  sqrt: ({ x }) => tf.sqrt(x),
  tanh: ({ x }) => tf.tanh(x),
  sigmoid: ({ x }) => tf.sigmoid(x),
  relu: ({ x }) => tf.relu(x),
  abs: ({ x }) => tf.abs(x),
  greater: ({ x }) => tf.greater(x, 3),
  where: ({ x }) => tf.where(tf.greater(x, 2), x, 0),
  cast: ({ x }) => tf.cast(x, "int32"),
  sum: ({ x }) => tf.sum(x, 1),
  mean: ({ x }) => tf.mean(x),
  max: ({ x }) => tf.max(x, 0),
  argMax: ({ x }) => tf.argMax(x, 1),
  cumsum: ({ x }) => tf.cumsum(x, 0),
  softmax: ({ x }) => tf.softmax(x),
  norm: ({ x }) => tf.norm(x),
  topk: ({ x }) => tf.topk(x, 2).values,
  matMul: ({ x }) => tf.matMul(x, x, false, true),
  einsum: ({ x }) => tf.einsum("ij,kj->ik", x, x),
  transpose: ({ x }) => tf.transpose(x),
  reshape: ({ x }) => tf.reshape(x, [3, 2]),
  concat: ({ x }) => tf.concat([x, x], 0),
  split: ({ x }) => tf.split(x, 3, 1)[0]!,
  slice: ({ x }) => tf.slice(x, [0, 1], [2, 2]),
  stack: ({ x }) => tf.stack([x, x]),
  pad: ({ x }) => tf.pad(x, [[1, 1], [0, 0]]),
  tile: ({ x }) => tf.tile(x, [2, 1]),
  gather: ({ x, ids }) => tf.gather(x, ids),
  oneHot: ({ ids }) => tf.oneHot(ids, 3),
  segmentSum: ({ x, ids }) => segmentSum(x, ids, 2),
  conv2d: ({ image, filter }) => tf.conv2d(image, filter, 1, "same"),
  maxPool: ({ image }) => tf.maxPool(image, 2, 1, "same"),
};

/** Milliseconds that an op takes on new tensors, read. */
function time(op: Op): number {
  const inputs: Inputs = {
    x: tf.tensor2d([[1, 2, 3], [4, 5, 6]]),
    ids: tf.tensor1d([1, 0], "int32"),
    image: tf.tensor4d(Array.from({ length: 16 }, (_, i) => i), [1, 4, 4, 1]),
    filter: tf.tensor4d([1, 2, 3, 4], [2, 2, 1, 1]),
  };
  const start = performance.now();
  const result = op(inputs);
  result.dataSync();
  const ms = performance.now() - start;
  tf.dispose([inputs as unknown as tf.TensorContainer, result]);
  return ms;
}

await init({ engine: "xla" });
const uses = Object.entries(OPS).map(([op, run]): Use => ({
  op,
  firstMs: time(run),
  nextMs: median(Array.from({ length: 9 }, () => time(run))),
}));
console.log(JSON.stringify(uses));
