/** Exponential moving averages. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { biasCorrection, checkNumbers, increment } from "./scale.ts";
import { type GradientTransformation, mapLeaves } from "./transformation.ts";

/** Options of {@linkcode ema}. */
export interface EmaOptions {
  /** Whether the bias towards zero, where the mean begins, is corrected; true by default. */
  readonly debias?: boolean;
}

/**
 * The exponential moving average of what it is given: of gradients within a `chain`, or of the
 * parameters, for a model that is smoother than the last step's.
 *
 * @param decay How much of the mean stays at each step.
 * @throws {TypeError} When updated, if values and state differ in structure, shapes or dtypes.
 * @throws {RangeError} If `decay` is not in [0, 1).
 *
 * @example The mean of parameters
 * ```ts
 * import { ema } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const average = ema(0.9);
 * let state = average.init({ w: tf.scalar(0) });
 * let mean = { w: tf.scalar(0) };
 * for (const w of [1, 2, 3]) [mean, state] = average.update({ w: tf.scalar(w) }, state);
 * assertAlmostEquals(mean.w.dataSync()[0]!, (0.81 * 1 + 0.9 * 2 + 3) / 2.71, 1e-6);
 * ```
 */
export function ema(decay: number, options: EmaOptions = {}): GradientTransformation {
  const { debias = true } = options;
  checkNumbers("ema()", { decay }, { min: 0, max: 1 });
  return {
    init: (params) =>
      tidy(() => ({
        count: tf.scalar(0, "int32"),
        ema: treeMap((p) => tf.zeros(p.shape), params),
      })),
    update: <P>(values: P, state: Tree) =>
      tidy(() => {
        const before = state as { count: Tensor; ema: Tree };
        const mean = (x: Tensor, m: Tensor): Tensor =>
          tf.add(tf.mul(1 - decay, x), tf.mul(decay, m));
        const means = mapLeaves<P>("update ema()", mean, { values, state: before.ema });
        const count = increment(before.count);
        const correction = debias ? biasCorrection(decay, count) : tf.scalar(1);
        const updates = treeMap((m) => tf.div(m, correction), means);
        return [updates, { count, ema: means } as Tree];
      }),
  };
}
