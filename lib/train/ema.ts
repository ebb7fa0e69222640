/** Exponential moving averages. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { biasCorrection, checkNumbers, increment } from "./scale.ts";
import { type GradientTransformation, mapLeaves } from "./transformation.ts";

/**
 * Moves an average towards new values: `decay * average + (1 - decay) * values`, leaf by leaf.
 *
 * @param average A tree of float32 tensors.
 * @param values Of the same structure and shapes.
 * @param decay How much of the average stays: a number, or a float32 scalar that may change from
 * step to step.
 * @returns The new average.
 * @throws {TypeError} If structure, shapes or dtypes differ; the leaf is named.
 *
 * @example
 * ```ts
 * import { moveAverage } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const average = moveAverage({ w: tf.scalar(1) }, { w: tf.scalar(3) }, 0.75);
 * assertEquals(average.w.dataSync()[0], 1.5);
 * ```
 */
export function moveAverage<P>(average: P, values: P, decay: number | Tensor): P {
  return tidy(() => moved("move an average", average, values, decay));
}

/** The same, for a caller whose errors say what it does. */
function moved<P>(action: string, average: P, values: P, decay: number | Tensor): P {
  const rest = typeof decay === "number" ? 1 - decay : tf.sub(1, decay);
  const mean = (x: Tensor, m: Tensor): Tensor => tf.add(tf.mul(rest, x), tf.mul(decay, m));
  return mapLeaves<P>(action, mean, { values, average });
}

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
        const means = moved<P>("update ema()", before.ema as P, values, decay);
        const count = increment(before.count);
        const correction = debias ? biasCorrection(decay, count) : tf.scalar(1);
        const updates = treeMap((m) => tf.div(m, correction), means);
        return [updates, { count, ema: means } as Tree];
      }),
  };
}
