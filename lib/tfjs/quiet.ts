/**
 * Keeps tfjs's advertisement for its Node.js binding off stderr: its cpu backend prints one at
 * first use wherever it takes the runtime for Node.js.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/**
 * Makes every instance of tfjs's cpu backend, of which tfjs may make several, take its first use
 * for a later one.
 */
export function quietCpuBackend(): void {
  const cpu = tf.engine().findBackend("cpu") as unknown as { firstUse: boolean } | null;
  if (!cpu) return;
  cpu.firstUse = false;
  const property = { get: () => false, set: () => {}, configurable: true };
  Object.defineProperty(Object.getPrototypeOf(cpu), "firstUse", property);
}
