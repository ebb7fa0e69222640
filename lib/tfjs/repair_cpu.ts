/**
 * Repairs kernels of tfjs's cpu backend: a sum, difference or product of a complex number with a scalar
 * is NaN from the second element on; what is empty by concatenation or gathering has an array for its
 * values, on which the next kernel fails.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type Wrap } from "./replace_kernel.ts";

/** The part of the backend that holds values. */
interface CpuBackend {
  readonly data?: { get(dataId: object): { values: unknown } };
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

const REPAIRS: Readonly<Record<string, Wrap>> = {
  Add: complexScalars,
  Sub: complexScalars,
  Multiply: complexScalars,
  Concat: typedWhenEmpty,
  GatherNd: typedWhenEmpty,
};

/** Repairs tfjs's cpu backend; further calls do nothing. */
export function repairCpu(): void {
  for (const [kernelName, repair] of Object.entries(REPAIRS)) {
    replaceKernel("cpu", kernelName, "values", repair);
  }
}
