/** How a kernel of tfjs's wasm backend is replaced by one that calls it. @module */
import * as tf from "@tensorflow/tfjs";

const REPAIRED = Symbol.for("meshwork.wasm.repaired");

type Repairable = tf.KernelConfig & { [REPAIRED]?: readonly string[] };

/** What a kernel is called with. */
export type Call = Parameters<tf.KernelFunc>[0];

/** Replaces a kernel by one that calls it; once for each reason. */
export function replace(
  kernelName: string,
  reason: string,
  wrap: (run: tf.KernelFunc) => tf.KernelFunc,
): void {
  const kernel = tf.getKernel(kernelName, "wasm") as Repairable | undefined;
  const reasons = kernel?.[REPAIRED] ?? [];
  if (!kernel || reasons.includes(reason)) return;
  tf.unregisterKernel(kernelName, "wasm");
  const repaired: Repairable = {
    ...kernel,
    [REPAIRED]: [...reasons, reason],
    kernelFunc: wrap(kernel.kernelFunc),
  };
  tf.registerKernel(repaired);
}

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
