/**
 * Second derivatives of convolutions, pools and resizing: the gradients of their gradients.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import { runKernel } from "../internals.ts";
import { type Forward, supplyGradient, zeros } from "./supply.ts";

/**
 * A convolution is bilinear in image and filter, so the gradients of its gradients are the three
 * kernels again, with one cotangent in place of the image or of the filter.
 */
function supplyConvolution(forward: string, byImage: string, byFilter: string): void {
  supplyGradient(byImage, {
    inputs: ["dy", "filter"],
    pullBack: (ddx, { saved: [dy, filter], attrs }) => ({
      dy: () => runKernel(forward, { x: ddx, filter: filter! }, undilated(attrs, ddx.rank - 2)),
      filter: () =>
        runKernel(byFilter, { x: ddx, dy: dy! }, { ...attrs, filterShape: filter!.shape }),
    }),
  });
  supplyGradient(byFilter, {
    inputs: ["x", "dy"],
    pullBack: (ddw, { saved: [x, dy], attrs }) => ({
      x: () => runKernel(byImage, { dy: dy!, filter: ddw }, { ...attrs, inputShape: x!.shape }),
      dy: () => runKernel(forward, { x: x!, filter: ddw }, undilated(attrs, x!.rank - 2)),
    }),
  });
}

/** Attributes of a forward convolution; the gradients of dilated ones do not exist. */
function undilated<A extends object>(attrs: A, dimensions: number): A {
  return { dilations: Array(dimensions).fill(1), ...attrs };
}

supplyConvolution("Conv2D", "Conv2DBackpropInput", "Conv2DBackpropFilter");
supplyConvolution("Conv3D", "Conv3DBackpropInputV2", "Conv3DBackpropFilterV2");
supplyConvolution(
  "DepthwiseConv2dNative",
  "DepthwiseConv2dNativeBackpropInput",
  "DepthwiseConv2dNativeBackpropFilter",
);

// The gradients of linear kernels: their own gradient is the kernel itself.
for (const forward of ["ResizeBilinear", "ResizeNearestNeighbor"]) {
  supplyGradient(`${forward}Grad`, {
    inputs: ["images"],
    pullBack: (ddx, { saved: [images], attrs }) => ({
      dy: () => runKernel(forward, { images: ddx }, attrs),
      images: zeros(images!),
    }),
  });
}

/**
 * How much of each window of a pool lies inside the image, of shape `[1, ...windows, 1]`. A mean is
 * taken over that part; the gradient kernel of tfjs divides by the whole window.
 */
function insideShare(shape: readonly number[], attrs: Forward["attrs"]): Tensor {
  const { filterSize, strides, pad, dimRoundingMode } = attrs;
  // deno-lint-ignore no-explicit-any
  const input = shape as any;
  const util = tf.backend_util;
  const axes = shape.length === 4
    ? (({ padInfo: p, ...i }) => [
      [i.inHeight, i.outHeight, i.strideHeight, i.filterHeight, p.top],
      [i.inWidth, i.outWidth, i.strideWidth, i.filterWidth, p.left],
    ])(util.computePool2DInfo(input, filterSize, strides, 1, pad, dimRoundingMode))
    : (({ padInfo: p, ...i }) => [
      [i.inDepth, i.outDepth, i.strideDepth, i.filterDepth, p.front],
      [i.inHeight, i.outHeight, i.strideHeight, i.filterHeight, p.top],
      [i.inWidth, i.outWidth, i.strideWidth, i.filterWidth, p.left],
    ])(util.computePool3DInfo(input, filterSize, strides, 1, pad, dimRoundingMode));
  let share = [1];
  for (const [size, windows, stride, width, before] of axes as [number, ...number[]][]) {
    const inside = Array.from({ length: windows! }, (_, i) => {
      const begin = i * stride! - before!;
      return (Math.min(begin + width!, size) - Math.max(begin, 0)) / width!;
    });
    share = share.flatMap((a) => inside.map((b) => a * b));
  }
  return tf.tensor(share, [1, ...axes.map((axis) => axis[1]!), 1]);
}

for (const forward of ["AvgPool", "AvgPool3D"]) {
  supplyGradient(forward, {
    inputs: ["x"],
    pullBack: (dy, { saved: [x], attrs }) => ({
      x: () => {
        const perWindow = tf.div(dy, insideShare(x!.shape, attrs));
        return runKernel(`${forward}Grad`, { dy: perWindow, input: x! }, attrs);
      },
    }),
  });
  supplyGradient(`${forward}Grad`, {
    inputs: ["input"],
    pullBack: (ddx, { saved: [input], attrs }) => ({
      dy: () => tf.mul(runKernel(forward, { x: ddx }, attrs), insideShare(input!.shape, attrs)),
      input: zeros(input!),
    }),
  });
}

// A max pool picks values, so its gradient's gradient picks at the same places.
supplyGradient("MaxPoolGrad", {
  inputs: ["input", "output"],
  pullBack: (ddx, { saved: [input, output], attrs: { filterSize, strides, pad } }) => ({
    dy: () => {
      const image = input! as tf.Tensor4D;
      const { indexes } = tf.maxPoolWithArgmax(image, filterSize, strides, pad, true);
      return tf.gather(tf.reshape(ddx, [ddx.size]), tf.cast(indexes as Tensor, "int32"));
    },
    input: zeros(input!),
    output: zeros(output!),
  }),
});

// tfjs uses a kernel, LRNGrad, that has no gradient itself.
supplyGradient("LRN", {
  inputs: ["x"],
  pullBack: (dy, { saved: [image], attrs: { depthRadius, bias, alpha, beta } }) => ({
    x: () => {
      const channels = image!.shape[3]!;
      const near = Float32Array.from(
        { length: channels ** 2 },
        (_, i) => Math.abs(Math.floor(i / channels) - i % channels) <= depthRadius ? 1 : 0,
      );
      const window = tf.tensor2d(near, [channels, channels]);
      const [x, dys] = [image!, dy].map((t) => tf.reshape(t, [-1, channels])) as [Tensor, Tensor];
      const scale = tf.add(tf.mul(tf.matMul(tf.square(x), window), alpha), bias);
      const through = tf.mul(tf.mul(dys, x), tf.pow(scale, -beta - 1));
      const across = tf.mul(tf.mul(x, 2 * alpha * beta), tf.matMul(through, window));
      return tf.reshape(tf.sub(tf.mul(dys, tf.pow(scale, -beta)), across), image!.shape);
    },
  }),
});
