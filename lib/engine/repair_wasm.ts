/**
 * Repairs kernels of tfjs's wasm backend that give wrong results.
 *
 * `Select` reads bool tensors, which take one byte an element, as if they took four.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

const REPAIRED = Symbol.for("meshwork.wasm.repaired");

/** Repairs the wasm backend, which must be registered; further calls do nothing. */
export function repairWasm(): void {
  const select = tf.getKernel("Select", "wasm") as tf.KernelConfig & { [REPAIRED]?: boolean };
  if (select[REPAIRED]) return;
  tf.unregisterKernel("Select", "wasm");
  const repaired: tf.KernelConfig & { [REPAIRED]?: boolean } = {
    ...select,
    [REPAIRED]: true,
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { condition, t, e } = inputs as Record<string, tf.TensorInfo>;
      const run = select.kernelFunc;
      if (t!.dtype !== "bool") return run({ inputs, backend, attrs: attrs! });
      const cast = (x: tf.TensorInfo, dtype: tf.DataType): tf.TensorInfo =>
        tf.getKernel("Cast", "wasm").kernelFunc({
          inputs: { x },
          backend,
          attrs: { dtype } as unknown as tf.NamedAttrMap,
        }) as tf.TensorInfo;
      const wide = { condition: condition!, t: cast(t!, "int32"), e: cast(e!, "int32") };
      const chosen = run({ inputs: wide, backend, attrs: attrs! }) as tf.TensorInfo;
      const result = cast(chosen, "bool");
      const { disposeData } = backend as { disposeData(dataId: object): boolean };
      for (const { dataId } of [wide.t, wide.e, chosen]) disposeData.call(backend, dataId);
      return result;
    },
  };
  tf.registerKernel(repaired);
}
