/** Pooling over windows of images and volumes, and their gradients. @module */
import * as tf from "@tensorflow/tfjs";
import { hlo, type HloNode, sameShape, type WindowDims } from "../hlo/mod.ts";
import type { Inputs, Kernel, KernelTable } from "./kernel.ts";
import { type TapDims, tapsOf } from "./taps.ts";

interface PoolAttrs {
  readonly filterSize: number | number[];
  readonly strides: number | number[];
  readonly pad: "valid" | "same" | number;
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
  readonly includeBatchInIndex?: boolean;
}

interface Windows extends WindowDims {
  /** The shape of the result. */
  readonly output: readonly number[];
}

/** The windows of a pool over `[batch, ...spatial, channels]`. */
function windowsOf({ shape }: HloNode, attrs: PoolAttrs): Windows {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  const flat = shape.length !== 5;
  const info = flat
    ? tf.backend_util.computePool2DInfo(
      shape as [number, number, number, number],
      filterSize as [number, number],
      strides as [number, number],
      1,
      pad,
      dimRoundingMode,
    )
    : tf.backend_util.computePool3DInfo(
      shape as [number, number, number, number, number],
      filterSize as [number, number, number],
      strides as [number, number, number],
      1,
      pad as "valid" | "same",
      dimRoundingMode,
    );
  const depth = "strideDepth" in info ? info : null;
  const size = [info.filterHeight, info.filterWidth];
  const stride = [info.strideHeight, info.strideWidth];
  const low = [info.padInfo.top, info.padInfo.left];
  if (depth) {
    size.unshift(depth.filterDepth);
    stride.unshift(depth.strideDepth);
    low.unshift(depth.padInfo.front);
  }
  const output = info.outShape.slice(1, -1);
  const high = output.map((places, i) =>
    Math.max(0, (places - 1) * stride[i]! + size[i]! - shape[i + 1]! - low[i]!)
  );
  return {
    size: [1, ...size, 1],
    stride: [1, ...stride, 1],
    low: [0, ...low, 0],
    high: [0, ...high, 0],
    output: info.outShape,
  };
}

/** Windows of one element that leave the shape as it is do nothing, whatever the padding is. */
const isIdentity = (x: HloNode, { size, output }: Windows): boolean =>
  size.every((n) => n === 1) && sameShape(x.shape, output);

/** NaN is no maximum in tfjs's pools: it counts as nothing. */
function withoutNaN(x: HloNode): HloNode {
  if (x.type !== "f32") return x;
  return hlo.select(hlo.compare("EQ", x, x), x, hlo.like(x, -Infinity));
}

const maxPool: Kernel<PoolAttrs> = ({ x }, attrs) => {
  const dims = windowsOf(x!, attrs);
  return isIdentity(x!, dims) ? x! : hlo.reduceWindow(withoutNaN(x!), "maximum", dims);
};

/** Padding does not count: each mean is over what the window holds. */
const avgPool: Kernel<PoolAttrs> = ({ x }, attrs) => {
  const values = hlo.convert(x!, "f32");
  const dims = windowsOf(values, attrs);
  if (isIdentity(values, dims)) return values;
  const sum = hlo.reduceWindow(values, "add", dims);
  const ones = hlo.constant(1, values.shape.with(0, 1).with(-1, 1), "f32");
  const count = hlo.reduceWindow(ones, "add", dims);
  return hlo.div(sum, hlo.binary("maximum", count, hlo.like(count, 1)));
};

const maxPoolGrad: Kernel<PoolAttrs> = ({ dy, input }, attrs) =>
  hlo.scatterToMaximum(withoutNaN(input!), dy!, windowsOf(input!, attrs));

/** Spreads each number over its window. As in tfjs, padding counts here, unlike forwards. */
const avgPoolGrad: Kernel<PoolAttrs> = ({ dy, input }, attrs) => {
  const { size, stride, low } = windowsOf(input!, attrs);
  const before = size.map((n, i) => n - 1 - low[i]!);
  const spread = hlo.pad(
    hlo.convert(dy!, "f32"),
    hlo.constant(0),
    before,
    size.map((n, i) =>
      input!.shape[i]! + n - 1 - before[i]! - ((dy!.shape[i]! - 1) * stride[i]! + 1)
    ),
    stride.map((n) => n - 1),
  );
  const none = size.map(() => 0);
  const unit = size.map(() => 1);
  const sum = hlo.reduceWindow(spread, "add", { size, stride: unit, low: none, high: none });
  return hlo.div(sum, hlo.like(sum, size.reduce((a, b) => a * b)));
};

/** The maximum of each window and its place in the flat image (or batch). */
const maxPoolWithArgmax = ({ x }: Inputs, attrs: PoolAttrs): HloNode[] => {
  const { includeBatchInIndex } = attrs;
  if (x!.shape.length !== 4) {
    throw new TypeError(
      `Cannot pool with places as images are [batch, height, width, channels]: x is [${
        x!.shape.join(", ")
      }]`,
    );
  }
  const { size, stride, low, high, output } = windowsOf(x!, attrs);
  const dims: TapDims = {
    size: size.slice(1, -1),
    dilation: [1, 1],
    stride: stride.slice(1, -1),
    low: low.slice(1, -1),
    high: high.slice(1, -1),
    output: output.slice(1, -1),
  };
  const [, height, width, channels] = x!.shape as [number, number, number, number];
  const place = [0, 1, 2, 3].map((d) => hlo.iota(x!.shape, d, "i32"));
  const times = (node: HloNode, by: number): HloNode => hlo.mul(node, hlo.like(node, by));
  const image = includeBatchInIndex ? times(place[0]!, height * width * channels) : null;
  const inside = hlo.add(
    hlo.add(times(place[1]!, width * channels), times(place[2]!, channels)),
    place[3]!,
  );
  const values = tapsOf(withoutNaN(x!), hlo.like(x!, -Infinity), dims);
  const indices = tapsOf(image ? hlo.add(image, inside) : inside, hlo.constant(0, [], "i32"), dims);
  return values.slice(1).reduce(([best, index], value, i) => {
    const better = hlo.compare("GT", value, best!);
    return [hlo.select(better, value, best!), hlo.select(better, indices[i + 1]!, index!)];
  }, [values[0]!, indices[0]!]);
};

/** Kernels of pooling. */
export const POOLING: KernelTable = {
  MaxPool: maxPool,
  MaxPool3D: maxPool,
  MaxPoolGrad: maxPoolGrad,
  MaxPool3DGrad: maxPoolGrad,
  MaxPoolWithArgmax: maxPoolWithArgmax,
  AvgPool: avgPool,
  AvgPool3D: avgPool,
  AvgPoolGrad: avgPoolGrad,
  AvgPool3DGrad: avgPoolGrad,
};
