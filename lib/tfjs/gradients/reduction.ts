/** Gradients of reductions and scans. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import { indicator, supplyGradient } from "./supply.ts";

// tfjs gives each of several equal extrema the whole gradient; they share it.
for (const [kernelName, attr] of [["Max", "reductionIndices"], ["Min", "axis"]] as const) {
  supplyGradient(kernelName, {
    inputs: ["x"],
    outputs: [true],
    pullBack: (dy, { saved: [x, y], attrs }) => ({
      x: () => {
        const axes = tf.util.parseAxisParam(attrs[attr], x!.shape);
        const kept = x!.shape.map((size, axis) => axes.includes(axis) ? 1 : size);
        const attains = indicator(tf.equal(x!, tf.reshape(y!, kept)));
        // At least 1, for a slice with NaN attains its extremum nowhere.
        const count = tf.maximum(tf.sum(attains, axes, true), 1);
        return tf.mul(tf.div(tf.reshape(dy, kept), count), attains);
      },
    }),
  });
}

// tfjs fills an array of ones on the host, which for wide rows took a third of the time of tracing.
for (const [kernelName, isMean] of [["Sum", false], ["Mean", true]] as const) {
  supplyGradient(kernelName, {
    inputs: ["x"],
    pullBack: (dy, { saved: [x], attrs }) => ({
      x: () => {
        const axes = tf.util.parseAxisParam(attrs.axis, x!.shape);
        const kept = x!.shape.map((size, axis) => axes.includes(axis) ? 1 : size);
        const count = tf.util.sizeFromShape(axes.map((axis) => x!.shape[axis]!));
        const each = tf.reshape(dy, kept);
        return tf.mul(isMean ? tf.div(each, count) : each, tf.onesLike(tf.cast(x!, "float32")));
      },
    }),
  });
}

// tfjs has no gradient of cumprod, which this uses, and does not take negative axes.
supplyGradient("Prod", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x], attrs }) => ({
    x: () => {
      const axes = tf.util.parseAxisParam(attrs.axis, x!.shape);
      const rest = x!.shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
      const moved = tf.transpose(x!, [...rest, ...axes]);
      const size = tf.util.sizeFromShape(axes.map((axis) => x!.shape[axis]!));
      const rows = tf.reshape(moved, [moved.size / Math.max(size, 1), size]);
      // The product of all others: of those before and of those after.
      const others = tf.mul(tf.cumprod(rows, 1, true), tf.cumprod(rows, 1, true, true));
      const dx = tf.mul(tf.reshape(dy, [rows.shape[0]!, 1]), others);
      const undo = [...rest, ...axes].map((_, i) => [...rest, ...axes].indexOf(i));
      return tf.transpose(tf.reshape(dx, moved.shape), undo);
    },
  }),
});

// tfjs transposes the result where the axis is not the last.
supplyGradient("Cumsum", {
  pullBack: (dy, { attrs: { axis, exclusive, reverse } }) => ({
    x: () => tf.cumsum(dy, axis, exclusive, !reverse),
  }),
});

/** Moves `x` along an axis by `by` places towards 0, filling up at the end. */
function shift(x: Tensor, axis: number, by: number, fill: number): Tensor {
  const size = x.shape[axis]!;
  const begin = x.shape.map((_, i) => i === axis ? by : 0);
  const rest = tf.slice(x, begin, x.shape.map((n, i) => i === axis ? size - by : n));
  return tf.pad(rest, x.shape.map((_, i) => [0, i === axis ? by : 0]), fill);
}

/**
 * Gradient of `y[i] = x[0] ... x[i]`: `dx[j] = x[0] ... x[j-1] r[j]` with
 * `r[j] = dy[j] + x[j+1] r[j+1]`, so that zeros in `x` do no harm. The recurrence takes log2(n)
 * steps of doubling, each of ops that have gradients of any order.
 */
function pullBackCumprod(x: Tensor, dy: Tensor, axis: number): Tensor {
  let [a, r] = [shift(x, axis, 1, 0), dy];
  for (let by = 1; by < x.shape[axis]!; by *= 2) {
    r = tf.add(r, tf.mul(a, shift(r, axis, by, 0)));
    a = tf.mul(a, shift(a, axis, by, 0));
  }
  return tf.mul(tf.cumprod(x, axis, true), r);
}

supplyGradient("Cumprod", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x], attrs: { axis: anyAxis, exclusive, reverse } }) => ({
    x: () => {
      if (x!.size === 0) return tf.zerosLike(x!);
      const axis = tf.util.parseAxisParam(anyAxis, x!.shape)[0]!;
      const turn = (t: Tensor): Tensor => reverse ? tf.reverse(t, axis) : t;
      const inclusive = exclusive ? shift(turn(dy), axis, 1, 0) : turn(dy);
      return turn(pullBackCumprod(turn(x!), inclusive, axis));
    },
  }),
});

supplyGradient("TopK", {
  inputs: ["x"],
  outputs: [false, true],
  pullBack: (dy, { saved: [x, indices] }) => ({
    x: () => {
      const places = tf.oneHot(tf.cast(indices!, "int32"), x!.shape[x!.rank - 1]!);
      return tf.sum(tf.mul(tf.expandDims(dy, -1), indicator(places)), -2);
    },
  }),
});
