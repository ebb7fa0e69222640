import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { initializers, linear } from "../../../lib/nn/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine, useEngine } from "../../support/engines.ts";
import { assertNoLeak, input, key, perturb } from "./perturb.ts";

forEachEngine("linear() computes x w + b on the last axis", () => {
  const params = { w: tf.tensor2d([[1, 2], [3, 4], [5, 6]]), b: tf.tensor1d([10, 20]) };
  const { apply } = linear({ size: 2 });
  assertAllClose(apply(params, tf.tensor2d([[1, 0, 1]])), [[16, 28]]);
  assertAllClose(apply(params, tf.tensor1d([1, 0, 1])), [16, 28]);
  assertAllClose(apply(params, tf.ones([2, 1, 3])), [[[19, 32]], [[19, 32]]]);
  assertAllClose(apply({ ...params, b: null }, tf.tensor2d([[1, 0, 1]])), [[6, 8]]);
  assertEquals(apply(params, tf.zeros([0, 3])).shape, [0, 2]);
});

forEachEngine("linear() draws LeCun's normal weights and zero biases, the same for a key", () => {
  const { init } = linear({ size: 60 });
  const { w, b } = init(key(), 40);
  assertEquals(w.shape, [40, 60]);
  assertAllClose(b, new Float32Array(60));
  const variance = tf.mean(tf.square(w)).dataSync()[0];
  assertAllClose(variance, 1 / 40, { rtol: 0.05 });
  assertAllClose(init(key(), 40).w, w, { rtol: 0, atol: 0 });
  assertEquals(linear({ size: 2, useBias: false }).init(key(), 3).b, null);
});

forEachEngine("linear() takes initializers", () => {
  const { init } = linear({
    size: 1,
    wInit: initializers.ones,
    bInit: initializers.constant(0.5),
  });
  assertAllClose(init(key(), 2), { w: [[1], [1]], b: [0.5] });
});

forEachEngine("derivatives of linear() are right, first and second", () => {
  const layer = linear({ size: 2 });
  const params = perturb(layer.init(key(), 3));
  const f = (p: typeof params, x: tf.Tensor): tf.Tensor => tf.square(layer.apply(p, x));
  checkGradients(f, [params, input(4, 3)], { order: 2 });
});

Deno.test("linear() leaks no tensor", async () => {
  await useEngine("cpu");
  assertNoLeak(linear({ size: 2 }));
});

forEachEngine("linear() refuses sizes that are no positive integers", () => {
  assertThrows(
    () => linear({ size: 0 }),
    RangeError,
    "Cannot make linear() as size must be a positive integer: got number 0",
  );
  assertThrows(() => linear({ size: 2 }).init(key(), 1.5), RangeError, "inputSize must be a pos");
});
