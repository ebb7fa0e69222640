/** Stochastic gradient descent. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { checkNumbers, scaleByLearningRate } from "./scale.ts";
import type { Schedule } from "./schedules.ts";
import { chain, type GradientTransformation, mapLeaves } from "./transformation.ts";

/** Options of {@linkcode sgd}. */
export interface SgdOptions {
  /** Decay of the sum of former gradients; none by default. */
  readonly momentum?: number;
  /** Whether the momentum is Nesterov's; false by default. */
  readonly nesterov?: boolean;
}

/**
 * Stochastic gradient descent, with momentum if wanted (Sutskever et al. 2013).
 *
 * @param learningRate A number, or a schedule: a function of the step.
 * @throws {TypeError} If `learningRate` is neither a finite number nor a function; when updated, if
 * gradients and state differ in structure, shapes or dtypes.
 * @throws {RangeError} If `momentum` is not finite.
 *
 * @example
 * ```ts
 * import { sgd } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const optimizer = sgd(0.5);
 * const [updates] = optimizer.update([tf.scalar(3)], optimizer.init([tf.scalar(0)]));
 * assertEquals(updates[0]!.dataSync()[0], -1.5);
 * ```
 */
export function sgd(
  learningRate: number | Schedule,
  options: SgdOptions = {},
): GradientTransformation {
  const { momentum, nesterov = false } = options;
  if (momentum !== undefined) checkNumbers("sgd()", { momentum });
  const scale = scaleByLearningRate(learningRate);
  return momentum === undefined ? chain(scale) : chain(trace(momentum, nesterov), scale);
}

/** Sums gradients, former ones with a weight that decays by the step. */
function trace(decay: number, nesterov: boolean): GradientTransformation {
  return {
    init: (params) => tidy(() => treeMap((p) => tf.zeros(p.shape), params)),
    update: <P>(grads: P, state: Tree) =>
      tidy(() => {
        const add = (g: Tensor, t: Tensor): Tensor => tf.add(g, tf.mul(decay, t));
        const sums = mapLeaves<P>("update sgd()", add, { grads, state });
        const updates = nesterov ? treeMap(add, grads, sums) : treeMap((t) => tf.clone(t), sums);
        return [updates, sums as Tree];
      }),
  };
}
