/** Checks of the arguments of random functions. @module */
import { describe, formatShape, isTensor, type Tensor } from "../tree/mod.ts";

/** Fails if a tensor was disposed. */
export function checkAlive(tensor: Tensor, action: string, name: string): void {
  if (!tensor.isDisposed) return;
  throw new TypeError(
    `Cannot ${action} as its tensors must be alive: ${name} was disposed (clone it before)`,
  );
}

/** Fails unless `key` is a key: an int32 tensor of shape [2]. */
export function checkKey(key: unknown, action: string): asserts key is Tensor {
  if (isTensor(key)) checkAlive(key, action, "the key");
  if (isTensor(key) && key.dtype === "int32" && key.rank === 1 && key.shape[0] === 2) return;
  throw new TypeError(
    `Cannot ${action} as a key is an int32 tensor of shape [2]: got ${describe(key)} ` +
      `(make one with random.key(seed), or take a row of random.split(key) with tf.unstack)`,
  );
}

/** Fails unless `shape` is an array of sizes; returns the number of elements. */
export function checkShape(shape: unknown, action: string): number {
  if (!Array.isArray(shape)) {
    throw new TypeError(
      `Cannot ${action} as a shape is an array of sizes: got ${describe(shape)} ` +
        `(a vector of n is [n], a scalar is [])`,
    );
  }
  let size = 1;
  for (const length of shape as unknown[]) {
    if (!Number.isInteger(length) || (length as number) < 0) {
      throw new RangeError(
        `Cannot ${action} as each size of a shape is a non-negative integer: got ` +
          formatShape(shape),
      );
    }
    size *= length as number;
  }
  return size;
}

/** Fails unless `dtype` is float32, the one floating dtype of tfjs. */
export function checkFloat32(dtype: unknown, action: string): void {
  if (dtype === "float32") return;
  throw new TypeError(
    `Cannot ${action} as only float32 is drawn: got dtype ${String(dtype)} (cast the result)`,
  );
}
