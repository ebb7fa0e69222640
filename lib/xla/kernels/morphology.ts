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

/** For each place of the filter, the image under it plus the filter's number. */
function sums(x: HloNode, filter: HloNode, dims: TapDims): HloNode[] {
  const places = placesOf(dims.size);
  return tapsOf(x, hlo.like(x, -Infinity), dims).map((tap, i) => {
    const [row, column] = places[i] as [number, number];
    const weights = hlo.slice(filter, [row, column, 0], [1, 1, filter.shape[2]!]);
    return hlo.add(tap, hlo.reshape(weights, [filter.shape[2]!]));
  });
}

const maximum = (parts: readonly HloNode[]): HloNode =>
  parts.reduce((best, part) => hlo.binary("maximum", best, part));

/** `dy` at each place that holds its window's first maximum, 0 elsewhere. */
function routed({ x, filter, dy }: Inputs, dims: TapDims): HloNode[] {
  const parts = sums(x!, filter!, dims);
  const best = maximum(parts);
  let taken = hlo.constant(0, best.shape, "i1");
  return parts.map((part) => {
    const here = hlo.binary("and", hlo.compare("EQ", part, best), hlo.unary("not", taken));
    taken = hlo.binary("or", taken, here);
    return hlo.select(here, dy!, hlo.like(dy!, 0));
  });
}

/** Kernels of dilation. */
export const MORPHOLOGY: KernelTable = {
  Dilation2D: ({ x, filter }, attrs: DilationAttrs) =>
    maximum(sums(x!, filter!, dimsOf(x!, filter!, attrs))),
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
