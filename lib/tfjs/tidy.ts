/** Disposal of intermediate tensors. @module */
import * as tf from "@tensorflow/tfjs";

/**
 * `tf.tidy` for functions that return any tree: tensors made inside are disposed unless returned.
 *
 * tfjs keeps what it finds in nested arrays and objects; only its types do not know of null.
 */
export function tidy<T>(fn: () => T): T {
  return tf.tidy(fn as () => tf.TensorContainer) as T;
}
