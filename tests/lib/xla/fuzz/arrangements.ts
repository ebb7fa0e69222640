/**
 * Families of operations that move numbers about: shapes, slices, gathers, segments.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  segmentMax,
  segmentMean,
  segmentMin,
  segmentSoftmax,
  segmentSum,
} from "../../../../mod.ts";
import { type Family, hasRank, isExact, isNumber, written } from "./step.ts";

const reshape: Family = (choices) => {
  const x = choices.pick();
  const { size, shape } = choices.tensor(x);
  const target = choices.of([
    [size],
    [1, size],
    [...shape, 1],
    [...shape].reverse(),
    ...(size % 2 === 0 && size > 0 ? [[2, size / 2]] : []),
  ]);
  return {
    text: `tf.reshape(%0, ${written(target)})`,
    operands: [x],
    apply: (t) => tf.reshape(t!, target),
    exact: true,
  };
};

const transpose: Family = (choices) => {
  const x = choices.pick(hasRank(2));
  if (x < 0) return null;
  const { rank } = choices.tensor(x);
  const turn = 1 + choices.int(rank - 1);
  const permutation = Array.from({ length: rank }, (_, i) => (i + turn) % rank);
  return {
    text: `tf.transpose(%0, ${written(permutation)})`,
    operands: [x],
    apply: (t) => tf.transpose(t!, permutation),
    exact: true,
  };
};

const reverse: Family = (choices) => {
  const x = choices.pick(hasRank(1));
  if (x < 0) return null;
  const axis = choices.int(choices.tensor(x).rank);
  return {
    text: `tf.reverse(%0, ${axis})`,
    operands: [x],
    apply: (t) => tf.reverse(t!, axis),
    exact: true,
  };
};

const tile: Family = (choices) => {
  const x = choices.pick(hasRank(1));
  if (x < 0) return null;
  const repeats = choices.tensor(x).shape.map(() => 1 + choices.int(2));
  return {
    text: `tf.tile(%0, ${written(repeats)})`,
    operands: [x],
    apply: (t) => tf.tile(t!, repeats),
    exact: true,
  };
};

const pad: Family = (choices) => {
  const x = choices.pick((v) => isNumber(v) && v.tensor.rank > 0 && v.tensor.rank <= 4);
  if (x < 0) return null;
  const widths = choices.tensor(x).shape.map((): [number, number] => [
    choices.int(3),
    choices.int(2),
  ]);
  const value = choices.int(3) - 1;
  return {
    text: `tf.pad(%0, ${written(widths)}, ${value})`,
    operands: [x],
    apply: (t) => tf.pad(t!, widths, value),
    exact: true,
  };
};

const mirrorPad: Family = (choices) => {
  const x = choices.pick((v) =>
    isNumber(v) && v.tensor.rank > 0 && v.tensor.shape.every((size) => size >= 2)
  );
  if (x < 0) return null;
  const mode = choices.of(["reflect", "symmetric"] as const);
  const widths = choices.tensor(x).shape.map((): [number, number] => [
    choices.int(2),
    choices.int(2),
  ]);
  return {
    text: `tf.mirrorPad(%0, ${written(widths)}, "${mode}")`,
    operands: [x],
    apply: (t) => tf.mirrorPad(t!, widths, mode),
    exact: true,
  };
};

const slice: Family = (choices) => {
  const x = choices.pick(hasRank(1));
  if (x < 0) return null;
  const begin = choices.tensor(x).shape.map((size) => choices.int(size));
  const size = choices.tensor(x).shape.map((all, i) => choices.int(all - begin[i]! + 1));
  return {
    text: `tf.slice(%0, ${written(begin)}, ${written(size)})`,
    operands: [x],
    apply: (t) => tf.slice(t!, begin, size),
    exact: true,
  };
};

const stridedSlice: Family = (choices) => {
  const x = choices.pick(hasRank(1));
  if (x < 0) return null;
  const { shape } = choices.tensor(x);
  const forward = shape.map(() => choices.int(4) > 0);
  const strides = forward.map((ahead) => (ahead ? 1 : -1) * (1 + choices.int(2)));
  const begin = forward.map((ahead, i) => ahead ? choices.int(2) : shape[i]! - 1);
  const end = forward.map((ahead, i) => ahead ? shape[i]! - choices.int(2) : 0);
  return {
    text: `tf.stridedSlice(%0, ${written(begin)}, ${written(end)}, ${written(strides)})`,
    operands: [x],
    apply: (t) => tf.stridedSlice(t!, begin, end, strides),
    exact: true,
  };
};

const concat: Family = (choices) => {
  const a = choices.pick(hasRank(1));
  if (a < 0) return null;
  const { shape, rank, dtype } = choices.tensor(a);
  const axis = choices.int(rank);
  // tfjs's cpu backend keeps the bytes of numbers in a bool result, so those stay among themselves.
  const b = choices.pick(({ tensor }) =>
    tensor.rank === rank && (dtype !== "bool" || tensor.dtype === "bool") &&
    tensor.shape.every((size, i) => i === axis || size === shape[i])
  );
  return {
    text: `tf.concat([%0, %1], ${axis})`,
    operands: [a, b],
    apply: (x, y) => tf.concat([x!, y!], axis),
    // Cast to whole numbers on the way, where the first operand has them.
    exact: dtype === choices.tensor(b).dtype,
  };
};

const stack: Family = (choices) => {
  const a = choices.pick();
  const { shape, dtype } = choices.tensor(a);
  const b = choices.pick(({ tensor }) =>
    tensor.dtype === dtype && written(tensor.shape) === written(shape)
  );
  const axis = choices.int(shape.length + 1);
  return {
    text: `tf.stack([%0, %1], ${axis})`,
    operands: [a, b],
    apply: (x, y) => tf.stack([x!, y!], axis),
    exact: true,
  };
};

const unstack: Family = (choices) => {
  const x = choices.pick(({ tensor }) => tensor.rank > 0 && tensor.shape[0]! > 0);
  if (x < 0) return null;
  return { text: "tf.unstack(%0)", operands: [x], apply: (t) => tf.unstack(t!), exact: true };
};

const split: Family = (choices) => {
  const x = choices.pick(({ tensor }) => tensor.rank > 0 && tensor.shape.at(-1)! % 2 === 0);
  if (x < 0) return null;
  return {
    text: "tf.split(%0, 2, -1)",
    operands: [x],
    apply: (t) => tf.split(t!, 2, t!.rank - 1),
    exact: true,
  };
};

const gather: Family = (choices) => {
  const x = choices.pick(({ tensor }) => tensor.rank > 0 && tensor.size > 0);
  if (x < 0) return null;
  const { rank, shape } = choices.tensor(x);
  const axis = choices.int(rank);
  const ids = Array.from({ length: choices.int(5) }, () => choices.int(shape[axis]!));
  return {
    text: `tf.gather(%0, ${written(ids)}, ${axis})`,
    operands: [x],
    apply: (t) => tf.gather(t!, tf.tensor1d(ids, "int32"), axis),
    exact: true,
  };
};

const oneHot: Family = (choices) => {
  const x = choices.pick(({ tensor }) => tensor.dtype === "int32");
  if (x < 0) return null;
  return {
    text: "tf.oneHot(%0, 3)",
    operands: [x],
    apply: (t) => tf.oneHot(t!, 3),
    exact: true,
  };
};

const topK: Family = (choices) => {
  const x = choices.pick((v) =>
    isExact(v) && isNumber(v) && v.tensor.rank > 0 && v.tensor.shape.at(-1)! >= 2
  );
  if (x < 0) return null;
  return {
    text: "Object.values(tf.topk(%0, 2))",
    operands: [x],
    apply: (t) => {
      const { values, indices } = tf.topk(t!, 2);
      return [values, indices];
    },
    exact: true,
  };
};

const SEGMENTS = { segmentSum, segmentMean, segmentMax, segmentMin, segmentSoftmax };

/** Of these, what gives other than whole numbers. */
const INEXACT_SEGMENTS = new Set(["segmentMean", "segmentSoftmax"]);

