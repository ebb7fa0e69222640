/**
 * Kernels of tfjs's cpu backend, run for backends that lack them: values are read to the host,
 * computed there, and written back.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** A tensor as tfjs hands it to kernels. */
export interface KernelTensor {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: string;
}

/** The part of a tfjs backend that moves values in and out; all of cpu, wasm and webgl have it. */
interface HostBackend {
  readSync(dataId: object): tf.BackendValues;
  write(values: tf.BackendValues, shape: number[], dtype: string): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

/**
 * Registers, for a backend, every kernel that tfjs's cpu backend has and it lacks.
 *
 * @param backendName The backend that borrows, such as `"wasm"`.
 * @param refuse Called before a kernel reads its inputs; may throw (a tracer has no values).
 * @returns The names of the kernels that were lent.
 */
export function lendCpuKernels(
  backendName: string,
  refuse: (kernelName: string, inputs: KernelTensor[], backend: unknown) => void = () => {},
): string[] {
  const lent: string[] = [];
  for (const { kernelName } of tf.getKernelsForBackend("cpu")) {
    if (tf.getKernel(kernelName, backendName)) continue;
    lent.push(kernelName);
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => {
        refuse(kernelName, inputTensors(inputs), backend);
        return runOnCpu(kernelName, inputs, backend, attrs);
      },
    });
  }
  return lent;
}

/** The tensors among a kernel's inputs, those of lists included. */
export function inputTensors(inputs: tf.NamedTensorInfoMap): tf.TensorInfo[] {
  return Object.values(inputs).flat().filter((info) => info !== undefined && info !== null);
}

/** Runs the cpu backend's kernel of a name on the tensors of another backend. */
export function runOnCpu(
  kernelName: string,
  inputs: tf.NamedTensorInfoMap,
  backend: unknown,
  attrs: tf.NamedAttrMap | undefined,
): tf.TensorInfo | tf.TensorInfo[] {
  const own = backend as HostBackend;
  // Not kept from one call to the next: tfjs may drop a backend and make another.
  const cpu = tf.engine().findBackend("cpu") as unknown as HostBackend;
  const temporary = new Set<object>();
  const toCpu = (info: tf.TensorInfo): tf.TensorInfo => {
    const moved = writeToCpu(cpu, own.readSync(info.dataId), info);
    temporary.add(moved.dataId);
    return moved;
  };
  const fromCpu = ({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo => {
    temporary.add(dataId);
    return { dataId: own.write(typed(cpu.readSync(dataId), dtype), shape, dtype), shape, dtype };
  };
  try {
    const { kernelFunc } = tf.getKernel(kernelName, "cpu");
    const results = kernelFunc({
      inputs: mapInputs(inputs, toCpu),
      backend: cpu,
      attrs: attrs ?? {},
    });
    return Array.isArray(results) ? results.map(fromCpu) : fromCpu(results);
  } finally {
    // Results may share data with inputs, so that counting references would not do.
    for (const dataId of temporary) cpu.disposeData(dataId, true);
  }
}

/** Values as an array of their type, which some kernels of the cpu backend do not care about. */
function typed(values: tf.BackendValues, dtype: tf.DataType): tf.BackendValues {
  if (dtype === "int32" && !(values instanceof Int32Array)) {
    return Int32Array.from(values as Float32Array);
  }
  return values;
}

/** A tensor of the cpu backend; complex values come as pairs of real and imaginary parts. */
function writeToCpu(
  cpu: HostBackend,
  values: tf.BackendValues,
  { shape, dtype }: tf.TensorInfo,
): tf.TensorInfo {
  // Some kernels ask for a rank, as tensors have it.
  const info = { shape, dtype, rank: shape.length };
  if (dtype !== "complex64") return { ...info, dataId: cpu.write(values, shape, dtype) };
  const parts = tf.backend_util.splitRealAndImagArrays(values as Float32Array);
  const [real, imag] = [parts.real, parts.imag].map((part): tf.TensorInfo => (
    { dataId: cpu.write(part, shape, "float32"), shape, dtype: "float32" }
  ));
  const { kernelFunc } = tf.getKernel("Complex", "cpu");
  const { dataId } = kernelFunc({
    inputs: { real: real!, imag: imag! },
    backend: cpu,
    attrs: {},
  }) as tf.TensorInfo;
  for (const part of [real, imag]) cpu.disposeData(part!.dataId, true);
  return { ...info, dataId };
}

/** Maps the inputs of a kernel, which are named or, for a kernel of a list of tensors, an array. */
function mapInputs(
  inputs: tf.NamedTensorInfoMap,
  fn: (info: tf.TensorInfo) => tf.TensorInfo,
): tf.NamedTensorInfoMap {
  const map = (info: unknown): unknown =>
    Array.isArray(info) ? info.map(map) : info ? fn(info as tf.TensorInfo) : info;
  const mapped = Array.isArray(inputs)
    ? map(inputs)
    : Object.fromEntries(Object.entries(inputs).map(([name, info]) => [name, map(info)]));
  return mapped as tf.NamedTensorInfoMap;
}
