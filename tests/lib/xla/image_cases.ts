/** Cases of the kernels of images and volumes: convolutions, pooling, normalisation. @module */
import * as tf from "@tensorflow/tfjs";
import { type Cases, f, i, type Op, run } from "./kernel_case.ts";

const kernel =
  (name: string, names: readonly string[], attrs: Record<string, unknown>): Op => (...tensors) =>
    run(name, Object.fromEntries(names.map((key, k) => [key, tensors[k]!])), attrs);

/** Strides, padding and dilations of two dimensions; tfjs differentiates undilated ones only. */
const GEOMETRIES = [
  { strides: [1, 1], pad: "same", dilations: [1, 1] },
  { strides: [2, 1], pad: "valid", dilations: [1, 1] },
  { strides: [2, 3], pad: "same", dilations: [1, 1] },
  { strides: [2, 2], pad: 1, dilations: [1, 1] },
] as const;

const DILATED = { strides: [1, 1], pad: "same", dilations: [2, 3] } as const;

/** The shape that a convolution of `[2, 6, 7, 3]` with `[3, 2, 3, 4]` gives. */
function outShape(
  { strides, pad, dilations }: (typeof GEOMETRIES)[number] | typeof DILATED,
  depthwise = false,
): number[] {
  return tf.backend_util.computeConv2DInfo(
    [2, 6, 7, 3],
    [3, 2, 3, depthwise ? 2 : 4],
    [...strides] as [number, number],
    [...dilations] as [number, number],
    pad,
    undefined,
    depthwise,
  ).outShape;
}

const X = [2, 6, 7, 3];
const FILTER = [3, 2, 3, 4];
const DEPTHWISE = [3, 2, 3, 2];
const VOLUME = { strides: [1, 2, 1], pad: "same" } as const;
const V = [2, 3, 4, 3, 2];
const POOLS = [
  { filterSize: [2, 3], strides: [1, 2], pad: "same" },
  { filterSize: [3, 2], strides: [2, 2], pad: "valid" },
] as const;
// Windows as high as wide: tfjs's cpu backend mixes the two up where it looks for maxima in
// volumes.
const POOL_3D = { filterSize: [1, 2, 2], strides: [1, 2, 1], pad: "same" } as const;

const poolShape = ({ filterSize, strides, pad }: (typeof POOLS)[number]): number[] =>
  tf.backend_util.computePool2DInfo(
    X as [number, number, number, number],
    [...filterSize] as [number, number],
    [...strides] as [number, number],
    1,
    pad,
  ).outShape;

const RESPONSE = { depthRadius: 1, bias: 1, alpha: 0.5, beta: 0.75 };
const MORPH = { strides: [2, 1], pad: "same", dilations: [1, 2] };
const MORPH_OUT = [2, 3, 7, 3];

