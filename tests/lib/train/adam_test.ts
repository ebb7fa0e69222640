import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { adam, adamw, schedules } from "../../../lib/train/mod.ts";
import { type Tree, treeLeaves } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { assertLikeOptax } from "./optax.ts";

forEachEngine("adam() takes the steps of optax.adam and leaks no tensor", () => {
  assertLikeOptax("adam", adam(0.1));
  assertLikeOptax("adam, options", adam(0.05, { b1: 0.8, b2: 0.95, eps: 1e-3, epsRoot: 1e-4 }));
  const decay = schedules.exponentialDecay(0.1, 5, 0.5, { endValue: 1e-2 });
  assertLikeOptax("adam, exponential decay", adam(decay));
});

forEachEngine("adamw() takes the steps of optax.adamw and leaks no tensor", () => {
  assertLikeOptax("adamw", adamw(0.1, { weightDecay: 0.1 }));
  assertLikeOptax(
    "adamw, mask",
    adamw(0.1, { weightDecay: 0.1, mask: { b: false, w: true } }),
  );
});

forEachEngine("adamw() takes a mask that is a function of the parameters", () => {
  const ofMatrices = (params: Tree) => treeLeaves(params).map((p) => p.rank > 1);
  const optimizer = adamw(1, { weightDecay: 0.5, mask: ofMatrices });
  const params = [tf.tensor1d([2]), tf.tensor2d([[2]])];
  const grads = [tf.tensor1d([0]), tf.tensor2d([[0]])];
  const [updates] = optimizer.update(grads, optimizer.init(params), params);
  assertAllClose(updates, [[0], [[-1]]]);
});

forEachEngine("adam() counts its steps in int32", () => {
  const optimizer = adam(schedules.constant(0.1));
  const params = { w: tf.scalar(1) };
  let state = optimizer.init(params);
  for (let i = 0; i < 3; i++) [, state] = optimizer.update(params, state);
  const counts = treeLeaves(state).filter((leaf) => leaf.dtype === "int32");
  assertEquals(counts.map((count) => count.dataSync()[0]), [3, 3]);
});

forEachEngine("adam() moves by the learning rate at first, whatever the size of gradients", () => {
  const optimizer = adam(0.1, { eps: 0 });
  const grads = [tf.tensor1d([1e-8, -1e8])];
  const [updates] = optimizer.update(grads, optimizer.init(grads));
  assertAllClose(updates, [[-0.1, 0.1]]);
});

forEachEngine("optimisers refuse gradients that do not fit their state", () => {
  const optimizer = adam(0.1);
  const state = optimizer.init({ w: tf.zeros([2, 1]), b: null });
  assertThrows(
    () => optimizer.update({ w: tf.zeros([2]), b: null }, state),
    TypeError,
    "Cannot update adam() as leaves in the same place must have one shape and dtype: " +
      "grads at w is float32 [2], state is float32 [2, 1]",
  );
  assertThrows(
    () => optimizer.update({ w: tf.zeros([2, 1]) }, state),
    TypeError,
    "Cannot update adam() as all trees must have one structure: expected {w: *}, state is " +
      "{b: null, w: *}",
  );
});

forEachEngine("adamw() refuses to decay weights that it is not given", () => {
  const optimizer = adamw(0.1);
  const grads = { w: tf.scalar(1) };
  assertThrows(
    () => optimizer.update(grads, optimizer.init(grads)),
    TypeError,
    "Cannot decay weights as update() was called without them (call update(grads, state, params))",
  );
  const masked = adamw(0.1, { mask: [true] });
  assertThrows(
    () => masked.update(grads, masked.init(grads), grads),
    TypeError,
    "Cannot decay weights as all trees must have one structure: expected {w: *}, mask is [*]",
  );
});
