/** Leak checks: how many tensors are left after something ran. @module */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";

/**
 * Asserts that a function leaves as many tensors behind as it is said to.
 *
 * @param count How many more there are after it.
 * @param run What makes and disposes them.
 * @returns Its result.
 */
export function assertLeavesBehind<T>(count: number, run: () => T): T {
  const before = tf.memory().numTensors;
  const result = run();
  assertEquals(tf.memory().numTensors - before, count, "tensors left behind");
  return result;
}
