import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { foldIn, key, split } from "../../../lib/random/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { golden, keyOf, values } from "./golden.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

forEachEngine("key() gives JAX's words for negative and large seeds", () => {
  for (const { seed, key: words } of golden.seeds) {
    assertEquals(values(key(seed)), words, `seed ${seed}`);
  }
  assertEquals([key(1).dtype, key(1).shape], ["int32", [2]]);
});

forEachEngine("split() gives JAX's keys for any number of them", () => {
  for (const { key: words, num, keys } of golden.split) {
    const out = split(keyOf(words), num);
    assertEquals([out.dtype, out.shape], ["int32", [num, 2]]);
    assertEquals(values(out), keys, `split of ${words} in ${num}`);
  }
});

forEachEngine("split() of rows of split() gives JAX's nested keys", () => {
  let nested: tf.Tensor = key(9);
  for (let i = 0; i < 4; i++) nested = tf.unstack(split(nested, i + 2))[i]!;
  assertEquals(values(nested), golden.nested);
});

forEachEngine("foldIn() gives JAX's key for numbers and for int32 tensors", () => {
  for (const { key: words, data, folded } of golden.foldIn) {
    assertEquals(values(foldIn(keyOf(words), data)), folded, `fold ${data} into ${words}`);
    const tensor = tf.scalar(data | 0, "int32");
    assertEquals(values(foldIn(keyOf(words), tensor)), folded, `fold int32 ${data | 0}`);
  }
});

forEachEngine("foldIn() takes a negative number by its 32 bits", () => {
  assertEquals(values(foldIn(key(5), -1)), values(foldIn(key(5), 2 ** 32 - 1)));
});

forEachEngine("the random functions leave no tensor behind but their result", () => {
  const parent = key(0);
  assertLeavesBehind(1, () => split(parent, 3));
  assertLeavesBehind(1, () => foldIn(parent, 1));
});

Deno.test("key() refuses a seed that is no safe integer", () => {
  const text = "Cannot make a key as a seed is an integer of at most 53 bits: got number";
  assertThrows(() => key(1.5), RangeError, `${text} 1.5`);
  assertThrows(() => key(NaN), RangeError, `${text} NaN`);
  assertThrows(() => key(2 ** 53), RangeError, `${text} 9007199254740992`);
  assertThrows(() => key("1" as unknown as number), RangeError, "got string 1");
});

forEachEngine("split() refuses what is no key", () => {
  const text = "Cannot split a key as a key is an int32 tensor of shape [2]";
  assertThrows(() => split(tf.tensor1d([0, 1])), TypeError, `${text}: got float32 [2]`);
  assertThrows(() => split(split(key(0))), TypeError, `${text}: got int32 [2, 2]`);
  assertThrows(
    () => split(7 as unknown as tf.Tensor),
    TypeError,
    "(make one with random.key(seed)",
  );
});

forEachEngine("split() refuses a count that is no positive integer", () => {
  const text = "Cannot split a key as num must be a positive integer: got number";
  assertThrows(() => split(key(0), 0), RangeError, `${text} 0`);
  assertThrows(() => split(key(0), 1.5), RangeError, `${text} 1.5`);
});

forEachEngine("foldIn() refuses data that is no 32-bit integer", () => {
  const text = "Cannot fold data into a key as data is a 32-bit integer: got number";
  assertThrows(() => foldIn(key(0), 2 ** 32), RangeError, `${text} 4294967296`);
  assertThrows(() => foldIn(key(0), 0.5), RangeError, `${text} 0.5`);
  assertThrows(
    () => foldIn(key(0), tf.scalar(1)),
    TypeError,
    "Cannot fold data into a key as data is one integer: got float32 [] (an int32 scalar tensor)",
  );
  assertThrows(() => foldIn(key(0), tf.tensor1d([1], "int32")), TypeError, "got int32 [1]");
  assertThrows(() => foldIn(tf.scalar(1), 1), TypeError, "Cannot fold data into a key as a key is");
});
