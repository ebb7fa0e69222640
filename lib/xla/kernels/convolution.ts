/**
 * Convolutions of one, two and three spatial dimensions, and what their gradients need.
 *
 * All of them are one operation of the compiler: the gradient by the operand is a convolution of
 * the spread-out `dy` with the mirrored filter, the gradient by the filter one of the operand with
 * `dy`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { hlo, type HloNode } from "../hlo/mod.ts";
import { biasAndActivation, type FusedAttrs } from "./fused.ts";
import type { Kernel, KernelTable } from "./kernel.ts";

type Shape4D = [number, number, number, number];
type Shape5D = [number, number, number, number, number];

/** Where the filter stands, a number for each spatial dimension. */
interface Spatial {
  readonly stride: number[];
  readonly dilation: number[];
  readonly low: number[];
  /** Sizes of the operand, the filter and the result. */
  readonly input: number[];
  readonly filter: number[];
  readonly output: number[];
}

interface ConvolutionAttrs {
  readonly strides: [number, number] | number;
  readonly pad: "valid" | "same" | number;
  readonly dataFormat?: "NHWC" | "NCHW";
  readonly dilations?: [number, number] | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

function spatial2D(
  x: readonly number[],
  filter: readonly number[],
  attrs: ConvolutionAttrs,
  depthwise = false,
): Spatial {
  const info = tf.backend_util.computeConv2DInfo(
    x as Shape4D,
    filter as Shape4D,
    attrs.strides,
    attrs.dilations ?? 1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
    attrs.dataFormat === "NCHW" ? "channelsFirst" : "channelsLast",
  );
  return {
    stride: [info.strideHeight, info.strideWidth],
    dilation: [info.dilationHeight, info.dilationWidth],
    low: [info.padInfo.top, info.padInfo.left],
    input: [info.inHeight, info.inWidth],
    filter: [info.filterHeight, info.filterWidth],
    output: [info.outHeight, info.outWidth],
  };
}

interface Convolution3DAttrs {
  readonly strides: [number, number, number] | number;
  readonly pad: "valid" | "same";
  readonly dilations?: [number, number, number] | number;
}

function spatial3D(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad, dilations }: Convolution3DAttrs,
): Spatial {
  const info = tf.backend_util.computeConv3DInfo(
    x as Shape5D,
    filter as Shape5D,
    strides,
    dilations ?? 1,
    pad,
  );
  return {
    stride: [info.strideDepth, info.strideHeight, info.strideWidth],
    dilation: [info.dilationDepth, info.dilationHeight, info.dilationWidth],
    low: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
    input: [info.inDepth, info.inHeight, info.inWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
  };
}

const ones = (items: readonly number[]): number[] => items.map(() => 1);

/** Elements from the first to the last, with `by - 1` places between neighbours. */
const extent = (size: number, by: number): number => (size - 1) * by + 1;

/** The padding after the operand that just holds the filter at its last place. */
const paddingAfter = (s: Spatial): number[] =>
  s.output.map((size, i) =>
    extent(size, s.stride[i]!) - 1 + extent(s.filter[i]!, s.dilation[i]!) - s.input[i]! - s.low[i]!
  );

/** `x [B, ...input, C]` and `filter [...size, C / groups, O]` to `[B, ...output, O]`. */
function convolve(x: HloNode, filter: HloNode, s: Spatial, groups: number): HloNode {
  return hlo.convolution(x, filter, {
    stride: s.stride,
    low: s.low,
    high: paddingAfter(s),
    lhsDilation: ones(s.stride),
    rhsDilation: s.dilation,
    groups,
  });
}

/** The gradient by the operand; `filter [...size, O / groups, C]` has its features swapped. */
function byInput(dy: HloNode, filter: HloNode, s: Spatial, groups: number): HloNode {
  const reach = s.filter.map((size, i) => extent(size, s.dilation[i]!) - 1);
  const low = reach.map((size, i) => size - s.low[i]!);
  // tfjs reads no more of `dy` than the operand's shape stands for.
  const read = hlo.slice(dy, dy.shape.map(() => 0), [dy.shape[0]!, ...s.output, dy.shape.at(-1)!]);
  return hlo.convolution(read, hlo.reverse(filter, s.filter.map((_, i) => i)), {
    stride: ones(s.stride),
    low,
    high: s.input.map((size, i) => size + reach[i]! - low[i]! - extent(s.output[i]!, s.stride[i]!)),
    lhsDilation: s.stride,
    rhsDilation: s.dilation,
    groups,
  });
}

/**
 * The gradient by the filter: `x [C, ...input, B]` and `dy [...output, B, O]` to `[C, ...size, O]`.
 */
function byFilter(x: HloNode, dy: HloNode, s: Spatial, groups: number): HloNode {
  return hlo.convolution(x, dy, {
    stride: s.dilation,
    low: s.low,
    high: paddingAfter(s),
    lhsDilation: ones(s.stride),
    rhsDilation: s.stride,
    groups,
  });
}

/** Swaps the last two dimensions: the features that a filter reads and writes. */
function swapFeatures(filter: HloNode): HloNode {
  const rank = filter.shape.length;
  const spatial = Array.from({ length: rank - 2 }, (_, i) => i);
  return hlo.transpose(filter, [...spatial, rank - 1, rank - 2]);
}

const middle = (x: HloNode): number[] => x.shape.slice(1, -1).map((_, i) => i + 1);
/** `[B, ...spatial, C]` to `[C, ...spatial, B]`, and back. */
const featuresFirst = (x: HloNode): HloNode =>
  hlo.transpose(x, [x.shape.length - 1, ...middle(x), 0]);
/** `[B, ...spatial, C]` to `[...spatial, B, C]`. */
const batchInside = (x: HloNode): HloNode =>
  hlo.transpose(x, [...middle(x), 0, x.shape.length - 1]);
/** `[C, ...size, O]` to `[...size, C, O]`. */
const filterOf = batchInside;

const float = (x: HloNode): HloNode => hlo.convert(x, "f32");

/** Runs on channels last, whatever the data's format. */
function inFormat(
  format: string | undefined,
  images: readonly HloNode[],
  fn: (...images: HloNode[]) => HloNode,
): HloNode {
  if (format !== "NCHW") return fn(...images.map(float));
  const result = fn(...images.map((x) => hlo.transpose(float(x), [0, 2, 3, 1])));
  return hlo.transpose(result, [0, 3, 1, 2]);
}

const conv2D: Kernel<ConvolutionAttrs> = ({ x, filter }, attrs) => {
  const s = spatial2D(x!.shape, filter!.shape, attrs);
  const channels = x!.shape[attrs.dataFormat === "NCHW" ? 1 : 3]!;
  const groups = channels / filter!.shape[2]!;
  return inFormat(attrs.dataFormat, [x!], (image) => convolve(image!, float(filter!), s, groups));
};

type InputShape = { readonly inputShape: number[] };
type FilterShape = { readonly filterShape: number[] };

const conv2DByInput: Kernel<ConvolutionAttrs & InputShape> = ({ dy, filter }, attrs) => {
  const s = spatial2D(attrs.inputShape, filter!.shape, attrs);
  const swapped = swapFeatures(float(filter!));
  return inFormat(attrs.dataFormat, [dy!], (image) => byInput(image!, swapped, s, 1));
};

const conv2DByFilter: Kernel<ConvolutionAttrs & FilterShape> = ({ x, dy }, attrs) => {
  const s = spatial2D(x!.shape, attrs.filterShape, attrs);
  const [image, gradient] = [x!, dy!].map((t) =>
    attrs.dataFormat === "NCHW" ? hlo.transpose(float(t), [0, 2, 3, 1]) : float(t)
  );
  return filterOf(byFilter(featuresFirst(image!), batchInside(gradient!), s, 1));
};

/** `[h, w, C, M]`: channel `c` has filters of its own, whose results are `c * M` to `c * M + M`. */
const depthwise: Kernel<ConvolutionAttrs> = ({ x, filter }, attrs) => {
  const s = spatial2D(x!.shape, filter!.shape, attrs, true);
  const [h, w, channels, multiplier] = filter!.shape as Shape4D;
  const grouped = hlo.reshape(float(filter!), [h, w, 1, channels * multiplier]);
  return inFormat(attrs.dataFormat, [x!], (image) => convolve(image!, grouped, s, channels));
};

const depthwiseByInput: Kernel<ConvolutionAttrs & InputShape> = ({ dy, filter }, attrs) => {
  const s = spatial2D(attrs.inputShape, filter!.shape, attrs, true);
  return byInput(float(dy!), swapFeatures(float(filter!)), s, filter!.shape[2]!);
};

const depthwiseByFilter: Kernel<ConvolutionAttrs & FilterShape> = ({ x, dy }, attrs) => {
  const s = spatial2D(x!.shape, attrs.filterShape, attrs, true);
  const [batch, height, width, channels] = x!.shape as Shape4D;
  // One image whose features are channel by channel the batch: a group for each channel.
  const image = hlo.reshape(hlo.transpose(float(x!), [1, 2, 3, 0]), [
    1,
    height,
    width,
    channels * batch,
  ]);
  const result = byFilter(image, batchInside(float(dy!)), s, channels);
  return hlo.reshape(result, attrs.filterShape);
};

const conv3D: Kernel<Convolution3DAttrs> = ({ x, filter }, attrs) =>
  convolve(float(x!), float(filter!), spatial3D(x!.shape, filter!.shape, attrs), 1);

const conv3DByInput: Kernel<Convolution3DAttrs & InputShape> = ({ dy, filter }, attrs) => {
  const s = spatial3D(attrs.inputShape, filter!.shape, attrs);
  return byInput(float(dy!), swapFeatures(float(filter!)), s, 1);
};

const conv3DByFilter: Kernel<Convolution3DAttrs & FilterShape> = ({ x, dy }, attrs) => {
  const s = spatial3D(x!.shape, attrs.filterShape, attrs);
  return filterOf(byFilter(featuresFirst(float(x!)), batchInside(float(dy!)), s, 1));
};

const fused = (kernel: Kernel<ConvolutionAttrs>): Kernel<ConvolutionAttrs & FusedAttrs> =>
(
  { x, filter, bias, preluActivationWeights },
  attrs,
) => {
  const result = kernel({ x: x!, filter: filter! }, attrs) as HloNode;
  // One number a channel stands before the image in channels-first data.
  const aligned = (t: HloNode | undefined): HloNode | undefined =>
    t && attrs.dataFormat === "NCHW" && t.shape.length === 1
      ? hlo.reshape(t, [t.shape[0]!, 1, 1])
      : t;
  return biasAndActivation(result, aligned(bias), aligned(preluActivationWeights), attrs);
};

/** Kernels of convolutions. */
export const CONVOLUTION: KernelTable = {
  Conv2D: conv2D,
  Conv2DBackpropInput: conv2DByInput,
  Conv2DBackpropFilter: conv2DByFilter,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2dNativeBackpropInput: depthwiseByInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseByFilter,
  Conv3D: conv3D,
  Conv3DBackpropInputV2: conv3DByInput,
  Conv3DBackpropFilterV2: conv3DByFilter,
  FusedConv2D: fused(conv2D),
  FusedDepthwiseConv2D: fused(depthwise),
};
