import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { toInt32Tensor, toTensor, toTensorTree } from "../../../lib/tensor/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

forEachEngine("toTensor() takes the dtype of the values", () => {
  assertAllClose(toTensor([[1, 2], [3, 4]], "x"), tf.tensor([[1, 2], [3, 4]]));
  assertAllClose(toTensor([true, false], "x"), tf.tensor([true, false]));
  assertAllClose(toTensor(new Float64Array([0.5]), "x"), tf.tensor([0.5]));
  assertAllClose(
    toTensor([new Int8Array([-1, 2]), new Int8Array([3, 4])], "x"),
    tf.tensor([-1, 2, 3, 4], [2, 2], "int32"),
  );
  assertAllClose(toTensor(new BigUint64Array([7n]), "x"), tf.tensor([7], [1], "int32"));
  assertAllClose(toTensor(5, "x"), tf.scalar(5));
  assertEquals(toTensor([[], []], "x").shape, [2, 0]);
});

forEachEngine("toTensor() copies, so that a later change of the array is not seen", () => {
  const data = new Float32Array([1, 2]);
  const tensor = toTensor({ shape: [2, 1], data }, "x");
  data[0] = 9;
  assertAllClose(tensor, [[1], [2]]);
});

forEachEngine("toTensorTree() tells nests from arrays", () => {
  const own = tf.tensor([3]);
  const tree = toTensorTree({ a: [[1], [2]], b: [own, [4]], c: null }, "nodes") as {
    b: tf.Tensor[];
  };
  assertAllClose(tree, { a: [[1], [2]], b: [[3], [4]], c: null });
  assert(tree.b[0] === own);
});

Deno.test("toTensor() and toInt32Tensor() name what they refuse", () => {
  assertThrows(
    () => toTensor([[[1]], [[2, 3]]], "x"),
    TypeError,
    "row 0 is [1, 1], row 1 is [1, 2]",
  );
  assertThrows(() => toTensor([[1, 2], 3], "x"), TypeError, "row 0 is [2], row 1 is []");
  assertThrows(
    () => toTensor(new Uint32Array([2 ** 31]), "x"),
    RangeError,
    "value 0 is 2147483648",
  );
  assertThrows(() => toInt32Tensor([NaN], "ids"), RangeError, "Cannot make ids an int32 tensor");
  assertThrows(() => toInt32Tensor(tf.tensor([1]), "ids"), TypeError, "got float32 [1]");
});
