/**
 * Kernels computed on the host, registered for tfjs's cpu backend.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { ArrayData } from "../base/mod.ts";

/** Values of a tensor on the host: `Float32Array`, `Int32Array`, or `Uint8Array` for bool. */
export type HostValues = Float32Array | Int32Array | Uint8Array;

/** A tensor whose values are on the host; they are never to be changed in place. */
export interface HostTensor extends ArrayData<HostValues> {
  /** As tfjs takes it. */
  readonly shape: number[];
  readonly dtype: "float32" | "int32" | "bool";
}

/** A host kernel: named inputs and attributes to one output. */
export type HostCompute = (
  inputs: Readonly<Record<string, HostTensor>>,
  attrs: Readonly<Record<string, unknown>>,
) => HostTensor;

/** The part of tfjs's cpu backend that moves values in and out. */
interface HostBackend {
  readSync(dataId: object): HostValues;
  write(values: HostValues, shape: number[], dtype: string): object;
}

/**
 * Registers a kernel for tfjs's cpu backend, replacing the one that tfjs has by that name.
 *
 * `lendCpuKernels` makes it available on the other backends.
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
          data: host.readSync(dataId),
          shape,
          dtype: dtype as HostTensor["dtype"],
        };
      }
      const out = compute(read, (attrs ?? {}) as Record<string, unknown>);
      const dataId = host.write(out.data, out.shape, out.dtype);
      return { dataId, shape: out.shape, dtype: out.dtype };
    },
  });
}
