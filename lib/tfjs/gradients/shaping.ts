/** Gradients of kernels that move values without changing them. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import "../kernels/segment.ts";
import { supplyGradient, zeros } from "./supply.ts";

/**
 * The transpose of a gather: sums `dy` at `indices` along an axis of a tensor of shape `shape`.
 *
 * @param dy Shape: that of `x` with `axis` (and the batch dimensions, once) replaced by that of
 * `indices`.
 * @param indices int32, with its leading `batchDims` dimensions in common with `shape`.
 */
function scatterAlong(
  dy: Tensor,
  indices: Tensor,
  shape: readonly number[],
  axis: number,
  batchDims = 0,
): Tensor {
  const size = tf.util.sizeFromShape;
  const batch = size(shape.slice(0, batchDims));
  const outer = size(shape.slice(batchDims, axis));
  const length = shape[axis]!;
  const inner = shape.slice(axis + 1);
  const count = size(indices.shape.slice(batchDims));
  let ids = tf.reshape(indices, [batch * count]);
  if (batch > 1) {
    const offsets = Int32Array.from(
      { length: batch * count },
      (_, i) => Math.floor(i / count) * length,
    );
    ids = tf.add(ids, tf.tensor1d(offsets, "int32"));
  }
  if (outer === 1) {
    const sums = tf.unsortedSegmentSum(
      tf.reshape(dy, [batch * count, ...inner]),
      ids as tf.Tensor1D,
      batch * length,
    );
    return tf.reshape(sums, [...shape]);
  }
  const width = size(inner);
  const rows = tf.transpose(tf.reshape(dy, [batch, outer, count, width]), [0, 2, 1, 3]);
  const sums = tf.unsortedSegmentSum(
    tf.reshape(rows, [batch * count, outer * width]),
    ids as tf.Tensor1D,
    batch * length,
  );
  const back = tf.transpose(tf.reshape(sums, [batch, length, outer, width]), [0, 2, 1, 3]);
  return tf.reshape(back, [...shape]);
}

// tfjs is wrong for more than one batch dimension, and fails if the indices depend on `x`.
supplyGradient("GatherV2", {
  inputs: ["x", "indices"],
  pullBack: (dy, { saved: [x, indices], attrs }) => ({
    x: () => {
      const axis = tf.util.parseAxisParam(attrs.axis, x!.shape)[0]!;
      return scatterAlong(dy, indices!, x!.shape, axis, attrs.batchDims);
    },
    indices: zeros(indices!),
  }),
});

supplyGradient("GatherNd", {
  inputs: ["params", "indices"],
  pullBack: (dy, { saved: [params, indices] }) => ({
    params: () => tf.scatterND(indices!, dy, params!.shape),
    indices: zeros(indices!),
  }),
});

supplyGradient("ScatterNd", {
  inputs: ["indices"],
  pullBack: (dy, { saved: [indices] }) => ({
    updates: () => tf.gatherND(dy, indices!),
    indices: zeros(indices!),
  }),
});

supplyGradient("TensorScatterUpdate", {
  inputs: ["indices", "updates"],
  pullBack: (dy, { saved: [indices, updates] }) => ({
    // Not by the kernel itself: tfjs's cpu backend overwrites its input.
    tensor: () => {
      const written = tf.scatterND(indices!, tf.ones(updates!.shape), dy.shape);
      return tf.where(tf.greater(written, 0), tf.zerosLike(dy), dy);
    },
    updates: () => tf.gatherND(dy, indices!),
    indices: zeros(indices!),
  }),
});

/** Index along an axis of length `size` that padding by mirrors puts at `place`. */
function mirrored(place: number, size: number, offset: number): number {
  if (place < 0) return -place - 1 + offset;
  return place < size ? place : 2 * size - 1 - offset - place;
}

// tfjs drops the gradient of what was mirrored.
supplyGradient("MirrorPad", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x], attrs: { paddings, mode } }) => ({
    x: () => {
      let dx = dy;
      (paddings as [number, number][]).forEach(([before, after], axis) => {
        const size = x!.shape[axis]!;
        const ids = Int32Array.from(
          { length: before + size + after },
          (_, i) => mirrored(i - before, size, mode === "reflect" ? 1 : 0),
        );
        const shape = dx.shape.map((n, i) => i === axis ? size : n);
        if (before + after > 0) dx = scatterAlong(dx, tf.tensor1d(ids), shape, axis);
      });
      return dx === dy ? tf.clone(dy) : dx;
    },
  }),
});

supplyGradient("StridedSlice", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x], attrs: a }) => ({
    x: () => {
      const masks = [a.beginMask, a.endMask, a.ellipsisMask, a.newAxisMask, a.shrinkAxisMask];
      const { begin, end, strides } = tf.slice_util.sliceInfo(
        x!.shape,
        a.begin,
        a.end,
        a.strides,
        ...(masks as [number, number, number, number, number]),
      );
      const places = x!.shape.map((_, axis) => {
        const length = Math.max(0, Math.ceil((end[axis]! - begin[axis]!) / strides[axis]!));
        return Int32Array.from({ length }, (_, i) => begin[axis]! + i * strides[axis]!);
      });
      let dx = tf.reshape(dy, places.map((ids) => ids.length));
      x!.shape.forEach((size, axis) => {
        if (places[axis]!.length === size && strides[axis] === 1) return;
        const shape = dx.shape.map((n, i) => i === axis ? size : n);
        dx = scatterAlong(dx, tf.tensor1d(places[axis]!), shape, axis);
      });
      return dx;
    },
  }),
});

// tfjs concatenates a list, and a single output comes alone.
supplyGradient("SplitV", {
  pullBack: (_dy, { attrs }, dys) => ({ x: () => tf.concat([...dys], attrs.axis) }),
});
supplyGradient("Unpack", {
  pullBack: (_dy, { attrs }, dys) => ({ value: () => tf.stack([...dys], attrs.axis) }),
});

// tfjs adds up one slice a repetition, thousands for a broadcast row, and stops at rank 4.
supplyGradient("Tile", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x], attrs }) => ({
    x: () => {
      const size = tf.util.sizeFromShape;
      let dx = dy;
      (attrs.reps as number[]).forEach((repeats, axis) => {
        if (repeats === 1) return;
        // Of rank 3 whatever that of x, for tfjs's wasm backend is wrong above rank 6.
        const inner = size(x!.shape.slice(axis, axis + 1)) * size(dx.shape.slice(axis + 1));
        const repeated = tf.reshape(dx, [size(x!.shape.slice(0, axis)), repeats, inner]);
        dx = tf.reshape(tf.sum(repeated, 1), [
          ...x!.shape.slice(0, axis + 1),
          ...dx.shape.slice(axis + 1),
        ]);
      });
      return dx === dy ? tf.clone(dy) : dx;
    },
  }),
});
