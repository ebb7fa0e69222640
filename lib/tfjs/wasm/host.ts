/**
 * Computes on the host for tfjs's wasm backend what it does not take: strings and complex numbers,
 * which it would read as numbers, tensors without elements or of rank above 6, and what single
 * kernels refuse or get wrong.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { inputTensors, runOnCpu } from "../lend_kernels.ts";
import { replaceKernel } from "../replace_kernel.ts";

type Inputs = Readonly<Record<string, tf.TensorInfo | undefined>>;
// deno-lint-ignore no-explicit-any -- tfjs types attributes as unknown.
type Attrs = Readonly<Record<string, any>>;
type Case = (inputs: Inputs, attrs: Attrs) => boolean;

const isChannelsFirst: Case = (_, { dataFormat }) =>
  dataFormat === "NCHW" || dataFormat === "channelsFirst";
const hasBiasOfOtherRank: Case = ({ bias }) => bias !== undefined && bias.shape.length !== 1;
/** A window of one element; the backend leaves the result as it finds the memory. */
const isPoolOfOne: Case = (_, { filterSize }) => [filterSize].flat().every((size) => size === 1);
const isNotFloat: Case = ({ x }) => x!.dtype !== "float32";
const isBool: Case = ({ x }) => x!.dtype === "bool";
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
  ClipByValue: isNotFloat,
  Reverse: isNotFloat,
  StridedSlice: isNotFloat,
  Cumprod: isBool,
  Cumsum: isBool,
  Cast: ({ x }, { dtype }) => x!.dtype === "float32" && dtype === "int32",
  // Of int32, computed in float32; a remainder by 0 ends the program.
  Abs: isNotFloat,
  FloorDiv: () => true,
  Mod: ({ a }) => a!.dtype !== "float32",
  Neg: isNotFloat,
  Pow: ({ a }) => a!.dtype !== "float32",
  RealDiv: ({ a }) => a!.dtype !== "float32",
  // Near their zeros the first is 0, and the others lose digits.
  Sign: () => true,
  Log1p: () => true,
  Sin: () => true,
  Cos: () => true,
  Selu: () => true,
  // Wrong but for a stride of 1 without padding.
  Conv3DBackpropFilterV2: () => true,
  Conv3DBackpropInputV2: () => true,
  Dilation2D: () => true,
  Dilation2DBackpropFilter: () => true,
  Dilation2DBackpropInput: () => true,
  MaxPool3DGrad: () => true,
  MaxPoolWithArgmax: () => true,
};

/** Kernels that do not look at values. */
const BLIND = new Set(["Identity", "Reshape"]);

const isHostType = (dtype: unknown): boolean => dtype === "string" || dtype === "complex64";

/**
 * The backend computes nothing of tensors without elements or of too many dimensions, and gives the
 * memory as it finds it.
 */
const isHostTensor = ({ dtype, shape }: tf.TensorInfo): boolean =>
  isHostType(dtype) || shape.includes(0) || shape.length > 6;

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
    replaceKernel("wasm", kernelName, "host", (run) => (call) => {
      const attrs = (call.attrs ?? {}) as Attrs;
      const onHost = isHostType(attrs.dtype) || inputTensors(call.inputs).some(isHostTensor) ||
        needsHost(call.inputs as Inputs, attrs);
      return onHost ? runOnCpu(kernelName, call.inputs, call.backend, call.attrs) : run(call);
    });
  }
}
