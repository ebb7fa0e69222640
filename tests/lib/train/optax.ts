/** What Optax gives for the same gradients (tests/golden/optax). @module */
import * as tf from "@tensorflow/tfjs";
import { applyUpdates, type GradientTransformation } from "../../../lib/train/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import golden from "../../golden/optax/golden.json" with { type: "json" };

export { golden };

type Params = { b: Tensor; w: Tensor };

const toTensors = ({ b, w }: { b: number[]; w: number[][] }): Params => ({
  b: tf.tensor1d(b),
  w: tf.tensor2d(w),
});

/** Takes the twenty steps of the golden file; the last parameters are the caller's to dispose. */
function takeSteps(optimizer: GradientTransformation): Params {
  let params = toTensors(golden.params);
  let state = optimizer.init(params);
  for (const step of golden.grads) {
    const grads = toTensors(step);
    const [updates, nextState] = optimizer.update(grads, state, params);
    const nextParams = applyUpdates(params, updates);
    tf.dispose([grads, state, params, updates] as tf.TensorContainer);
    [params, state] = [nextParams, nextState];
  }
  tf.dispose(state as tf.TensorContainer);
  return params;
}

/** Fails unless an optimiser ends where Optax's of that name does, and leaks no tensor. */
export function assertLikeOptax(
  name: keyof typeof golden.optimizers,
  optimizer: GradientTransformation,
): void {
  const before = tf.memory().numTensors;
  const params = takeSteps(optimizer);
  assertAllClose(params, golden.optimizers[name], { rtol: 1e-6, atol: 1e-6 });
  tf.dispose(params);
  const leaked = tf.memory().numTensors - before;
  if (leaked !== 0) throw new Error(`${name} leaks ${leaked} tensors`);
}
