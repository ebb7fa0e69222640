/**
 * Repairs kernels of tfjs's wasm backend that give wrong values.
 *
 * `Select` reads bool tensors, which take one byte an element, as if they took four, and writes
 * beyond empty ones; `OneHot` writes the bits of integers into float32 tensors. Both are right for
 * int32, so they run in int32, and the result is cast. `Cast` to bool keeps the lowest byte,
 * `ClipByValue`, `Relu6`, `Maximum` and `Minimum` lose NaN, `Slice` reads beyond the tensor, and
 * `Identity` copies, where tfjs expects that a clone shares its data id. `GatherV2` gives what is
 * empty a shape of its own.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type Wrap } from "../replace_kernel.ts";
import { type Call, dispose, runKernel } from "./run_kernel.ts";

const cast = (x: tf.TensorInfo, dtype: tf.DataType, call: Call): tf.TensorInfo =>
  runKernel("Cast", { x }, call, { dtype });

/** Chooses among bools as int32, and among nothing without writing. */
const select: Wrap = (run) => (call) => {
  const { condition, t, e } = call.inputs as Record<"condition" | "t" | "e", tf.TensorInfo>;
  if (tf.util.sizeFromShape(t.shape) === 0) {
    return runKernel("Fill", {}, call, { shape: t.shape, value: 0, dtype: t.dtype });
  }
  if (t.dtype !== "bool") return run(call);
  const wide = { condition, t: cast(t, "int32", call), e: cast(e, "int32", call) };
  const chosen = run({ ...call, inputs: wide }) as tf.TensorInfo;
  const result = cast(chosen, "bool", call);
  dispose([wide.t, wide.e, chosen], call);
  return result;
};

/** Writes int32 and casts. */
const oneHot: Wrap = (run) => (call) => {
  const { dtype, onValue, offValue } = call.attrs as unknown as {
    dtype?: tf.DataType;
    onValue: number;
    offValue: number;
  };
  if (dtype !== "float32") return run(call);
  const exact = Number.isInteger(onValue) && Number.isInteger(offValue);
  if (!exact) {
    throw new TypeError(
      `Cannot make a float32 one-hot on wasm as its values must be whole numbers: ` +
        `${onValue} and ${offValue} (scale the result instead)`,
    );
  }
  const hot = run({ ...call, attrs: { ...call.attrs, dtype: "int32" } }) as tf.TensorInfo;
  const result = cast(hot, "float32", call);
  dispose([hot], call);
  return result;
};

/** To bool by comparing with 0. */
const castToBool: Wrap = (run) => (call) => {
  const { x } = call.inputs as { x: tf.TensorInfo };
  const { dtype } = call.attrs as { dtype?: string };
  if (dtype !== "bool" || x.dtype === "bool") return run(call);
  const zero = runKernel("Fill", {}, call, { shape: [], value: 0, dtype: x.dtype });
  const result = runKernel("NotEqual", { a: x, b: zero }, call);
  dispose([zero], call);
  return result;
};

/** Puts NaN back. */
const keepNan: Wrap = (run) => (call) => {
  const { x } = call.inputs as { x: tf.TensorInfo };
  const clipped = run(call) as tf.TensorInfo;
  if (x.dtype !== "float32") return clipped;
  const isNan = runKernel("IsNan", { x }, call);
  const result = runKernel("Select", { condition: isNan, t: x, e: clipped }, call);
  dispose([isNan, clipped], call);
  return result;
};

/** NaN where either operand is: the kernels see it in the first one only. */
const extremum: Wrap = (run) => (call) => {
  const { a, b } = call.inputs as Record<"a" | "b", tf.TensorInfo>;
  const first = run(call) as tf.TensorInfo;
  if (a.dtype !== "float32") return first;
  const second = run({ ...call, inputs: { a: b, b: a } }) as tf.TensorInfo;
  const isNan = runKernel("IsNan", { x: first }, call);
  const result = runKernel("Select", { condition: isNan, t: first, e: second }, call);
  dispose([first, second, isNan], call);
  return result;
};

/** Checks that the slice lies inside the tensor. */
const slice: Wrap = (run) => (call) => {
  const { x } = call.inputs as { x: tf.TensorInfo };
  const { begin, size } = call.attrs as unknown as { begin: number[]; size: number[] };
  const tensor = { shape: x.shape, rank: x.shape.length } as tf.Tensor;
  const [start, sizes] = tf.slice_util.parseSliceParams(tensor, begin, size);
  tf.slice_util.assertParamsValid(tensor, start!, sizes!);
  return run(call);
};

/** Gives an empty result its shape. */
const gather: Wrap = (run) => (call) => {
  const { x, indices } = call.inputs as Record<"x" | "indices", tf.TensorInfo>;
  const { axis, batchDims } = call.attrs as { axis: number; batchDims?: number };
  const result = run(call) as tf.TensorInfo;
  if (tf.util.sizeFromShape(result.shape) > 0) return result;
  const at = tf.util.parseAxisParam(axis, x.shape)[0]!;
  const rows = indices.shape.slice(batchDims ?? 0);
  return { ...result, shape: [...x.shape.slice(0, at), ...rows, ...x.shape.slice(at + 1)] };
};

/** Counts one more user of the data. */
const identity: Wrap = () => ({ inputs, backend }) => {
  const { dataId, shape, dtype } = inputs.x as tf.TensorInfo;
  (backend as { incRef(dataId: object): void }).incRef(dataId);
  return { dataId, shape, dtype };
};

const REPAIRS: Readonly<Record<string, Wrap>> = {
  Select: select,
  OneHot: oneHot,
  Cast: castToBool,
  ClipByValue: keepNan,
  Relu6: keepNan,
  Maximum: extremum,
  Minimum: extremum,
  Slice: slice,
  GatherV2: gather,
  Identity: identity,
};

/** Repairs the kernels of the wasm backend, which must be registered; further calls do nothing. */
export function repairValues(): void {
  for (const [kernelName, repair] of Object.entries(REPAIRS)) {
    replaceKernel("wasm", kernelName, "values", repair);
  }
}
