/** Changing shapes: reshaping, slicing, joining, padding. @module */
import { formatShape } from "../../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { elementTypeOf } from "../element_type.ts";
import { hlo, type HloNode, sameShape, sizeOf } from "../hlo/mod.ts";
import { type Kernel, type KernelTable, listInputs, toDimension, toDimensions } from "./kernel.ts";

const cast: Kernel<{ dtype: string }> = ({ x }, { dtype }) =>
  hlo.convert(x!, elementTypeOf(dtype, "cast"));

/** A reshape with at most one -1, which takes what is left. */
const reshape: Kernel<{ shape: number[] }> = ({ x }, { shape }) => {
  const known = sizeOf(shape.filter((size) => size >= 0));
  const inferred = shape.map((size) => size < 0 ? sizeOf(x!.shape) / known : size);
  return hlo.reshape(x!, inferred);
};

const concat: Kernel<{ axis: number }> = (inputs, { axis }) => {
  const all = listInputs(inputs);
  const dim = toDimension(axis, all[0]!.shape.length);
  checkSameShape("join", all.map(({ shape }) => shape.toSpliced(dim, 1)));
  // As in tfjs, the first operand's type is the result's, and empty ones do not count.
  const parts = all.filter((part) => sizeOf(part.shape) > 0);
  const { shape, type } = parts[0] ?? all[0]!;
  if (parts.length > 0) return hlo.concatenate(parts.map((x) => hlo.convert(x, type)), dim);
  const rows = all.reduce((sum, part) => sum + part.shape[dim]!, 0);
  return hlo.constant(0, shape.with(dim, rows), type);
};

const pack: Kernel<{ axis: number }> = (inputs, { axis }) => {
  const parts = listInputs(inputs);
  const dim = toDimension(axis, parts[0]!.shape.length + 1);
  checkSameShape("stack", parts.map(({ shape }) => shape));
  const types = new Set(parts.map(({ type }) => type));
  if (types.size > 1) {
    throw new TypeError(
      `Cannot stack tensors as their types must be equal: ${[...types].join(", ")}`,
    );
  }
  return hlo.concatenate(parts.map((part) => insert(part, dim)), dim);
};

/** Throws unless all tensors agree in the dimensions that must be the same. */
function checkSameShape(verb: string, shapes: readonly (readonly number[])[]): void {
  const other = shapes.find((shape) => !sameShape(shape, shapes[0]!));
  if (!other) return;
  throw new TypeError(
    `Cannot ${verb} tensors as all dimensions but the one along which they are put together must ` +
      `be equal: ${formatShape(shapes[0]!)} and ${formatShape(other)}`,
  );
}

function insert(x: HloNode, dim: number): HloNode {
  return hlo.reshape(x, x.shape.toSpliced(dim, 0, 1));
}

const unpack: Kernel<{ axis: number }> = ({ value }, { axis }) => {
  const dim = toDimension(axis, value!.shape.length);
  const shape = value!.shape.toSpliced(dim, 1);
  return Array.from(
    { length: value!.shape[dim]! },
    (_, i) => hlo.reshape(hlo.sliceDim(value!, dim, i, 1), shape),
  );
};

const splitV: Kernel<{ numOrSizeSplits: number | number[]; axis: number }> = (
  { x },
  { numOrSizeSplits, axis },
) => {
  const dim = toDimension(axis, x!.shape.length);
  const sizes = tf.backend_util.prepareSplitSize(
    { shape: [...x!.shape] } as tf.Tensor,
    numOrSizeSplits,
    dim,
  );
  let start = 0;
  return sizes.map((size) => {
    const part = hlo.sliceDim(x!, dim, start, size);
    start += size;
    return part;
  });
};

const slice: Kernel<{ begin: number[]; size: number[] }> = ({ x }, { begin, size }) => {
  const [start, sizes] = tf.slice_util.parseSliceParams(
    { shape: [...x!.shape], rank: x!.shape.length } as tf.Tensor,
    begin,
    size,
  ) as [number[], number[]];
  tf.slice_util.assertParamsValid(
    { shape: [...x!.shape], rank: x!.shape.length } as tf.Tensor,
    start,
    sizes,
  );
  return hlo.slice(x!, start, sizes);
};

