/** Grey-scale dilation of images by a filter, and its gradients. @module */
import * as tf from "@tensorflow/tfjs";
import { hlo, type HloNode } from "../hlo/mod.ts";
import type { Inputs, KernelTable } from "./kernel.ts";
import { placesOf, type TapDims, tapsOf, untap } from "./taps.ts";

interface DilationAttrs {
  readonly strides: number | [number, number];
  readonly pad: "valid" | "same" | number;
  readonly dilations: number | [number, number];
}

/** Below every number that an image has; tfjs's own, and finite, so that sums with it are. */
const OUTSIDE = Number.MIN_SAFE_INTEGER;

function dimsOf(x: HloNode, filter: HloNode, attrs: DilationAttrs): TapDims {
  const info = tf.backend_util.computeDilation2DInfo(
    x.shape as [number, number, number, number],
    filter.shape as [number, number, number],
    attrs.strides,
    attrs.pad,
    "NHWC",
    attrs.dilations,
  );
  const size = [info.filterHeight, info.filterWidth];
  const stride = [info.strideHeight, info.strideWidth];
  const dilation = [info.dilationHeight, info.dilationWidth];
  const low = [info.padInfo.top, info.padInfo.left];
  const output = [info.outHeight, info.outWidth];
  const high = output.map((places, i) =>
    Math.max(
      0,
      (places - 1) * stride[i]! + (size[i]! - 1) * dilation[i]! + 1 - x.shape[i + 1]! - low[i]!,
    )
  );
  return { size, stride, dilation, low, high, output };
}

/** A sum and what rounding took from it: tfjs compares sums in double precision. */
interface Sum {
  readonly value: HloNode;
  readonly rest: HloNode;
}

/** Knuth's exact sum of two numbers. */
function exactSum(a: HloNode, b: HloNode): Sum {
  const value = hlo.add(a, b);
  const ofB = hlo.sub(value, a);
  const ofA = hlo.sub(value, ofB);
  return { value, rest: hlo.add(hlo.sub(a, ofA), hlo.sub(b, ofB)) };
}

/** For each place of the filter, the image under it plus the filter's number. */
function sums(x: HloNode, filter: HloNode, dims: TapDims): Sum[] {
  const places = placesOf(dims.size);
  return tapsOf(x, hlo.like(x, OUTSIDE), dims).map((tap, i) => {
    const [row, column] = places[i] as [number, number];
    const weights = hlo.slice(filter, [row, column, 0], [1, 1, filter.shape[2]!]);
    return exactSum(tap, hlo.broadcastTo(hlo.reshape(weights, [filter.shape[2]!]), tap.shape));
  });
}

/** `dy` at each place that holds its window's first maximum, 0 elsewhere. */
function routed({ x, filter, dy }: Inputs, dims: TapDims): HloNode[] {
  const parts = sums(x!, filter!, dims);
  let best = parts[0]!;
  let first = hlo.constant(0, best.value.shape, "i32");
  parts.forEach((part, i) => {
    const finer = hlo.binary(
      "and",
      hlo.compare("EQ", part.value, best.value),
      hlo.compare("GT", part.rest, best.rest),
    );
    const better = hlo.binary("or", hlo.compare("GT", part.value, best.value), finer);
    first = hlo.select(better, hlo.like(first, i), first);
    best = {
      value: hlo.select(better, part.value, best.value),
      rest: hlo.select(better, part.rest, best.rest),
    };
  });
  return parts.map((_, i) =>
    hlo.select(hlo.compare("EQ", first, hlo.like(first, i)), dy!, hlo.like(dy!, 0))
  );
}

/** Kernels of dilation. */
export const MORPHOLOGY: KernelTable = {
  Dilation2D: ({ x, filter }, attrs: DilationAttrs) =>
    sums(x!, filter!, dimsOf(x!, filter!, attrs)).map(({ value }) => value)
      .reduce((best, value) => hlo.binary("maximum", best, value)),
  Dilation2DBackpropInput: (inputs, attrs: DilationAttrs) => {
    const { x, filter } = inputs;
    const dims = dimsOf(x!, filter!, attrs);
    const places = placesOf(dims.size);
    return routed(inputs, dims)
      .map((part, i) => untap(part, places[i]!, x!.shape, dims))
      .reduce(hlo.add);
  },
  Dilation2DBackpropFilter: (inputs, attrs: DilationAttrs) => {
    const { x, filter } = inputs;
    const parts = routed(inputs, dimsOf(x!, filter!, attrs));
    const rows = parts.map((part) =>
      hlo.reshape(hlo.reduce(part, "add", [0, 1, 2]), [1, filter!.shape[2]!])
    );
    return hlo.reshape(hlo.concatenate(rows, 0), filter!.shape);
  },
};
