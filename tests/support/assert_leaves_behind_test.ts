import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { assertLeavesBehind } from "./assert_leaves_behind.ts";

Deno.test("assertLeavesBehind() counts the tensors that are left, and gives the result", () => {
  const pair = () => [tf.scalar(1), tf.scalar(2)];
  assertEquals(assertLeavesBehind(2, pair).length, 2);
  assertLeavesBehind(0, () => tf.dispose(pair()));
  assertThrows(() => assertLeavesBehind(1, pair), Error, "tensors left behind");
});
