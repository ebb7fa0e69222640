/**
 * The segment kernels on the host, and their gradients on every engine.
 *
 * `UnsortedSegmentSum`, `UnsortedSegmentMax` and `UnsortedSegmentMin` reduce the rows of `x [E,
 * ...]` that have the same id; `SegmentGather` spreads the rows of `x [N, ...]` back to `[E, ...]`.
 * An id out of range is dropped by the first three and reads zeros in the last, so that the sum and
 * the gather are each other's transpose, and each other's gradient. tfjs has a kernel of the first
 * name; it is replaced, because it is quadratic, leaks NaN across segments and is inexact for
 * int32.
 *
 * @module
 */
import { sizeOf } from "../../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import {
  type HostCompute,
  type HostTensor,
  type HostValues,
  registerCpuKernel,
} from "../cpu_kernel.ts";
import { runKernel } from "../internals.ts";
import { withoutGradient } from "../without_gradient.ts";

function emptyValues(dtype: HostTensor["dtype"], length: number): HostValues {
  if (dtype === "int32") return new Int32Array(length);
  return dtype === "bool" ? new Uint8Array(length) : new Float32Array(length);
}

const rowSize = (shape: readonly number[]): number => sizeOf(shape.slice(1));

/** The value of a segment without rows. */
type Identity = Readonly<Record<HostTensor["dtype"], number>>;

/** Folds each row into the row of its segment, starting from the identity. */
function segmentReduce(identity: Identity, fold: (a: number, b: number) => number): HostCompute {
  return (inputs, attrs) => {
    const { x, segmentIds } = inputs as { x: HostTensor; segmentIds: HostTensor };
    const numSegments = attrs.numSegments as number;
    const width = rowSize(x.shape);
    const out = emptyValues(x.dtype, numSegments * width).fill(identity[x.dtype]);
    segmentIds.data.forEach((id, row) => {
      if (id < 0 || id >= numSegments) return;
      for (let i = 0, from = row * width, to = id * width; i < width; i++, from++, to++) {
        out[to] = fold(out[to]!, x.data[from]!);
      }
    });
    return { data: out, shape: [numSegments, ...x.shape.slice(1)], dtype: x.dtype };
  };
}

function segmentGather(inputs: Readonly<Record<string, HostTensor>>): HostTensor {
  const { x, segmentIds } = inputs as { x: HostTensor; segmentIds: HostTensor };
  const rows = x.shape[0]!;
  const width = rowSize(x.shape);
  const out = emptyValues(x.dtype, segmentIds.data.length * width);
  segmentIds.data.forEach((id, row) => {
    if (id < 0 || id >= rows) return;
    out.set(x.data.subarray(id * width, (id + 1) * width), row * width);
  });
  return { data: out, shape: [segmentIds.data.length, ...x.shape.slice(1)], dtype: x.dtype };
}

/** The most that a bool can hold is true: its sum is "any". */
const sumValues = segmentReduce({ float32: 0, int32: 0, bool: 0 }, (a, b) => a + b);
const anyValues = segmentReduce({ float32: 0, int32: 0, bool: 0 }, (a, b) => a | b);

// Math.max and Math.min pass NaN on, comparisons would lose it.
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const CPU_KERNELS: Readonly<Record<string, HostCompute>> = {
  UnsortedSegmentSum: (inputs, attrs) =>
    (inputs.x!.dtype === "bool" ? anyValues : sumValues)(inputs, attrs),
  UnsortedSegmentMax: segmentReduce(
    { float32: -Infinity, int32: INT32_MIN, bool: 0 },
    (a, b) => Math.max(a, b),
  ),
  UnsortedSegmentMin: segmentReduce(
    { float32: Infinity, int32: INT32_MAX, bool: 1 },
    (a, b) => Math.min(a, b),
  ),
  SegmentGather: segmentGather,
};

const sum = (x: Tensor, segmentIds: Tensor, numSegments: number): Tensor =>
  runKernel("UnsortedSegmentSum", { x, segmentIds }, { numSegments });

const gather = (x: Tensor, segmentIds: Tensor): Tensor =>
  runKernel("SegmentGather", { x, segmentIds });

/**
 * Ids have no derivative; a zero is given because tfjs wants one where ids were computed from x.
 */
const noGradient = (segmentIds: Tensor) => (): Tensor => tf.zeros(segmentIds.shape);

const sumGradient: tf.GradConfig = {
  kernelName: "UnsortedSegmentSum",
  inputsToSave: ["segmentIds"],
  gradFunc: (dy, saved) => {
    const [segmentIds] = saved as [Tensor];
    return { x: () => gather(dy as Tensor, segmentIds), segmentIds: noGradient(segmentIds) };
  },
};

const gatherGradient: tf.GradConfig = {
  kernelName: "SegmentGather",
  inputsToSave: ["x", "segmentIds"],
  gradFunc: (dy, saved) => {
    const [x, segmentIds] = saved as [Tensor, Tensor];
    return {
      x: () => sum(dy as Tensor, segmentIds, x.shape[0]!),
      segmentIds: noGradient(segmentIds),
    };
  },
};

/** Rows that attain the extremum share its gradient equally. */
function extremumGradient(kernelName: string): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["x", "segmentIds"],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, segmentIds, y] = saved as [Tensor, Tensor, Tensor];
      const { numSegments } = attrs as { numSegments: number };
      const share = (): Tensor => {
        const attains = tf.cast(tf.equal(x, gather(y, segmentIds)), "float32");
        const count = gather(sum(attains, segmentIds, numSegments), segmentIds);
        // No row attains NaN, and none of a dropped id counts: 0 / 1 there.
        return tf.div(attains, tf.maximum(count, 1));
      };
      return {
        x: () => tf.mul(gather(dy as Tensor, segmentIds), withoutGradient(share)),
        segmentIds: noGradient(segmentIds),
      };
    },
  };
}

const GRADIENTS: readonly tf.GradConfig[] = [
  sumGradient,
  gatherGradient,
  extremumGradient("UnsortedSegmentMax"),
  extremumGradient("UnsortedSegmentMin"),
];

for (const [name, compute] of Object.entries(CPU_KERNELS)) registerCpuKernel(name, compute);
for (const gradient of GRADIENTS) {
  if (tf.getGradient(gradient.kernelName)) tf.unregisterGradient(gradient.kernelName);
  tf.registerGradient(gradient);
}
