import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { useEngine } from "../../../support/engines.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";

const update = (indices: number[][]): tf.Tensor =>
  tf.tensorScatterUpdate(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d(indices, undefined, "int32"), [
    [5, 6],
  ]);

Deno.test("tf.tensorScatterUpdate on cpu changes a copy", async () => {
  await useEngine("cpu");
  const tensor = tf.tensor2d([[1, 2], [3, 4]]);
  const changed = tf.tensorScatterUpdate(tensor, tf.tensor2d([[1]], [1, 1], "int32"), [[5, 6]]);
  assertAllClose([changed, tensor], [[[1, 2], [5, 6]], [[1, 2], [3, 4]]]);
});

Deno.test("tf.tensorScatterUpdate on cpu refuses an index outside the tensor", async () => {
  await useEngine("cpu");
  for (const index of [2, -1]) {
    assertThrows(
      () => update([[index]]),
      RangeError,
      "Cannot update slices of a tensor as indices must lie inside it: " +
        `index ${index} of row 0 is outside [0, 2)`,
    );
  }
});
