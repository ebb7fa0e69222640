import * as tf from "@tensorflow/tfjs";
import { assertThrows } from "@std/assert";
import { layerNorm } from "../../../lib/nn/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine, useEngine } from "../../support/engines.ts";
import { assertNoLeak, input, key, perturb } from "./perturb.ts";

forEachEngine("layerNorm() has mean 0 and variance 1, then scale and offset", () => {
  const layer = layerNorm();
  const params = layer.init(key(), 3);
  assertAllClose(params, { scale: [1, 1, 1], offset: [0, 0, 0] });
  const unit = Math.sqrt(1.5);
  const x = tf.tensor2d([[1, 2, 3], [7, 7, 7]]);
  assertAllClose(layer.apply(params, x), [[-unit, 0, unit], [0, 0, 0]], { atol: 2e-5 });
  const moved = { scale: tf.tensor1d([2, 3, 4]), offset: tf.tensor1d([1, 1, 0]) };
  assertAllClose(layer.apply(moved, x), [[1 - 2 * unit, 1, 4 * unit], [1, 1, 0]], { atol: 4e-5 });
  const exact = layerNorm({ eps: 0.5 }).apply(params, tf.tensor1d([1, 2, 3]));
  assertAllClose(exact, [-1 / Math.sqrt(2 / 3 + 0.5), 0, 1 / Math.sqrt(2 / 3 + 0.5)]);
});

forEachEngine("derivatives of layerNorm() are right, first and second", () => {
  const layer = layerNorm();
  checkGradients(layer.apply, [perturb(layer.init(key(), 3)), input(4, 3)], { order: 2 });
});

Deno.test("layerNorm() leaks no tensor", async () => {
  await useEngine("cpu");
  assertNoLeak(layerNorm());
});

forEachEngine(
  "layerNorm() refuses an eps that is not positive and sizes that are no positive integers",
  () => {
    assertThrows(() => layerNorm({ eps: -1 }), RangeError, "eps must be positive: got number -1");
    assertThrows(() => layerNorm().init(key(), 0), RangeError, "layerNorm() as inputSize must be");
  },
);
