import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { init } from "../../../../mod.ts";

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

Deno.test("tf.oneHot() of dtype float32 is right on wasm", async () => {
  await init({ engine: "wasm" });
  const hot = tf.oneHot(tf.tensor1d([1, 0], "int32"), 2, 3, -1, "float32");
  assertEquals(hot.dtype, "float32");
  assertEquals(Array.from(hot.dataSync()), [-1, 3, 3, -1]);
  const halves = () => tf.oneHot(tf.tensor1d([1], "int32"), 2, 0.5, 0, "float32");
  assertThrows(halves, TypeError, "as its values must be whole numbers: 0.5 and 0");
});

Deno.test("casting to bool, clipping NaN and slicing out of bounds are right on wasm", async () => {
  await init({ engine: "wasm" });
  tf.tidy(() => {
    const bools = tf.cast(tf.tensor1d([0, 3, 256], "int32"), "bool");
    assertEquals(Array.from(bools.dataSync()), [0, 1, 1]);
    const clipped = tf.clipByValue(tf.tensor1d([NaN, 5, -5]), -1, 1);
    assertEquals(Array.from(clipped.dataSync()), [NaN, 1, -1]);
    const [a, b] = [tf.tensor1d([NaN, 1, 3]), tf.tensor1d([1, NaN, 2])];
    assertEquals(Array.from(tf.maximum(a, b).dataSync()), [NaN, NaN, 3]);
    assertEquals(Array.from(tf.minimum(a, b).dataSync()), [NaN, NaN, 2]);
    assertEquals(Array.from(tf.relu6(tf.tensor1d([NaN, 7])).dataSync()), [NaN, 6]);
    assertThrows(() => tf.slice(tf.zeros([2, 2]), [1, 1], [2, 1]), Error, "slice2D");
  });
});

Deno.test("a clone shares its data id on wasm", async () => {
  await init({ engine: "wasm" });
  const x = tf.tensor1d([1, 2]);
  const before = tf.engine().backend.numDataIds();
  const clone = x.clone();
  assertEquals(tf.engine().backend.numDataIds(), before);
  x.dispose();
  assertEquals(Array.from(clone.dataSync()), [1, 2]);
  clone.dispose();
  assertEquals(tf.engine().backend.numDataIds(), before - 1);
});

Deno.test("tf.where() of what is empty leaves other tensors alone on wasm", async () => {
  await init({ engine: "wasm" });
  for (let i = 0; i < 200; i++) {
    tf.tidy(() => {
      const before = tf.fill([i % 40], 7);
      const chosen = tf.where(tf.ones([9, 1], "bool"), tf.ones([9, 0]), tf.zeros([]));
      const after = tf.fill([i % 30], 8);
      assertEquals(chosen.shape, [9, 0]);
      assertEquals(
        [...before.dataSync(), ...after.dataSync()].every((x) => x === 7 || x === 8),
        true,
      );
    });
  }
});

Deno.test("tf.gather() of no indices has its shape on wasm", async () => {
  await init({ engine: "wasm" });
  const none = tf.zeros([0], "int32");
  assertEquals(tf.gather(tf.zeros([3, 2]), none).shape, [0, 2]);
  assertEquals(tf.gather(tf.zeros([3, 2]), none, 1).shape, [3, 0]);
  assertEquals(tf.gather(tf.zeros([3, 0]), tf.zeros([4], "int32")).shape, [4, 0]);
});