const segment: Family = (choices) => {
  const name = choices.of(
    ["segmentSum", "segmentMean", "segmentMax", "segmentMin", "segmentSoftmax"] as const,
  );
  const x = choices.pick((v) =>
    (name === "segmentSoftmax" ? v.tensor.dtype === "float32" : isNumber(v)) &&
    v.tensor.rank > 0 && v.tensor.shape[0]! > 0
  );
  if (x < 0) return null;
  const ids = Array.from({ length: choices.tensor(x).shape[0]! }, () => choices.int(4) - 1);
  return {
    text: `${name}(%0, ${written(ids)}, 2)`,
    operands: [x],
    apply: (t) => SEGMENTS[name](t!, tf.tensor1d(ids, "int32"), 2),
    exact: !INEXACT_SEGMENTS.has(name),
  };
};

const einsum: Family = (choices) => {
  const x = choices.pick(({ tensor }) => tensor.dtype === "float32" && tensor.rank === 2);
  if (x < 0) return null;
  const equation = choices.of(["ij,ij->i", "ij,kj->ik", "ij,ij->", "ij,kj->kji"]);
  return {
    text: `tf.einsum("${equation}", %0, %0)`,
    operands: [x],
    apply: (t) => tf.einsum(equation, t!, t!),
    exact: true,
  };
};

