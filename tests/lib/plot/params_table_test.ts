import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { paramsTable } from "../../../lib/plot/mod.ts";

Deno.test("paramsTable() lists each tensor, and the totals", () => {
  const params = { b: tf.zeros([3]), a: [tf.zeros([2, 3]), tf.zeros([1], "bool")] };
  assertEquals(paramsTable(params).rows, [
    ["a[0]", "float32", "[2, 3]", 6, "24 B"],
    ["a[1]", "bool", "[1]", 1, "1 B"],
    ["b", "float32", "[3]", 3, "12 B"],
    ["total: 3 tensors", "", "", 10, "37 B"],
  ]);
  assertEquals(paramsTable(tf.zeros([1000, 1000])).rows[1], [
    "total: 1 tensors",
    "",
    "",
    1_000_000,
    "4.0 MB",
  ]);
});

Deno.test("paramsTable() sums up what is beyond 200 rows", () => {
  const { rows } = paramsTable(Array.from({ length: 250 }, () => tf.zeros([2])));
  assertEquals(rows.slice(200), [
    ["50 more", "", "", 100, "400 B"],
    ["total: 250 tensors", "", "", 500, "2.0 kB"],
  ]);
});

Deno.test("paramsTable() refuses a tree without tensors", () => {
  assertThrows(
    () => paramsTable({ a: null }),
    TypeError,
    "Cannot make a table of parameters as it lists tensors: got an object with keys {a}",
  );
});
