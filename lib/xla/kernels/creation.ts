/** Making tensors from attributes. @module */
import * as tf from "@tensorflow/tfjs";
import { elementTypeOf } from "../element_type.ts";
import { hlo } from "../hlo/mod.ts";
import type { Kernel, KernelTable } from "./kernel.ts";

interface RangeAttrs {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly dtype: string;
}

const range: Kernel<RangeAttrs> = (_, { start, stop, step: given, dtype }) => {
  const type = elementTypeOf(dtype ?? "float32", "make a range");
  // tfjs turns a step of 1, its default, around where the range goes down.
  const step = stop < start && given === 1 ? -1 : given;
  const size = Math.max(0, Math.ceil((stop - start) / step));
  const index = hlo.iota([size], 0, type);
  return hlo.add(hlo.mul(index, hlo.like(index, step)), hlo.like(index, start));
};

const linSpace: Kernel<{ start: number; stop: number; num: number }> = (
  _,
  { start, stop, num },
) => {
  const step = num > 1 ? (stop - start) / (num - 1) : 0;
  const index = hlo.iota([num], 0, "f32");
  return hlo.add(hlo.mul(index, hlo.like(index, step)), hlo.like(index, start));
};

interface OneHotAttrs {
  readonly depth: number;
  readonly onValue: number;
  readonly offValue: number;
  readonly dtype?: string;
}

const oneHot: Kernel<OneHotAttrs> = ({ indices }, { depth, onValue, offValue, dtype }) => {
  const shape = [...indices!.shape, depth];
  const spread = hlo.broadcastInDim(indices!, shape, indices!.shape.map((_, i) => i));
  const hit = hlo.compare("EQ", spread, hlo.iota(shape, shape.length - 1, "i32"));
  const type = elementTypeOf(dtype ?? "int32", "encode one-hot");
  return hlo.select(hit, hlo.constant(onValue, [], type), hlo.constant(offValue, [], type));
};

interface FillAttrs {
  readonly shape: number[];
  readonly value: number;
  readonly dtype?: string;
}

const fill: Kernel<FillAttrs> = (_, { shape, value, dtype }) =>
  hlo.constant(value, shape, elementTypeOf(dtype ?? tf.util.inferDtype(value), "fill"));

/** Kernels that make tensors. */
export const CREATION: KernelTable = {
  Fill: fill,
  ZerosLike: ({ x }) => hlo.constant(0, x!.shape, x!.type),
  OnesLike: ({ x }) => hlo.constant(1, x!.shape, x!.type),
  Range: range,
  LinSpace: linSpace,
  OneHot: oneHot,
};