interface StridedSliceAttrs {
  begin: number[];
  end: number[];
  strides: number[];
  beginMask: number;
  endMask: number;
  ellipsisMask: number;
  newAxisMask: number;
  shrinkAxisMask: number;
}

const stridedSlice: Kernel<StridedSliceAttrs> = ({ x }, attrs) => {
  const info = tf.slice_util.sliceInfo(
    [...x!.shape],
    attrs.begin,
    attrs.end,
    attrs.strides,
    attrs.beginMask,
    attrs.endMask,
    attrs.ellipsisMask,
    attrs.newAxisMask,
    attrs.shrinkAxisMask,
  );
  const { begin, end, strides, finalShape, finalShapeSparse } = info;
  const size = begin.map((from, i) => Math.max(0, Math.ceil((end[i]! - from) / strides[i]!)));
  if (finalShapeSparse.some((n) => n === 0)) return hlo.constant(0, finalShape, x!.type);
  // A negative stride is a positive one over the reversed dimension.
  const backwards = strides.flatMap((stride, i) => stride < 0 ? [i] : []);
  const reversed = hlo.reverse(x!, backwards);
  const start = begin.map((from, i) => strides[i]! < 0 ? x!.shape[i]! - 1 - from : from);
  return hlo.reshape(hlo.slice(reversed, start, size, strides.map(Math.abs)), finalShape);
};

const tile: Kernel<{ reps: number[] }> = ({ x }, { reps }) => {
  const shape = x!.shape;
  if (reps.every((n) => n === 1)) return x!;
  // Each dimension becomes (repeats, size) and is flattened again.
  const split = shape.flatMap((size, i) => [reps[i]!, size]);
  const spread = hlo.broadcastInDim(x!, split, shape.map((_, i) => 2 * i + 1));
  return hlo.reshape(spread, shape.map((size, i) => size * reps[i]!));
};

const padV2: Kernel<{ paddings: [number, number][]; constantValue: number }> = (
  { x },
  { paddings, constantValue },
) =>
  hlo.pad(
    x!,
    hlo.like(x!, constantValue),
    paddings.map(([low]) => low),
    paddings.map(([, high]) => high),
  );

/** Mirrors the edges outwards: `reflect` without repeating the edge, `symmetric` with it. */
const mirrorPad: Kernel<{ paddings: [number, number][]; mode: "reflect" | "symmetric" }> = (
  { x },
  { paddings, mode },
) => {
  const skip = mode === "reflect" ? 1 : 0;
  return paddings.reduce((padded, [low, high], dim) => {
    const size = padded.shape[dim]!;
    const mirrored = (start: number, count: number): HloNode[] =>
      count === 0 ? [] : [hlo.reverse(hlo.sliceDim(padded, dim, start, count), [dim])];
    const parts = [...mirrored(skip, low), padded, ...mirrored(size - skip - high, high)];
    return hlo.concatenate(parts, dim);
  }, x!);
};

/** The diagonal of a square of the operand's shape twice, zeros beside it. */
const diag: Kernel = ({ x }) => {
  const size = sizeOf(x!.shape);
  const square = [size, size];
  const here = hlo.compare("EQ", hlo.iota(square, 0, "i32"), hlo.iota(square, 1, "i32"));
  const rows = hlo.broadcastInDim(hlo.reshape(x!, [size]), square, [0]);
  return hlo.reshape(hlo.select(here, rows, hlo.like(x!, 0)), [...x!.shape, ...x!.shape]);
};

/** Kernels that change shapes. */
export const SHAPE: KernelTable = {
  Cast: cast,
  Reshape: reshape,
  ExpandDims: ({ input }, { dim }) => insert(input!, toDimension(dim, input!.shape.length + 1)),
  Transpose: ({ x }, { perm }) => hlo.transpose(x!, perm),
  Concat: concat,
  Pack: pack,
  Unpack: unpack,
  SplitV: splitV,
  Slice: slice,
  StridedSlice: stridedSlice,
  Reverse: ({ x }, { dims }) => hlo.reverse(x!, toDimensions(dims, x!.shape.length)),
  Tile: tile,
  PadV2: padV2,
  MirrorPad: mirrorPad,
  Diag: diag,
};
