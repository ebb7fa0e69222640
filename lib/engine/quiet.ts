/**
 * Keeps tfjs's advertisement for its Node.js binding off stderr: its cpu backend prints one at first
 * use wherever it takes the runtime for Node.js.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Marks tfjs's cpu backend as used before. */
export function quietCpuBackend(): void {
  const cpu = tf.engine().findBackend("cpu") as unknown as { firstUse?: boolean } | null;
  if (cpu) cpu.firstUse = false;
}
