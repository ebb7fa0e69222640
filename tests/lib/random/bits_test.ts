import { assertEquals, assertThrows } from "@std/assert";
import { bits, key } from "../../../lib/random/mod.ts";
import { forEachEngine } from "../../support/engines.ts";
import { golden, keyOf, values } from "./golden.ts";

forEachEngine("bits() gives JAX's bits for every key and shape", () => {
  for (const { key: words, shape, bits: expected } of golden.bits) {
    const out = bits(keyOf(words), shape);
    assertEquals([out.dtype, out.shape], ["int32", shape]);
    assertEquals(values(out), expected, `key ${words}, shape [${shape}]`);
  }
});

forEachEngine("bits() depends on the flat index only", () => {
  assertEquals(values(bits(key(3), [4, 6])), values(bits(key(3), [24])));
  assertEquals(values(bits(key(3), [5])), values(bits(key(3), [24])).slice(0, 5));
});

forEachEngine("bits() of an empty shape is empty", () => {
  const out = bits(key(0), [3, 0]);
  assertEquals([out.dtype, out.shape, out.size], ["int32", [3, 0], 0]);
});

forEachEngine("bits() refuses a shape that is no array of sizes", () => {
  assertThrows(
    () => bits(key(0), 3 as unknown as number[]),
    TypeError,
    "Cannot draw random bits as a shape is an array of sizes: got number 3 (a vector of n is [n]",
  );
  const text = "Cannot draw random bits as each size of a shape is a non-negative integer";
  assertThrows(() => bits(key(0), [2, -1]), RangeError, `${text}: got [2, -1]`);
  assertThrows(() => bits(key(0), [0.5]), RangeError, `${text}: got [0.5]`);
});
