/** The variables that tfjs knows. @module */
import * as tf from "@tensorflow/tfjs";

/** All variables that are not disposed. */
export function registeredVariables(): readonly tf.Variable[] {
  const { state } = tf.engine() as unknown as {
    state: { registeredVariables: Record<string, tf.Variable> };
  };
  return Object.values(state.registeredVariables);
}
