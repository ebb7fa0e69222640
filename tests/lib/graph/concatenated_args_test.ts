import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { concatenatedArgs } from "../../../lib/graph/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

const identity = (x: Tensor): Tensor => tf.clone(x);

forEachEngine("concatenatedArgs() joins the leaves of its arguments in order, without null", () => {
  const update = concatenatedArgs(identity);
  const [a, b, c] = [tf.tensor([[1], [2]]), tf.tensor([[3, 4], [5, 6]]), tf.tensor([[7], [8]])];
  assertAllClose(update({ z: a, y: b }, null, [c]), [[3, 4, 1, 7], [5, 6, 2, 8]]);
});

forEachEngine("concatenatedArgs() takes an axis", () => {
  const update = concatenatedArgs(identity, { axis: 0 });
  assertAllClose(update(tf.tensor([[1]]), tf.tensor([[2], [3]])), [[1], [2], [3]]);
});

forEachEngine("concatenatedArgs() promotes bool to int32 to float32", () => {
  const update = concatenatedArgs(identity);
  const [on, count] = [tf.tensor([[true]]), tf.tensor([[2]], [1, 1], "int32")];
  assertAllClose(update(on, count), tf.tensor([[1, 2]], [1, 2], "int32"));
  assertAllClose(update(on, count, tf.tensor([[0.5]])), tf.tensor([[1, 2, 0.5]]));
});

Deno.test("concatenatedArgs() refuses nothing, and shapes that do not fit", () => {
  const update = concatenatedArgs(identity);
  assertThrows(() => update(null, []), TypeError, "all are null (give the graph features)");
  assertThrows(
    () => update(tf.zeros([2, 1]), tf.zeros([3, 1])),
    TypeError,
    "Cannot concatenate arguments as they may differ along axis -1 alone: " +
      "the shapes are [2, 1], [3, 1]",
  );
  assertThrows(() => update(tf.zeros([2, 1]), tf.zeros([2])), TypeError, "[2, 1], [2]");
  assertThrows(
    () => concatenatedArgs(identity, { axis: 2 })(tf.zeros([2, 1])),
    TypeError,
    "axis 2",
  );
});
