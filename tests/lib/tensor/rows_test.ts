import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { asColumn } from "../../../lib/tensor/mod.ts";

Deno.test("asColumn() broadcasts one number a row against rows of a rank", () => {
  assertEquals(asColumn(tf.tensor1d([1, 2]), 3).shape, [2, 1, 1]);
  assertEquals(asColumn(tf.tensor1d([1, 2]), 1).shape, [2]);
});
