import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { forEachEngine } from "../../support/engines.ts";

forEachEngine("arithmetic of complex numbers broadcasts a scalar", () => {
  const c = tf.complex([1, 2], [3, 4]);
  const s = tf.complex(2, 1);
  assertEquals(Array.from(tf.add(c, s).dataSync()), [3, 4, 4, 5]);
  assertEquals(Array.from(tf.sub(s, c).dataSync()), [1, -2, 0, -3]);
  assertEquals(Array.from(tf.mul(s, c).dataSync()), [-1, 7, 0, 10]);
  assertEquals(tf.mul(s, s).shape, []);
  assertEquals(Array.from(tf.mul(s, s).dataSync()), [3, 4]);
});

forEachEngine("what is empty by concatenation or gathering can be sliced", () => {
  const empty = tf.concat([tf.zeros([0, 2], "int32"), tf.zeros([0, 2], "int32")]);
  assertEquals(tf.slice(empty, 0, 0).shape, [0, 2]);
  assertEquals(tf.split(empty, [0, 0]).map(({ shape }) => shape), [[0, 2], [0, 2]]);
  const none = tf.gatherND(tf.zeros([3, 2]), tf.zeros([0, 1], "int32"));
  assertEquals(tf.slice(none, 0, 0).shape, [0, 2]);
});

forEachEngine("a cast gives values of its type, which a file keeps", () => {
  const integers = tf.cast(tf.tensor1d([1, 16777217], "int32"), "float32").dataSync();
  assert(integers instanceof Float32Array);
  assertEquals(Array.from(integers), [1, 16777216]);
  const bools = tf.tensor1d([true, false], "bool");
  assert(tf.cast(bools, "float32").dataSync() instanceof Float32Array);
  assert(tf.cast(bools, "int32").dataSync() instanceof Int32Array);
});

forEachEngine("a cast to int32 takes the nearest of what is beyond it, and 0 for NaN", () => {
  const beyond = tf.tensor1d([3e9, -3e9, Infinity, -Infinity, NaN, 2 ** 31, -1.9]);
  assertEquals(
    Array.from(tf.cast(beyond, "int32").dataSync()),
    [2147483647, -2147483648, 2147483647, -2147483648, 0, 2147483647, -1],
  );
});

forEachEngine("the absolute value of int32 is exact", () => {
  const x = tf.abs(tf.tensor1d([-16777217, 16777219], "int32"));
  assertEquals([x.dtype, ...x.dataSync()], ["int32", 16777217, 16777219]);
});
