import { assertEquals } from "@std/assert";
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
