import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { key, permutation } from "../../../lib/random/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { golden, keyOf, values } from "./golden.ts";

forEachEngine("permutation() of a count gives JAX's order, over one and several rounds", () => {
  for (const { key: words, counts } of golden.permutation) {
    for (const { x, order } of counts) {
      const out = permutation(keyOf(words), x);
      assertEquals([out.dtype, out.shape], ["int32", [x]]);
      const actual = values(out);
      const name = `key ${words}, x ${x}`;
      if (Array.isArray(order)) {
        assertEquals(actual, order, name);
      } else {
        assertEquals(actual.slice(0, order.first.length), order.first, name);
        const weighted = actual.reduce((sum, value, i) => sum + value * (i + 1), 0);
        assertEquals(weighted, order.weighted, name);
      }
    }
  }
});

forEachEngine("permutation() of a tensor moves its rows as JAX does", () => {
  for (const { key: words, rows, vector } of golden.permutation) {
    const x = tf.range(0, 35).reshape([7, 5]);
    assertEquals(permutation(keyOf(words), x).arraySync(), rows);
    assertEquals(values(permutation(keyOf(words), tf.range(0, 35, 5))), vector);
  }
});

forEachEngine("permutation() keeps the dtype, and leaves what is empty", () => {
  assertEquals(permutation(key(0), tf.tensor1d([1, 2], "int32")).dtype, "int32");
  assertEquals(permutation(key(0), tf.tensor1d([true, true])).dtype, "bool");
  assertEquals(permutation(key(0), tf.zeros([0, 3])).shape, [0, 3]);
  assertEquals(permutation(key(0), tf.zeros([3, 0])).shape, [3, 0]);
});

forEachEngine("permutation() refuses a scalar tensor and a count that is none", () => {
  assertThrows(
    () => permutation(key(0), tf.scalar(3, "int32")),
    TypeError,
    "Cannot permute as x has rows: got int32 [] (pass a count as a number)",
  );
  const text = "Cannot permute as x is a tensor or a non-negative integer: got number";
  assertThrows(() => permutation(key(0), -1), RangeError, `${text} -1`);
  assertThrows(() => permutation(key(0), 2.5), RangeError, `${text} 2.5`);
});
