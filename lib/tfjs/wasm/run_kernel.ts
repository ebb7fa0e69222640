/** Kernels of the wasm backend that repairs are made of. @module */
import * as tf from "@tensorflow/tfjs";

/** The arguments of a kernel. */
export type Call = Parameters<tf.KernelFunc>[0];

/** Runs another kernel of the backend, which has one result. */
export function runKernel(
  kernelName: string,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  { backend }: Pick<Call, "backend">,
  attrs: object = {},
): tf.TensorInfo {
  const { kernelFunc } = tf.getKernel(kernelName, "wasm");
  return kernelFunc({ inputs, backend, attrs: attrs as tf.NamedAttrMap }) as tf.TensorInfo;
}

/** Frees what a kernel made in between. */
export function dispose(infos: readonly tf.TensorInfo[], { backend }: Pick<Call, "backend">): void {
  const { disposeData } = backend as { disposeData(dataId: object): boolean };
  for (const { dataId } of infos) disposeData.call(backend, dataId);
}
