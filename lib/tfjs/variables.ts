/** The variables that tfjs knows. @module */
import type * as tf from "@tensorflow/tfjs";
import { tfjsEngine } from "./internals.ts";

/** All variables that are not disposed. */
export function registeredVariables(): readonly tf.Variable[] {
  return Object.values(tfjsEngine().state.registeredVariables);
}
