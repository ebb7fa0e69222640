/** The places of what is true, in tensors of fixed size. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";

/** Values of a mask in one word. */
const BITS = 8;

/** Of each byte, the place of its k-th set bit: `[256 * 8]`. */
const NTH_BIT = Int32Array.from({ length: 256 * BITS }, (_, at) => {
  const [byte, k] = [at >> 3, at & 7];
  const set = Array.from({ length: BITS }, (_, bit) => bit).filter((bit) => byte >> bit & 1);
  return set[k] ?? 0;
});

const MOST = 2 ** 31 - 1;

/** Places in a matrix, row by row. */
export interface Selected {
  /** int32 `[capacity]`: the row of each; beyond `total` anything in range. */
  readonly rows: Tensor;
  /** int32 `[capacity]`: the column of each. */
  readonly columns: Tensor;
  /** int32 `[]`: how many there are, also where that is more than the capacity. */
  readonly total: Tensor;
}

/** Rounds the columns of a mask up to what {@linkcode selectTrue} takes. */
export function roundColumns(columns: number): number {
  return Math.ceil(columns / BITS) * BITS;
}

/**
 * The first `capacity` true values of a mask.
 *
 * Scatters are slow on CPUs, and writing each value to its place is one. Here each place looks up
 * its value: the mask is packed into bytes, the bytes' sums run along rows and over rows, and a
 * binary search in both and a table find the bit.
 *
 * @param mask bool `[R, C]`, C a multiple of 8, R and C not 0.
 */
export function selectTrue(mask: Tensor, capacity: number): Selected {
  const [rows, columns] = mask.shape as [number, number];
  const words = columns / BITS;
  // Of each byte its bits, and above them how many are set.
  const weights = Int32Array.from({ length: BITS }, (_, bit) => 256 + (1 << bit));
  const bits = tf.mul(tf.cast(tf.reshape(mask, [rows, words, BITS]), "int32"), tf.tensor(weights));
  const packed = tf.sum(bits, 2);
  const counts = tf.floorDiv(packed, tf.scalar(256, "int32"));
  const bytes = tf.sub(packed, tf.mul(counts, tf.scalar(256, "int32")));
  const inRow = tf.cumsum(counts, 1);
  const before = tf.cumsum(tf.reshape(tf.slice(inRow, [0, words - 1], [rows, 1]), [rows]), 0);
  const slots = tf.range(0, capacity, 1, "int32");
  const row = tf.minimum(countNotAbove(before, slots), tf.scalar(rows - 1, "int32"));
  const rest = tf.sub(slots, shifted(before, row));
  const from = tf.mul(row, tf.scalar(words, "int32"));
  const running = tf.reshape(inRow, [-1]);
  const word = tf.minimum(
    countNotAbove(running, rest, from, words),
    tf.scalar(words - 1, "int32"),
  );
  const at = tf.add(from, word);
  const byte = tf.gather(tf.reshape(bytes, [-1]), at);
  const earlier = tf.sub(tf.gather(running, at), tf.gather(tf.reshape(counts, [-1]), at));
  const k = clip(tf.sub(rest, earlier), BITS - 1);
  const bit = tf.gather(
    tf.tensor(NTH_BIT, [256 * BITS], "int32"),
    tf.add(tf.mul(byte, tf.scalar(BITS, "int32")), k),
  );
  return {
    rows: row,
    columns: tf.add(tf.mul(word, tf.scalar(BITS, "int32")), bit),
    total: tf.reshape(tf.slice(before, [rows - 1], [1]), []),
  };
}

function clip(x: Tensor, most: number): Tensor {
  return tf.maximum(tf.minimum(x, tf.scalar(most, "int32")), tf.scalar(0, "int32"));
}

/** The value before each index, 0 before the first. */
function shifted(values: Tensor, index: Tensor): Tensor {
  return tf.gather(tf.concat([tf.zeros([1], "int32"), values]), index);
}

/**
 * How many of an ascending part of `values`, `size` from `from` on, are at most each number: a
 * binary search of all at once.
 */
function countNotAbove(
  values: Tensor,
  numbers: Tensor,
  from: Tensor = tf.zeros([1], "int32"),
  size: number = values.shape[0]!,
): Tensor {
  const steps = Math.ceil(Math.log2(size + 1));
  const padded = tf.pad(values, [[0, 2 ** steps]], MOST);
  let count: Tensor = tf.zerosLike(numbers);
  for (let step = 2 ** (steps - 1); step >= 1; step /= 2) {
    const next = tf.add(count, tf.scalar(step, "int32"));
    const value = tf.gather(padded, tf.add(from, tf.sub(next, tf.scalar(1, "int32"))));
    const isInside = tf.lessEqual(next, tf.scalar(size, "int32"));
    count = tf.where(tf.logicalAnd(isInside, tf.lessEqual(value, numbers)), next, count);
  }
  return count;
}
