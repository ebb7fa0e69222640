/**
 * Kernels that run on the host: which of them have no native form, and what to do inside `jit`,
 * where there are no values for them to run on.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { TracerError } from "../engine/mod.ts";
import { inputTensors, type KernelTensor, lendCpuKernels, runOnCpu } from "../tfjs/mod.ts";
import type { XlaBackend } from "./backend.ts";
import { noteReads } from "./reads.ts";

/** Why a kernel has no native form, and the way round it inside `jit`. */
interface HostOnly {
  readonly reason: string;
  readonly remedy: string;
}

const OUTSIDE = "compute it outside jit and pass the result in";
const BY_VALUES = "the shape of its result depends on values";

const STRINGS: HostOnly = { reason: "devices have no strings", remedy: OUTSIDE };
const COMPLEX: HostOnly = {
  reason: "devices have no complex64",
  remedy: "keep real and imaginary parts as two float32 tensors, or compute it outside jit",
};
const IMAGES: HostOnly = { reason: "image operations run on the host", remedy: OUTSIDE };

const FAMILIES: readonly (readonly [string, HostOnly])[] = [
  ["StaticRegexReplace StringNGrams StringSplit StringToHashBucketFast", STRINGS],
  ["Complex ComplexAbs FFT IFFT Imag Real", COMPLEX],
  ["CropAndResize Draw FlipLeftRight RotateWithOffset Transform", IMAGES],
  ["ResizeBilinear ResizeBilinearGrad ResizeNearestNeighbor ResizeNearestNeighborGrad", IMAGES],
  ["NonMaxSuppressionV3 NonMaxSuppressionV4 NonMaxSuppressionV5", {
    reason: BY_VALUES,
    remedy: "keep a fixed number of boxes with tf.topk and a mask, or choose them outside jit",
  }],
  ["Unique", {
    reason: BY_VALUES,
    remedy: "find the distinct values outside jit, or sort and mark where neighbours differ",
  }],
  ["SparseSegmentMean SparseSegmentSum", {
    reason: BY_VALUES,
    remedy: "use segmentSum or segmentMean over tf.gather(data, indices), with numSegments",
  }],
  ["SparseFillEmptyRows SparseReshape", {
    reason: BY_VALUES,
    remedy: "use dense tensors with a mask, or compute it outside jit",
  }],
  ["RaggedGather RaggedRange RaggedTensorToTensor", {
    reason: BY_VALUES,
    remedy: "pad the rows to one length and use a mask, or compute it outside jit",
  }],
  ["Multinomial", {
    reason: "it draws from a generator on the host",
    remedy: "compare random.uniform with cumulative probabilities, or draw outside jit",
  }],
  ["BroadcastArgs", {
    reason: "its result is a shape, which a program has fixed",
    remedy: "work with tensor.shape, which is known inside jit",
  }],
];

/** The kernels without a native form, by name; those of any other name wait for one. */
export const HOST_ONLY: ReadonlyMap<string, HostOnly> = new Map(
  FAMILIES.flatMap(([names, why]) => names.split(" ").map((name) => [name, why])),
);

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
  const { dtype } = (attrs ?? {}) as { dtype?: string };
  refuseTracers(kernelName, inputTensors(inputs), backend, dtype);
  return runOnCpu(kernelName, inputs, backend, attrs);
}

/** Throws if a kernel that runs on the host is to work on a tensor that has no values yet. */
function refuseTracers(
  kernelName: string,
  inputs: KernelTensor[],
  backend: unknown,
  resultType = "",
): void {
  noteReads(inputs);
  const xla = backend as XlaBackend;
  if (!inputs.some(({ dataId }) => xla.data.get(dataId).node?.traced)) return;
  const types = [resultType, ...inputs.map(({ dtype }) => dtype)];
  const byType = types.includes("string") ? STRINGS : types.includes("complex64") ? COMPLEX : null;
  const { reason, remedy } = HOST_ONLY.get(kernelName) ?? byType ??
    { reason: "it runs on the host", remedy: OUTSIDE };
  throw new TracerError(
    `Cannot compile ${kernelName} as ${reason}: its input has no value inside jit (${remedy})`,
  );
}
