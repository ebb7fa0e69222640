/** How a kernel of one of tfjs's backends is replaced by one that calls it. @module */
import * as tf from "@tensorflow/tfjs";

const REPLACED = Symbol.for("meshwork.replaced");

type Replaceable = tf.KernelConfig & { [REPLACED]?: readonly string[] };

/** Makes a kernel of one. */
export type Wrap = (run: tf.KernelFunc) => tf.KernelFunc;

/** Replaces a kernel by one that calls it; once for each reason. */
export function replaceKernel(
  backendName: string,
  kernelName: string,
  reason: string,
  wrap: Wrap,
): void {
  const kernel = tf.getKernel(kernelName, backendName) as Replaceable | undefined;
  const reasons = kernel?.[REPLACED] ?? [];
  if (!kernel || reasons.includes(reason)) return;
  tf.unregisterKernel(kernelName, backendName);
  const replaced: Replaceable = {
    ...kernel,
    [REPLACED]: [...reasons, reason],
    kernelFunc: wrap(kernel.kernelFunc),
  };
  tf.registerKernel(replaced);
}
