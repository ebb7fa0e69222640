/** Moving blocks of an image into its batch or its channels, and back. @module */
import * as tf from "@tensorflow/tfjs";
import { hlo } from "../hlo/mod.ts";
import type { Kernel, KernelTable } from "./kernel.ts";

const { getReshaped, getPermuted, getReshapedPermuted, getSliceBeginCoords, getSliceSize } =
  tf.backend_util;

interface BatchAttrs {
  readonly blockShape: number[];
}

const spaceToBatch: Kernel<BatchAttrs & { paddings: [number, number][] }> = (
  { x },
  { blockShape, paddings },
) => {
  const count = blockShape.reduce((a, b) => a * b);
  const rest = x!.shape.slice(1 + blockShape.length).map(() => 0);
  const padded = hlo.pad(
    x!,
    hlo.like(x!, 0),
    [0, ...paddings.map(([low]) => low), ...rest],
    [0, ...paddings.map(([, high]) => high), ...rest],
  );
  const shape = [...padded.shape];
  const split = hlo.reshape(padded, getReshaped(shape, blockShape, count, false));
  const moved = hlo.transpose(split, getPermuted(split.shape.length, blockShape.length, false));
  return hlo.reshape(moved, getReshapedPermuted(shape, blockShape, count, false));
};

const batchToSpace: Kernel<BatchAttrs & { crops: number[][] }> = (
  { x },
  { blockShape, crops },
) => {
  const count = blockShape.reduce((a, b) => a * b);
  const shape = [...x!.shape];
  const split = hlo.reshape(x!, getReshaped(shape, blockShape, count));
  const moved = hlo.transpose(split, getPermuted(split.shape.length, blockShape.length));
  const joined = hlo.reshape(moved, getReshapedPermuted(shape, blockShape, count));
  const begin = getSliceBeginCoords(crops, blockShape.length);
  const size = getSliceSize([...joined.shape], crops, blockShape.length);
  // What tfjs leaves out is whole.
  return hlo.slice(
    joined,
    joined.shape.map((_, i) => begin[i] ?? 0),
    joined.shape.map((all, i) => size[i] ?? all),
  );
};

const depthToSpace: Kernel<{ blockSize: number; dataFormat: string }> = (
  { x },
  { blockSize, dataFormat },
) => {
  const last = dataFormat !== "NCHW";
  const image = last ? x! : hlo.transpose(x!, [0, 2, 3, 1]);
  const [batch, height, width, channels] = image.shape as [number, number, number, number];
  const depth = channels / (blockSize * blockSize);
  const split = hlo.reshape(image, [batch, height, width, blockSize, blockSize, depth]);
  const moved = hlo.transpose(split, [0, 1, 3, 2, 4, 5]);
  const result = hlo.reshape(moved, [batch, height * blockSize, width * blockSize, depth]);
  return last ? result : hlo.transpose(result, [0, 3, 1, 2]);
};

/** Kernels that move blocks. */
export const BLOCKS: KernelTable = {
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
  DepthToSpace: depthToSpace,
};
