/**
 * What tfjs's wasm backend does not take, computed on the host: strings and complex numbers, which it
 * would read as numbers, and the cases of single kernels that it refuses or gets wrong.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { inputTensors, runOnCpu } from "../lend_kernels.ts";
import { replace } from "./replace.ts";

type Inputs = Readonly<Record<string, tf.TensorInfo | undefined>>;
// deno-lint-ignore no-explicit-any -- tfjs types attributes as unknown.
type Attrs = Readonly<Record<string, any>>;
type Case = (inputs: Inputs, attrs: Attrs) => boolean;

const isChannelsFirst: Case = (_, { dataFormat }) =>
  dataFormat === "NCHW" || dataFormat === "channelsFirst";
const hasBiasOfOtherRank: Case = ({ bias }) => bias !== undefined && bias.shape.length !== 1;
/** A window of one element; the backend leaves the result as it finds the memory. */
const isPoolOfOne: Case = (_, { filterSize }) => [filterSize].flat().every((size) => size === 1);
const isConvolution: Case = (inputs, attrs) =>
  isChannelsFirst(inputs, attrs) || hasBiasOfOtherRank(inputs, attrs);

/** By kernel, when it runs on the host. */
const CASES: Readonly<Record<string, Case>> = {
  Conv2D: isChannelsFirst,
  Conv2DBackpropInput: isChannelsFirst,
  DepthwiseConv2dNative: isChannelsFirst,
  FusedConv2D: isConvolution,
  FusedDepthwiseConv2D: isConvolution,
  _FusedMatMul: (inputs, attrs) =>
    hasBiasOfOtherRank(inputs, attrs) || inputs.a!.dtype !== "float32",
  BatchMatMul: ({ a, b }) => a!.dtype !== "float32" || b!.dtype !== "float32",
  AvgPool: isPoolOfOne,
  MaxPool: isPoolOfOne,
  Bincount: ({ x }) => x!.shape.length !== 1,
};

/** Kernels that do not look at values. */
const BLIND = new Set(["Identity", "Reshape"]);

const isHostOnly = (dtype: unknown): boolean => dtype === "string" || dtype === "complex64";

/** The part of the backend that stores values. */
interface Storage {
  move(dataId: object, values: unknown, shape: number[], dtype: string, references: number): void;
}

const storing = new WeakSet<Storage>();

/** Lets the backend keep complex numbers as it keeps strings: outside of its memory. */
function storeComplex(): void {
  const prototype = Object.getPrototypeOf(tf.engine().findBackend("wasm")) as Storage;
  if (storing.has(prototype)) return;
  storing.add(prototype);
  const { move } = prototype;
  prototype.move = function (dataId, values, shape, dtype, references): void {
    const kept = dtype === "complex64" ? "string" : dtype;
    move.call(this, dataId, values, shape, kept, references);
  };
}

/** Computes on the host what the backend does not take; further calls do nothing. */
export function runOnHostWhereNeeded(): void {
  storeComplex();
  for (const { kernelName } of tf.getKernelsForBackend("wasm")) {
    if (BLIND.has(kernelName) || !tf.getKernel(kernelName, "cpu")) continue;
    const needsHost: Case = CASES[kernelName] ?? (() => false);
    replace(kernelName, "host", (run) => (call) => {
      const attrs = (call.attrs ?? {}) as Attrs;
      const onHost = isHostOnly(attrs.dtype) ||
        inputTensors(call.inputs).some(({ dtype }) => isHostOnly(dtype)) ||
        needsHost(call.inputs as Inputs, attrs);
      return onHost ? runOnCpu(kernelName, call.inputs, call.backend, call.attrs) : run(call);
    });
  }
}
