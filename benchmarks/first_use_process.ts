/** A fresh process of first_use.ts: times each op at its first use and later, and prints JSON. */
import { init, segmentSum, type Tensor } from "@meshwork/meshwork";
import * as tf from "@tensorflow/tfjs";
import type { Use } from "./first_use.ts";
import { median } from "./median.ts";

type Op = (x: tf.Tensor2D, ids: tf.Tensor1D) => Tensor;

/** Common ops on a tensor of 2 by 3; `ids` are two whole numbers. */
const OPS: Readonly<Record<string, Op>> = {
  add: (x) => tf.add(x, 1),
  sub: (x) => tf.sub(x, x),
  mul: (x) => tf.mul(x, x),
  div: (x) => tf.div(x, 2),
  maximum: (x) => tf.maximum(x, 2),
  pow: (x) => tf.pow(x, 2),
  exp: (x) => tf.exp(x),
  log: (x) => tf.log(x),
  sqrt: (x) => tf.sqrt(x),
  tanh: (x) => tf.tanh(x),
  sigmoid: (x) => tf.sigmoid(x),
  relu: (x) => tf.relu(x),
  abs: (x) => tf.abs(x),
  greater: (x) => tf.greater(x, 3),
  where: (x) => tf.where(tf.greater(x, 2), x, 0),
  cast: (x) => tf.cast(x, "int32"),
  sum: (x) => tf.sum(x, 1),
  mean: (x) => tf.mean(x),
  max: (x) => tf.max(x, 0),
  argMax: (x) => tf.argMax(x, 1),
  cumsum: (x) => tf.cumsum(x, 0),
  softmax: (x) => tf.softmax(x),
  norm: (x) => tf.norm(x),
  topk: (x) => tf.topk(x, 2).values,
  matMul: (x) => tf.matMul(x, x, false, true),
  einsum: (x) => tf.einsum("ij,kj->ik", x, x),
  transpose: (x) => tf.transpose(x),
  reshape: (x) => tf.reshape(x, [3, 2]),
  concat: (x) => tf.concat([x, x], 0),
  split: (x) => tf.split(x, 3, 1)[0]!,
  slice: (x) => tf.slice(x, [0, 1], [2, 2]),
  stack: (x) => tf.stack([x, x]),
  pad: (x) => tf.pad(x, [[1, 1], [0, 0]]),
  tile: (x) => tf.tile(x, [2, 1]),
  gather: (x, ids) => tf.gather(x, ids),
  oneHot: (_, ids) => tf.oneHot(ids, 3),
  segmentSum: (x, ids) => segmentSum(x, ids, 2),
  conv2d: (x) => tf.conv2d(x.as4D(1, 2, 3, 1), tf.ones([2, 2, 1, 1]) as tf.Tensor4D, 1, "same"),
  maxPool: (x) => tf.maxPool(x.as4D(1, 2, 3, 1), 2, 1, "same"),
};

function time(op: Op): number {
  return tf.tidy(() => {
    const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
    const ids = tf.tensor1d([1, 0], "int32");
    const start = performance.now();
    op(x, ids).dataSync();
    return performance.now() - start as never;
  }) as number;
}

await init({ engine: "xla" });
const uses = Object.entries(OPS).map(([op, run]): Use => ({
  op,
  firstMs: time(run),
  nextMs: median(Array.from({ length: 9 }, () => time(run))),
}));
console.log(JSON.stringify(uses));
