/** One step of training as a pure function of what training carries. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { valueAndGrad } from "../transform/mod.ts";
import { checkFunction, describe, type Tensor, type Tree } from "../tree/mod.ts";
import { increment } from "./scale.ts";
import { applyUpdates, type GradientTransformation } from "./transformation.ts";

/** The state that training carries from step to step: a tree, to be jitted and saved as it is. */
export type TrainState<P> = {
  /** The part that is learned: a tree of float32 tensors. */
  readonly params: P;
  /** The memory of the optimiser. */
  readonly optimizer: Tree;
  /** int32 `[]`: the number of steps done. */
  readonly step: Tensor;
};

/** A training step as a pair of pure functions. */
export interface TrainStep<P, B extends readonly unknown[]> {
  /** The state before the first step; the parameters in it are those given, not copies. */
  init(params: P): TrainState<P>;
  /** The state after one more step, and the loss before it, float32 `[]`. */
  step(state: TrainState<P>, ...batch: B): [state: TrainState<P>, loss: Tensor];
}

/**
 * Makes a training step of a loss and an optimiser: forward, backward, update. Copy its few lines
 * where a step of yours does more.
 *
 * @param loss A float32 scalar of the parameters and of what a batch is made of.
 * @param optimizer What turns gradients into updates, such as `adam(1e-3)`.
 * @returns `{init, step}`. Give `step` to `jit` with `{donate: 0}`, so that the new state takes the
 * old one's memory, and to {@linkcode fit} to run it.
 * @throws {TypeError} If `loss` is no function, or the optimiser no pair `{init, update}`.
 *
 * @example A line through points
 * ```ts
 * import { jit, sgd, type Tensor, trainStep } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const loss = (p: { slope: Tensor }, x: Tensor, y: Tensor) =>
 *   tf.mean(tf.square(tf.sub(tf.mul(p.slope, x), y)));
 * const { init, step } = trainStep(loss, sgd(0.1));
 * const compiled = jit(step);
 * let state = init({ slope: tf.scalar(0) });
 * for (let i = 0; i < 20; i++) [state] = compiled(state, tf.tensor1d([1, 2]), tf.tensor1d([3, 6]));
 * assertAlmostEquals(state.params.slope.dataSync()[0]!, 3, 1e-4);
 * ```
 */
export function trainStep<P, B extends readonly unknown[]>(
  loss: (params: P, ...batch: B) => Tensor,
  optimizer: GradientTransformation,
): TrainStep<P, B> {
  checkFunction(loss, "make a training step", "its loss");
  const { init, update } = optimizer as Partial<GradientTransformation> ?? {};
  if (typeof init !== "function" || typeof update !== "function") {
    throw new TypeError(
      `Cannot make a training step as its optimizer is a pair {init, update}: got ` +
        `${describe(optimizer)} (give adam(1e-3), for one)`,
    );
  }
  return {
    init: (params) => ({
      params,
      optimizer: optimizer.init(params as Tree),
      step: tf.scalar(0, "int32"),
    }),
    step: ({ params, optimizer: before, step }, ...batch) =>
      tidy(() => {
        const [value, grads] = valueAndGrad((p: P) => loss(p, ...batch))(params);
        const [updates, after] = optimizer.update(grads, before, params);
        const next = { params: applyUpdates(params, updates), optimizer: after };
        return [{ ...next, step: increment(step) }, value];
      }),
  };
}
