/**
 * Repairs kernels of tfjs's wasm backend that give wrong results.
 *
 * `Select` reads bool tensors, which take one byte an element, as if they took four; `OneHot` writes
 * the bits of integers into float32 tensors. Both are right for int32, so they run in int32, and the
 * result is cast.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

const REPAIRED = Symbol.for("meshwork.wasm.repaired");

type Repairable = tf.KernelConfig & { [REPAIRED]?: boolean };
type Run = tf.KernelConfig["kernelFunc"];

/** The part of the backend that frees what a kernel made in between. */
interface WasmBackend {
  disposeData(dataId: object): boolean;
}

/** Replaces a kernel by one that calls it, once. */
function replace(kernelName: string, wrap: (run: Run) => Run): void {
  const kernel = tf.getKernel(kernelName, "wasm") as Repairable;
  if (kernel[REPAIRED]) return;
  tf.unregisterKernel(kernelName, "wasm");
  const repaired: Repairable = {
    ...kernel,
    [REPAIRED]: true,
    kernelFunc: wrap(kernel.kernelFunc),
  };
  tf.registerKernel(repaired);
}

function cast(x: tf.TensorInfo, dtype: tf.DataType, backend: object): tf.TensorInfo {
  const attrs = { dtype } as unknown as tf.NamedAttrMap;
  const { kernelFunc } = tf.getKernel("Cast", "wasm");
  return kernelFunc({ inputs: { x }, backend, attrs }) as tf.TensorInfo;
}

function dispose(infos: readonly tf.TensorInfo[], backend: unknown): void {
  for (const { dataId } of infos) (backend as WasmBackend).disposeData(dataId);
}

/** Chooses among bools as int32. */
const select = (run: Run): Run => ({ inputs, backend, attrs }) => {
  const { condition, t, e } = inputs as Record<"condition" | "t" | "e", tf.TensorInfo>;
  if (t.dtype !== "bool") return run({ inputs, backend, attrs: attrs! });
  const wide = { condition, t: cast(t, "int32", backend), e: cast(e, "int32", backend) };
  const chosen = run({ inputs: wide, backend, attrs: attrs! }) as tf.TensorInfo;
  const result = cast(chosen, "bool", backend);
  dispose([wide.t, wide.e, chosen], backend);
  return result;
};

/** Writes int32 and casts. */
const oneHot = (run: Run): Run => ({ inputs, backend, attrs }) => {
  const { dtype, onValue, offValue } = attrs as unknown as {
    dtype?: tf.DataType;
    onValue: number;
    offValue: number;
  };
  if (dtype !== "float32") return run({ inputs, backend, attrs: attrs! });
  const exact = Number.isInteger(onValue) && Number.isInteger(offValue);
  if (!exact) {
    throw new TypeError(
      `Cannot make a float32 one-hot on wasm as its values must be whole numbers: ` +
        `${onValue} and ${offValue} (scale the result instead)`,
    );
  }
  const int32 = { ...attrs, dtype: "int32" } as tf.NamedAttrMap;
  const hot = run({ inputs, backend, attrs: int32 }) as tf.TensorInfo;
  const result = cast(hot, "float32", backend);
  dispose([hot], backend);
  return result;
};

/** Repairs the wasm backend, which must be registered; further calls do nothing. */
export function repairWasm(): void {
  replace("Select", select);
  replace("OneHot", oneHot);
}
