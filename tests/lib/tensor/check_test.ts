import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { checkCount, checkIds, checkPositiveInteger } from "../../../lib/tensor/mod.ts";

Deno.test("checkPositiveInteger() lets integers from 1 pass, and shows what it got", () => {
  checkPositiveInteger(1, "draw", "count");
  for (const [value, got] of [[0, "number 0"], [1.5, "number 1.5"], ["2", "string 2"]] as const) {
    assertThrows(
      () => checkPositiveInteger(value, "draw", "count"),
      RangeError,
      `Cannot draw as count must be a positive integer: got ${got}`,
    );
  }
});

Deno.test("checkCount() takes what int32 can count", () => {
  checkCount(0, "pad", "rows");
  checkCount(2 ** 31 - 1, "pad", "rows");
  for (const value of [-1, 0.5, 2 ** 31, NaN]) {
    assertThrows(
      () => checkCount(value, "pad", "rows"),
      RangeError,
      `Cannot pad as rows must be a whole number of rows: got ${value} (pass 0 or more`,
    );
  }
});

Deno.test("checkIds() makes int32 of rank 1, and refuses floats with the remedy", () => {
  assertEquals(checkIds([2, 0], "sum").dtype, "int32");
  assertThrows(
    () => checkIds(tf.tensor1d([1, 2]), "sum", "ids"),
    TypeError,
    'Cannot sum as ids must be int32 of rank 1: got float32 [2] (cast them with tf.cast(ids, "int32")',
  );
});
