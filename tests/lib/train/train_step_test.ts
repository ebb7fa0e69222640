import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { adam, applyUpdates, trainStep } from "../../../lib/train/mod.ts";
import { jit, valueAndGrad } from "../../../lib/transform/mod.ts";
import { type Tensor, treeLeaves } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

type Params = { readonly w: Tensor; readonly b: Tensor };
const loss = ({ w, b }: Params, x: Tensor, y: Tensor): Tensor =>
  tf.mean(tf.square(tf.sub(tf.add(tf.mul(w, x), b), y)));
const start = (): Params => ({ w: tf.scalar(0.5), b: tf.scalar(-1) });
const batch = (): [Tensor, Tensor] => [tf.tensor1d([1, 2, 3]), tf.tensor1d([1, 3, 5])];
const numbers = (tree: unknown): number[] =>
  treeLeaves(tree as Params).flatMap((x) => [...x.dataSync()]);

forEachEngine("trainStep() does what is written out: gradient, optimiser, update", () => {
  const optimizer = adam(0.1);
  const { init, step } = trainStep(loss, optimizer);
  const compiled = jit(step, { donate: 0 });
  let state = init(start());
  let [params, memory] = [start(), optimizer.init(start())];
  for (let t = 0; t < 3; t++) {
    const [next, value] = compiled(state, ...batch());
    const [expected, grads] = valueAndGrad(loss)(params, ...batch());
    const [updates, after] = optimizer.update(grads, memory, params);
    [params, memory] = [applyUpdates(params, updates), after];
    assertAlmostEquals(numbers(value)[0]!, numbers(expected)[0]!, 1e-5);
    numbers(next.params).forEach((x, i) => assertAlmostEquals(x, numbers(params)[i]!, 1e-5));
    assertEquals([next.step.dtype, ...numbers(next.step)], ["int32", t + 1]);
    state = next;
  }
});

forEachEngine("trainStep() changes none of its arguments and leaves nothing behind", () => {
  const { init, step } = trainStep(loss, adam(0.1));
  const [state, data] = [init(start()), batch()];
  const before = tf.memory().numTensors;
  const [next] = step(state, ...data);
  assertEquals(tf.memory().numTensors - before, treeLeaves(next).length + 1);
  assertEquals(numbers(state.params), [-1, 0.5]);
  assert(numbers(next.params)[0] !== -1);
});

Deno.test("trainStep() refuses what is no loss and what is no optimiser", () => {
  const none = undefined as never;
  assertThrows(
    () => trainStep(none, adam(1)),
    TypeError,
    "Cannot make a training step as its loss must be a function: got undefined",
  );
  assertThrows(
    () => trainStep(loss, none),
    TypeError,
    "Cannot make a training step as its optimizer is a pair {init, update}: got undefined",
  );
});
