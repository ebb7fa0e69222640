import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { mlp } from "../../../lib/nn/mod.ts";
import { treeLeaves } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine, useEngine } from "../../support/engines.ts";
import { assertNoLeak, input, key, perturb } from "./perturb.ts";

forEachEngine("mlp() is linear layers with activations in between", () => {
  const params = {
    layers: [
      { w: tf.tensor2d([[1, -1]]), b: tf.tensor1d([0, 0.5]) },
      { w: tf.tensor2d([[1], [-2]]), b: tf.tensor1d([-1]) },
    ],
    layerNorm: null,
  };
  const x = tf.tensor2d([[2], [-1]]);
  // Hidden after relu: [2, 0] and [0, 1.5].
  assertAllClose(mlp({ sizes: [2, 1] }).apply(params, x), [[1], [-4]]);
  assertAllClose(mlp({ sizes: [2, 1], activateFinal: true }).apply(params, x), [[1], [0]]);
  const squared = mlp({ sizes: [2, 1], activation: tf.square }).apply(params, x);
  assertAllClose(squared, [[4 - 2 * 2.25 - 1], [1 - 2 * 2.25 - 1]]);
});

forEachEngine("mlp() draws each layer from its own key and can end in a layerNorm()", () => {
  const net = mlp({ sizes: [4, 4, 4], layerNorm: true });
  const params = net.init(key(), 4);
  const weights = params.layers.map((layer) => [...layer.w.dataSync()].join());
  assertEquals(new Set(weights).size, 3);
  const y = net.apply(params, input(5, 4));
  assertAllClose(tf.mean(y, 1), [0, 0, 0, 0, 0], { atol: 1e-5 });
  assertEquals(treeLeaves(mlp({ sizes: [2, 2], useBias: false }).init(key(), 1)).length, 2);
});

forEachEngine("derivatives of mlp() are right, first and second", () => {
  const layer = mlp({ sizes: [4, 2], activation: tf.tanh, layerNorm: true });
  const params = perturb(layer.init(key(), 3));
  checkGradients(layer.apply, [params, input(4, 3)], { order: 2, eps: 4e-3 });
});

Deno.test("mlp() leaks no tensor", async () => {
  await useEngine("cpu");
  assertNoLeak(mlp({ sizes: [3, 3], layerNorm: true }));
});

forEachEngine("mlp() refuses sizes that are no positive integers, and none at all", () => {
  assertThrows(() => mlp({ sizes: [3, -1] }), RangeError, "mlp() as sizes[1] must be a positive");
  assertThrows(() => mlp({ sizes: [] }), RangeError, "must list the features of at least one");
  assertThrows(() => mlp({ sizes: [1] }).init(key(), 0), RangeError, "mlp() as inputSize must be");
});
