import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { lstmCell } from "../../../lib/nn/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine, useEngine } from "../../support/engines.ts";
import { input, key, perturb } from "./perturb.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

forEachEngine("lstmCell() follows its equations", () => {
  const cell = lstmCell({ size: 2 });
  const params = perturb(cell.init(key(), 3));
  assertEquals([params.w.shape, params.b?.shape], [[5, 8], [8]]);
  const x = input(1, 3);
  const before = { hidden: tf.tensor2d([[0.3, -0.2]]), cell: tf.tensor2d([[0.5, 1.5]]) };
  const [output, after] = cell.apply(params, x, before);

  const sigmoid = (v: number): number => 1 / (1 + Math.exp(-v));
  const [w, b] = [params.w.arraySync() as number[][], params.b!.arraySync() as number[]];
  const joined = [...x.dataSync(), 0.3, -0.2];
  const gate = b.map((bias, j) => joined.reduce((sum, v, i) => sum + v * w[i]![j]!, bias));
  const next = [0.5, 1.5].map((c, j) =>
    sigmoid(gate[4 + j]! + 1) * c + sigmoid(gate[j]!) * Math.tanh(gate[2 + j]!)
  );
  const hidden = next.map((c, j) => sigmoid(gate[6 + j]!) * Math.tanh(c));
  assertAllClose([output, after.hidden, after.cell], [[hidden], [hidden], [next]]);
});

forEachEngine("lstmCell() starts from zeros without a state", () => {
  const cell = lstmCell({ size: 2 });
  const params = cell.init(key(), 3);
  const state = { hidden: tf.zeros([4, 2]), cell: tf.zeros([4, 2]) };
  assertAllClose(cell.apply(params, input(4, 3)), cell.apply(params, input(4, 3), state));
});

forEachEngine("derivatives of lstmCell() are right, first and second", () => {
  const layer = lstmCell({ size: 2 });
  const state = { hidden: input(4, 2), cell: input(4, 2) };
  checkGradients(layer.apply, [perturb(layer.init(key(), 3)), input(4, 3), state], { order: 2 });
});

Deno.test("lstmCell() leaks no tensor", async () => {
  await useEngine("cpu");
  const layer = lstmCell({ size: 2 });
  const [seed, x] = [key(), input(2, 3)];
  // w and b; the output, which is the hidden state, and the cell state.
  const params = assertLeavesBehind(2, () => layer.init(seed, 3));
  assertLeavesBehind(2, () => layer.apply(params, x));
});

forEachEngine("lstmCell() refuses a state that does not fit, and a bad size", () => {
  const cell = lstmCell({ size: 2 });
  const params = cell.init(key(), 3);
  assertThrows(() => cell.apply(params, tf.zeros([4, 2])), TypeError, "lstmCell() as its param");
  const state = { hidden: tf.zeros([4, 2]), cell: tf.zeros([1, 2]) };
  assertThrows(
    () => cell.apply(params, tf.zeros([4, 3]), state),
    TypeError,
    "Cannot apply lstmCell() as the state must fit the input: expected cell to be float32 " +
      "[4, 2], got float32 [1, 2] (pass the state of the last step, or null)",
  );
  assertThrows(() => lstmCell({ size: NaN }), RangeError, "lstmCell() as size must be");
});
