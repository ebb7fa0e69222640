/**
 * Repairs kernels of tfjs's cpu backend: a sum, difference or product of a complex number with a
 * scalar is NaN from the second element on; what is empty by concatenation or gathering has an
 * array for its values, on which the next kernel fails. A cast leaves float32 tensors with the
 * integers or bytes that they were made of, whose bits are other numbers in a file, and wraps what
 * is beyond int32. The absolute value of int32 is rounded to float32.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type Wrap } from "./replace_kernel.ts";

/** The part of the backend that holds values. */
interface CpuBackend {
  readonly data?: { get(dataId: object): { values: unknown } };
}

/** The part of the backend that moves values in and out. */
interface HostBackend {
  readSync(dataId: object): Float32Array | Int32Array | Uint8Array;
  write(values: Float32Array | Int32Array, shape: number[], dtype: string): object;
}

/** A complex scalar as a list of one, which the kernels broadcast rightly. */
function asList(info: tf.TensorInfo): tf.TensorInfo {
  return info.shape.length === 0 ? { ...info, shape: [1] } : info;
}

const complexScalars: Wrap = (run) => (call) => {
  const { a, b } = call.inputs as Record<"a" | "b", tf.TensorInfo>;
  const isComplex = a.dtype === "complex64" && b.dtype === "complex64";
  const scalars = isComplex && a.shape.length !== b.shape.length;
  return run(scalars ? { ...call, inputs: { a: asList(a), b: asList(b) } } : call);
};

const typedWhenEmpty: Wrap = (run) => (call) => {
  const result = run(call) as tf.TensorInfo;
  const data = (call.backend as CpuBackend).data?.get(result.dataId);
  if (data && Array.isArray(data.values) && result.dtype !== "string") {
    data.values = tf.util.getTypedArrayFromDType(result.dtype as "float32", 0);
  }
  return result;
};

/** Values in an array of their type; what is beyond int32 is the nearest int32, and NaN is 0. */
const castValues: Wrap = (run) => (call) => {
  const { x } = call.inputs as { x: tf.TensorInfo };
  const { dtype } = call.attrs as { dtype?: tf.DataType };
  const isNumber = x.dtype === "float32" || x.dtype === "int32" || x.dtype === "bool";
  if (!isNumber || x.dtype === dtype || dtype !== "float32" && dtype !== "int32") return run(call);
  const backend = call.backend as unknown as HostBackend;
  const values = backend.readSync(x.dataId);
  const cast = dtype === "float32"
    ? Float32Array.from(values)
    : Int32Array.from(values, (v) => Math.min(Math.max(v, -(2 ** 31)), 2 ** 31 - 1));
  return { dataId: backend.write(cast, x.shape, dtype), shape: x.shape, dtype };
};

/** As int32 all along. */
const absolute: Wrap = (run) => (call) => {
  const { x } = call.inputs as { x: tf.TensorInfo };
  if (x.dtype !== "int32") return run(call);
  const backend = call.backend as unknown as HostBackend;
  const values = Int32Array.from(backend.readSync(x.dataId), Math.abs);
  return { dataId: backend.write(values, x.shape, "int32"), shape: x.shape, dtype: "int32" };
};

const REPAIRS: Readonly<Record<string, Wrap>> = {
  Add: complexScalars,
  Sub: complexScalars,
  Multiply: complexScalars,
  Cast: castValues,
  Abs: absolute,
  Concat: typedWhenEmpty,
  GatherNd: typedWhenEmpty,
};

/** Repairs tfjs's cpu backend; further calls do nothing. */
export function repairCpu(): void {
  for (const [kernelName, repair] of Object.entries(REPAIRS)) {
    replaceKernel("cpu", kernelName, "values", repair);
  }
}