const gatherND: Family = (choices) => {
  const x = choices.pick((v) => v.tensor.rank > 0 && v.tensor.size > 0);
  if (x < 0) return null;
  const { rank, shape } = choices.tensor(x);
  const depth = 1 + choices.int(rank);
  const ids = Array.from(
    { length: 1 + choices.int(3) },
    () => Array.from({ length: depth }, (_, axis) => choices.int(shape[axis]!)),
  );
  return {
    text: `tf.gatherND(%0, ${written(ids)})`,
    operands: [x],
    apply: (t) => tf.gatherND(t!, tf.tensor2d(ids, undefined, "int32")),
    exact: true,
  };
};

/** Rows added to zeros, or written over those of another tensor. */
const scatter: Family = (choices) => {
  const x = choices.pick((v) => isNumber(v) && v.tensor.rank > 0 && v.tensor.size > 0);
  if (x < 0) return null;
  const { shape, dtype } = choices.tensor(x);
  const rows = shape[0]!;
  if (choices.flip()) {
    // Places differ: which of two rows is written last, no engine promises.
    const ids = Array.from({ length: rows }, (_, i) => [(i + 1) % rows]);
    return {
      text: `tf.tensorScatterUpdate(tf.zerosLike(%0), ${written(ids)}, %0)`,
      operands: [x],
      apply: (t) =>
        tf.tensorScatterUpdate(tf.zeros(shape, dtype), tf.tensor2d(ids, undefined, "int32"), t!),
      exact: true,
    };
  }
  const ids = Array.from({ length: rows }, () => [choices.int(3)]);
  return {
    text: `tf.scatterND(${written(ids)}, %0, ${written([3, ...shape.slice(1)])})`,
    operands: [x],
    apply: (t) => tf.scatterND(tf.tensor2d(ids, undefined, "int32"), t!, [3, ...shape.slice(1)]),
    exact: true,
  };
};

const broadcast: Family = (choices) => {
  const x = choices.pick((v) => v.tensor.rank < 4 && v.tensor.dtype !== "bool");
  if (x < 0) return null;
  const { shape } = choices.tensor(x);
  const target = [
    1 + choices.int(3),
    ...shape.map((size) => size === 1 ? 1 + choices.int(3) : size),
  ];
  return {
    text: `tf.broadcastTo(%0, ${written(target)})`,
    operands: [x],
    apply: (t) => tf.broadcastTo(t!, target),
    exact: true,
  };
};

const squeeze: Family = (choices) => {
  const x = choices.pick();
  const axis = choices.int(choices.tensor(x).rank + 1);
  const inner = choices.flip();
  return {
    text: inner ? `tf.expandDims(%0, ${axis})` : "tf.squeeze(%0)",
    operands: [x],
    apply: (t) => inner ? tf.expandDims(t!, axis) : tf.squeeze(t!),
    exact: true,
  };
};

/** All families of this file. */
export const ARRANGING_FAMILIES: readonly Family[] = [
  reshape,
  transpose,
  reverse,
  tile,
  pad,
  mirrorPad,
  slice,
  stridedSlice,
  concat,
  stack,
  unstack,
  split,
  gather,
  oneHot,
  topK,
  segment,
  einsum,
  gatherND,
  scatter,
  broadcast,
  squeeze,
];
