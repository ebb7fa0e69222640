import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { bernoulli, key } from "../../../lib/random/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { golden, keyOf, values } from "./golden.ts";

forEachEngine("bernoulli() gives JAX's flips, also of certain and impossible events", () => {
  for (const { key: words, p, shape, flips } of golden.bernoulli) {
    const out = bernoulli(keyOf(words), p, shape);
    assertEquals([out.dtype, out.shape], ["bool", shape]);
    assertEquals(values(out), flips, `key ${words}, p ${p}, shape [${shape}]`);
  }
});

forEachEngine("bernoulli() broadcasts a tensor of probabilities as JAX does", () => {
  const { key: words, p, flips } = golden.bernoulliOf;
  assertEquals(values(bernoulli(keyOf(words), tf.tensor1d(p), [3, 5])), flips);
  assertEquals(bernoulli(keyOf(words), tf.tensor1d(p)).shape, [5]);
});

forEachEngine("bernoulli() refuses what is no probability", () => {
  const text = "Cannot flip coins as p is a probability in [0, 1]: got";
  assertThrows(() => bernoulli(key(0), 1.5), RangeError, `${text} 1.5`);
  assertThrows(() => bernoulli(key(0), -0.1), RangeError, `${text} -0.1`);
  assertThrows(() => bernoulli(key(0), NaN), RangeError, `${text} NaN`);
  assertThrows(
    () => bernoulli(key(0), tf.scalar(1, "int32")),
    TypeError,
    "Cannot flip coins as p is a number or a float32 tensor: got int32 []",
  );
});

forEachEngine("bernoulli() refuses probabilities that do not broadcast to the shape", () => {
  assertThrows(
    () => bernoulli(key(0), tf.zeros([4]), [3, 5]),
    TypeError,
    "Cannot flip coins as p must broadcast to the shape: p is float32 [4], the shape is [3, 5]",
  );
  assertThrows(() => bernoulli(key(0), tf.zeros([2, 5]), [5]), TypeError, "p is float32 [2, 5]");
});