/** Kernel -> cases. */
export const IMAGE_CASES: Cases = {
  Conv2D: [...GEOMETRIES, DILATED].map((attrs) => [
    () => [f(X), f(FILTER, 2)],
    kernel("Conv2D", ["x", "filter"], { ...attrs, dataFormat: "NHWC" }),
  ]),
  Conv2DBackpropInput: GEOMETRIES.map((attrs) => [
    () => [f(outShape(attrs)), f(FILTER, 2)],
    kernel("Conv2DBackpropInput", ["dy", "filter"], {
      ...attrs,
      dataFormat: "NHWC",
      inputShape: X,
    }),
  ]),
  Conv2DBackpropFilter: GEOMETRIES.map((attrs) => [
    () => [f(X), f(outShape(attrs), 2)],
    kernel("Conv2DBackpropFilter", ["x", "dy"], {
      ...attrs,
      dataFormat: "NHWC",
      filterShape: FILTER,
    }),
  ]),
  DepthwiseConv2dNative: [...GEOMETRIES, DILATED].map((attrs) => [
    () => [f(X), f(DEPTHWISE, 2)],
    kernel("DepthwiseConv2dNative", ["x", "filter"], attrs),
  ]),
  DepthwiseConv2dNativeBackpropInput: GEOMETRIES.map((attrs) => [
    () => [f(outShape(attrs, true)), f(DEPTHWISE, 2)],
    kernel("DepthwiseConv2dNativeBackpropInput", ["dy", "filter"], { ...attrs, inputShape: X }),
  ]),
  DepthwiseConv2dNativeBackpropFilter: GEOMETRIES.map((attrs) => [
    () => [f(X), f(outShape(attrs, true), 2)],
    kernel("DepthwiseConv2dNativeBackpropFilter", ["x", "dy"], {
      ...attrs,
      filterShape: DEPTHWISE,
    }),
  ]),
  Conv3D: [[
    () => [f(V), f([2, 2, 1, 2, 3], 2)],
    kernel("Conv3D", ["x", "filter"], { ...VOLUME, dilations: [1, 1, 1] }),
  ]],
  Conv3DBackpropInputV2: [[
    () => [f([2, 3, 2, 3, 3]), f([2, 2, 1, 2, 3], 2)],
    kernel("Conv3DBackpropInputV2", ["dy", "filter"], { ...VOLUME, inputShape: V }),
  ]],
  Conv3DBackpropFilterV2: [[
    () => [f(V), f([2, 3, 2, 3, 3], 2)],
    kernel("Conv3DBackpropFilterV2", ["x", "dy"], { ...VOLUME, filterShape: [2, 2, 1, 2, 3] }),
  ]],
  FusedConv2D: (["relu", "prelu", "linear"] as const).map((activation) => [
    () => [f(X), f(FILTER, 2), f([4], 3), f([4], 4)],
    kernel("FusedConv2D", ["x", "filter", "bias", "preluActivationWeights"], {
      ...GEOMETRIES[2],
      dataFormat: "NHWC",
      activation,
    }),
  ]),
  FusedDepthwiseConv2D: [[
    () => [f(X), f(DEPTHWISE, 2), f([6], 3)],
    kernel("FusedDepthwiseConv2D", ["x", "filter", "bias"], {
      ...GEOMETRIES[1],
      activation: "elu",
    }),
  ]],
  MaxPool: POOLS.map((attrs) => [() => [f(X)], kernel("MaxPool", ["x"], attrs)]),
  AvgPool: POOLS.map((attrs) => [() => [f(X)], kernel("AvgPool", ["x"], attrs)]),
  MaxPoolGrad: POOLS.map((attrs) => [
    () => [f(poolShape(attrs), 2), f(X), f(poolShape(attrs), 3)],
    kernel("MaxPoolGrad", ["dy", "input", "output"], attrs),
  ]),
  AvgPoolGrad: POOLS.map((attrs) => [
    () => [f(poolShape(attrs), 2), f(X)],
    kernel("AvgPoolGrad", ["dy", "input"], attrs),
  ]),
  MaxPoolWithArgmax: [true, false].map((includeBatchInIndex) => [
    () => [f(X)],
    kernel("MaxPoolWithArgmax", ["x"], { ...POOLS[1], includeBatchInIndex }),
  ]),
  MaxPool3D: [[() => [f(V)], kernel("MaxPool3D", ["x"], POOL_3D)]],
  AvgPool3D: [[() => [f(V)], kernel("AvgPool3D", ["x"], POOL_3D)]],
  MaxPool3DGrad: [[
    () => [f([2, 3, 2, 3, 2], 2), f(V), f([2, 3, 2, 3, 2], 3)],
    kernel("MaxPool3DGrad", ["dy", "input", "output"], POOL_3D),
  ]],
  AvgPool3DGrad: [[
    () => [f([2, 3, 2, 3, 2], 2), f(V)],
    kernel("AvgPool3DGrad", ["dy", "input"], POOL_3D),
  ]],
  Dilation2D: [[() => [f(X), f([2, 2, 3], 2)], kernel("Dilation2D", ["x", "filter"], MORPH)]],
  Dilation2DBackpropInput: [[
    () => [f(X), f([2, 2, 3], 2), f(MORPH_OUT, 3)],
    kernel("Dilation2DBackpropInput", ["x", "filter", "dy"], MORPH),
  ]],
  Dilation2DBackpropFilter: [[
    () => [f(X), f([2, 2, 3], 2), f(MORPH_OUT, 3)],
    kernel("Dilation2DBackpropFilter", ["x", "filter", "dy"], MORPH),
  ]],
  FusedBatchNorm: [[
    () => [f(X), f([3], 2), tf.abs(f([3], 3)).add(0.5), f([3], 4), f([3], 5)],
    kernel("FusedBatchNorm", ["x", "mean", "variance", "offset", "scale"], {
      varianceEpsilon: 0.001,
    }),
  ]],
  LRN: [[() => [f(X)], kernel("LRN", ["x"], RESPONSE)]],
  LRNGrad: [[
    () => [f(X), f(X, 2), f(X, 3)],
    kernel("LRNGrad", ["x", "y", "dy"], RESPONSE),
  ]],
  SpaceToBatchND: [[
    () => [f([2, 3, 4, 3])],
    (x) => tf.spaceToBatchND(x!, [2, 2], [[1, 0], [1, 1]]),
  ]],
  BatchToSpaceND: [[
    () => [i(Array.from({ length: 48 }, (_, k) => k), [8, 2, 3, 1])],
    (x) => tf.batchToSpaceND(x!, [2, 2], [[1, 0], [0, 1]]),
  ]],
  DepthToSpace: [[() => [f([2, 2, 3, 8])], (x) => tf.depthToSpace(x as tf.Tensor4D, 2, "NHWC")]],
};
