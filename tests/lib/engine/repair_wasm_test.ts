import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { init } from "../../../mod.ts";

Deno.test("tf.where() of bool tensors is right on wasm", async () => {
  await init({ engine: "wasm" });
  await init({ engine: "wasm" });
  const bool = (values: number[]) => tf.tensor1d(values, "bool");
  const before = tf.engine().backend.numDataIds();
  tf.tidy(() => {
    const chosen = tf.where(bool([1, 0, 1, 0, 1]), bool([1, 1, 0, 0, 1]), bool([0, 1, 1, 0, 0]));
    assertEquals(chosen.dtype, "bool");
    assertEquals(Array.from(chosen.dataSync()), [1, 1, 0, 0, 1]);
    const numbers = tf.where(bool([1, 0]), tf.tensor1d([1, 2]), tf.tensor1d([3, 4]));
    assertEquals(Array.from(numbers.dataSync()), [1, 4]);
  });
  assertEquals(tf.engine().backend.numDataIds(), before);
});
