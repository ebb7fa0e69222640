import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { adam, applyUpdates, chain, sgd } from "../../../lib/train/mod.ts";
import { jit, valueAndGrad } from "../../../lib/transform/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

type Params = { w: tf.Tensor; b: tf.Tensor | null };

forEachEngine("chain() applies transformations in order and keeps a state for each", () => {
  const optimizer = chain(sgd(2), chain(sgd(3)));
  const params = { w: tf.scalar(1), b: null };
  const state = optimizer.init(params);
  const [updates, next] = optimizer.update(params, state, params);
  assertAllClose(updates, { w: 6, b: null });
  assertEquals(JSON.stringify(next), JSON.stringify(state));
});

forEachEngine("applyUpdates() adds leaf by leaf and leaves its arguments alone", () => {
  const params: Params = { w: tf.tensor1d([1, 2]), b: null };
  const next = applyUpdates(params, { w: tf.tensor1d([10, -2]), b: null });
  assertAllClose([next, params], [{ w: [11, 0], b: null }, { w: [1, 2], b: null }]);
});

forEachEngine("applyUpdates() refuses updates that would broadcast", () => {
  assertThrows(
    () => applyUpdates({ w: tf.zeros([3, 1]) }, { w: tf.zeros([3]) }),
    TypeError,
    "Cannot apply updates as leaves in the same place must have one shape and dtype: " +
      "params at w is float32 [3, 1], updates is float32 [3]",
  );
  assertThrows(
    () => applyUpdates([tf.zeros([2], "int32")], [tf.zeros([2])]),
    TypeError,
    "params at [0] is int32 [2], updates is float32 [2]",
  );
});

forEachEngine("chain() refuses a state that is not its own", () => {
  const params = { w: tf.scalar(1) };
  assertThrows(
    () => chain(sgd(1), sgd(1)).update(params, sgd(1).init(params)),
    TypeError,
    "Cannot update chain() as its state is an array with a state for each transformation: " +
      "expected 2, got 1 (pass what init() or the last update() returned)",
  );
});

forEachEngine("a whole training step compiles and fits a line", () => {
  const x = tf.linspace(-1, 1, 16);
  const y = tf.add(tf.mul(x, 3), -2);
  const loss = (p: { w: tf.Tensor; b: tf.Tensor }): tf.Tensor =>
    tf.mean(tf.square(tf.sub(tf.add(tf.mul(p.w, x), p.b), y)));
  const optimizer = adam(0.3);
  const initial: { w: tf.Tensor; b: tf.Tensor } = { w: tf.scalar(0), b: tf.scalar(0) };
  const step = jit((p: typeof initial, state: ReturnType<typeof optimizer.init>) => {
    const [value, grads] = valueAndGrad(loss)(p);
    const [updates, next] = optimizer.update(grads, state, p);
    return [applyUpdates(p, updates), next, value] as const;
  });
  let [params, state, value] = step(initial, optimizer.init(initial));
  for (let i = 0; i < 150; i++) [params, state, value] = step(params, state);
  assertAllClose(params, { w: 3, b: -2 }, { atol: 0.05 });
  assertAllClose(value, 0, { atol: 1e-2 });
});
