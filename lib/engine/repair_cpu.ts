/**
 * Repairs kernels of tfjs's cpu backend that give wrong results for complex numbers: a sum, difference
 * or product with a scalar is NaN from the second element on.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

const REPAIRED = Symbol.for("meshwork.cpu.repaired");

type Repairable = tf.KernelConfig & { [REPAIRED]?: boolean };

/** A complex scalar as a list of one, which the kernels broadcast rightly. */
function asList(info: tf.TensorInfo): tf.TensorInfo {
  return info.shape.length === 0 ? { ...info, shape: [1] } : info;
}

/** Repairs tfjs's cpu backend; further calls do nothing. */
export function repairCpu(): void {
  for (const kernelName of ["Add", "Sub", "Multiply"]) {
    const kernel = tf.getKernel(kernelName, "cpu") as Repairable | undefined;
    if (!kernel || kernel[REPAIRED]) continue;
    tf.unregisterKernel(kernelName, "cpu");
    const repaired: Repairable = {
      ...kernel,
      [REPAIRED]: true,
      kernelFunc: ({ inputs, backend, attrs }) => {
        const { a, b } = inputs as Record<"a" | "b", tf.TensorInfo>;
        const isComplex = a.dtype === "complex64" && b.dtype === "complex64";
        const scalars = isComplex && a.shape.length !== b.shape.length;
        const given = scalars ? { a: asList(a), b: asList(b) } : inputs;
        return kernel.kernelFunc({ inputs: given, backend, attrs: attrs ?? {} });
      },
    };
    tf.registerKernel(repaired);
  }
}
