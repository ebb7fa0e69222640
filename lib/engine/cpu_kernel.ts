/**
 * Kernels computed on the host: registered for tfjs's cpu backend, and lent to the backends that
 * lack them.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Values of a tensor on the host: `Float32Array`, `Int32Array`, or `Uint8Array` for bool. */
export type HostValues = Float32Array | Int32Array | Uint8Array;

/** A tensor whose values are on the host. */
export interface HostTensor {
  /** The values in row-major order; never to be changed in place. */
  readonly values: HostValues;
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool";
}

/** What a backend knows a tensor by, as tfjs hands it to kernels. */
export interface KernelTensor {
  readonly dataId: object;
  readonly shape: number[];
  readonly dtype: string;
}

/** What a host kernel does: named inputs and attributes to one output. */
export type HostCompute = (
  inputs: Readonly<Record<string, HostTensor>>,
  attrs: Readonly<Record<string, unknown>>,
) => HostTensor;

/** The part of a tfjs backend that moves values in and out; all of cpu, wasm and webgl have it. */
interface HostBackend {
  readSync(dataId: object): HostValues;
  write(values: HostValues, shape: number[], dtype: string): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

/**
 * Registers a kernel for tfjs's cpu backend, replacing the one that tfjs has by that name.
 *
 * {@linkcode lendCpuKernels} makes it available on the other backends.
 */
export function registerCpuKernel(kernelName: string, compute: HostCompute): void {
  if (tf.getKernel(kernelName, "cpu")) tf.unregisterKernel(kernelName, "cpu");
  tf.registerKernel({
    kernelName,
    backendName: "cpu",
    kernelFunc: ({ inputs, backend, attrs }) => {
      const host = backend as HostBackend;
      const read: Record<string, HostTensor> = {};
      for (const [name, info] of Object.entries(inputs)) {
        if (!info) continue;
        const { dataId, shape, dtype } = info as tf.TensorInfo;
        read[name] = {
          values: host.readSync(dataId),
          shape,
          dtype: dtype as HostTensor["dtype"],
        };
      }
      const out = compute(read, (attrs ?? {}) as Record<string, unknown>);
      const dataId = host.write(out.values, out.shape, out.dtype);
      return { dataId, shape: out.shape, dtype: out.dtype };
    },
  });
}

/**
 * Registers, for a backend, every kernel that tfjs's cpu backend has and it lacks: the values are
 * read to the host, computed there, and written back.
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
  for (const { kernelName, kernelFunc } of tf.getKernelsForBackend("cpu")) {
    if (tf.getKernel(kernelName, backendName)) continue;
    lent.push(kernelName);
    tf.registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const given = Object.values(inputs).filter((info) => info).flat() as tf.TensorInfo[];
        refuse(kernelName, given, backend);
        const own = backend as HostBackend;
        // Not kept from one call to the next: tfjs may drop a backend and make another.
        const cpu = tf.engine().findBackend("cpu") as unknown as HostBackend;
        const temporary: object[] = [];
        const toCpu = (info: tf.TensorInfo): tf.TensorInfo => {
          const dataId = cpu.write(own.readSync(info.dataId), info.shape, info.dtype);
          temporary.push(dataId);
          return { dataId, shape: info.shape, dtype: info.dtype };
        };
        const onCpu = mapInputs(inputs, toCpu);
        const results = kernelFunc({
          inputs: onCpu,
          backend: cpu,
          attrs: attrs ?? {},
        });
        const fromCpu = (info: tf.TensorInfo): tf.TensorInfo => {
          const values = cpu.readSync(info.dataId);
          temporary.push(info.dataId);
          const dataId = own.write(values, info.shape, info.dtype);
          return { dataId, shape: info.shape, dtype: info.dtype };
        };
        const out = Array.isArray(results) ? results.map(fromCpu) : fromCpu(results);
        for (const dataId of new Set(temporary)) cpu.disposeData(dataId, true);
        return out;
      },
    });
  }
  return lent;
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
