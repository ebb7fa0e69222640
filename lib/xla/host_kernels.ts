/**
 * Kernels that run on the host: which of them have no native form, and what to do inside `jit`,
 * where there are no values for them to run on.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  inputTensors,
  type KernelTensor,
  lendCpuKernels,
  runOnCpu,
  TracerError,
} from "../engine/mod.ts";
import type { XlaBackend } from "./backend.ts";

/** Why a kernel has no native form, and the way round it inside `jit`. */
interface HostOnly {
  readonly reason: string;
  readonly remedy: string;
}

const hostOnly = (reason: string, remedy: string, kernels: string): [string, HostOnly][] =>
  kernels.split(" ").map((name) => [name, { reason, remedy }]);

const OUTSIDE = "compute it outside jit and pass the result in";
const BY_VALUES = "the shape of its result depends on values";

/** The kernels without a native form, by name; those of any other name wait for one. */
export const HOST_ONLY: ReadonlyMap<string, HostOnly> = new Map([
  ...hostOnly(
    "devices have no strings",
    OUTSIDE,
    "StaticRegexReplace StringNGrams StringSplit StringToHashBucketFast",
  ),
  ...hostOnly(
    "complex64 has no form on the device",
    "keep real and imaginary parts as two float32 tensors, or compute it outside jit",
    "Complex ComplexAbs FFT IFFT Imag Real",
  ),
  ...hostOnly(
    "image operations run on the host",
    OUTSIDE,
    "CropAndResize Draw FlipLeftRight ResizeBilinear ResizeBilinearGrad ResizeNearestNeighbor " +
      "ResizeNearestNeighborGrad RotateWithOffset Transform",
  ),
  ...hostOnly(
    BY_VALUES,
    "keep a fixed number of boxes with tf.topk and a mask, or choose them outside jit",
    "NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5",
  ),
  ...hostOnly(
    BY_VALUES,
    "find the distinct values outside jit, or sort and mark where neighbours differ",
    "Unique",
  ),
  ...hostOnly(
    BY_VALUES,
    "use segmentSum or segmentMean over tf.gather(data, indices), with numSegments",
    "SparseSegmentMean SparseSegmentSum",
  ),
  ...hostOnly(
    BY_VALUES,
    "use dense tensors with a mask, or compute it outside jit",
    "SparseFillEmptyRows SparseReshape",
  ),
  ...hostOnly(
    BY_VALUES,
    "pad the rows to one length and use a mask, or compute it outside jit",
    "RaggedGather RaggedRange RaggedTensorToTensor",
  ),
  ...hostOnly(
    "it draws from a generator on the host",
    "compare random.uniform with cumulative probabilities, or draw outside jit",
    "Multinomial",
  ),
]);

/** The kernels that `lendHostKernels` lent. */
let lent: readonly string[] = [];

/** The names of the kernels that run on the host. */
export function hostKernels(): readonly string[] {
  return lent;
}

/** Lends the backend every kernel that it has not natively. */
export function lendHostKernels(): void {
  lent = [...lent, ...lendCpuKernels("xla", refuseTracers)];
}

/**
 * Whether work may run on the host where that is quicker, or for want of a native kernel, as by
 * default. Off, everything is compiled, and a kernel that only waits for a native form is missing:
 * this shows what the device can do by itself.
 */
export function setHostKernels(on: boolean): void {
  (tf.engine().findBackend("xla") as XlaBackend).runtime.useHost = on;
  if (on) return lendHostKernels();
  for (const name of lent) if (!HOST_ONLY.has(name)) tf.unregisterKernel(name, "xla");
  lent = lent.filter((name) => HOST_ONLY.has(name));
}

/** Runs a kernel on the host whose values devices have no type for. */
export function runOnHost(
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  backend: unknown,
  attrs: tf.NamedAttrMap | undefined,
): tf.TensorInfo | tf.TensorInfo[] {
  refuseTracers(kernelName, inputTensors(inputs), backend);
  return runOnCpu(kernelName, inputs, backend, attrs);
}

function refuseTracers(kernelName: string, inputs: KernelTensor[], backend: unknown): void {
  const xla = backend as XlaBackend;
  if (!inputs.some(({ dataId }) => xla.data.get(dataId).node?.traced)) return;
  const { reason, remedy } = HOST_ONLY.get(kernelName) ??
    { reason: "it runs on the host", remedy: OUTSIDE };
  throw new TracerError(
    `Cannot compile ${kernelName} as ${reason}: its input has no value inside jit (${remedy})`,
  );
}
