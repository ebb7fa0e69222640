/** Adam and its variant with decoupled weight decay. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { type Tensor, type Tree, treeMap, type TreeOf } from "../tree/mod.ts";
import {
  addDecayedWeights,
  biasCorrection,
  checkNumbers,
  increment,
  scaleByLearningRate,
} from "./scale.ts";
import type { Schedule } from "./schedules.ts";
import { chain, type GradientTransformation, mapLeaves } from "./transformation.ts";

/** Options of {@linkcode adam} and {@linkcode scaleByAdam}. */
export interface AdamOptions {
  /** Decay of the mean of the gradients; 0.9 by default. */
  readonly b1?: number;
  /** Decay of the mean of their squares; 0.999 by default. */
  readonly b2?: number;
  /** Added to the root of the mean square; 1e-8 by default. */
  readonly eps?: number;
  /** Added to the mean square, under the root; 0 by default. */
  readonly epsRoot?: number;
}

/** Options of {@linkcode adamw}. */
export interface AdamwOptions extends AdamOptions {
  /** How much of each parameter is taken off, times the learning rate; 1e-4 by default. */
  readonly weightDecay?: number;
  /** Which parameters decay: a tree of booleans, or a function of the parameters to one. */
  readonly mask?: TreeOf<boolean> | ((params: Tree) => TreeOf<boolean>);
}

/** The state of {@linkcode scaleByAdam}: steps taken (int32), and both means. */
export type AdamState = { readonly count: Tensor; readonly mu: Tree; readonly nu: Tree };

/**
 * Divides gradients' running mean by the root of their running mean square, both with their bias
 * towards zero corrected: Adam without a learning rate.
 * @throws {RangeError} If `b1` or `b2` is not in [0, 1), or `eps` or `epsRoot` is negative.
 *
 * @throws {TypeError} When updated, if gradients and state differ in structure, shapes or dtypes.
 *
 * @example
 * ```ts
 * import { chain, scaleByAdam, scaleByLearningRate } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const adam = chain(scaleByAdam({ b1: 0.8 }), scaleByLearningRate(0.1));
 * const [updates] = adam.update([tf.scalar(5)], adam.init([tf.scalar(0)]));
 * assertAlmostEquals(updates[0]!.dataSync()[0]!, -0.1, 1e-6);
 * ```
 */
export function scaleByAdam(options: AdamOptions = {}): GradientTransformation {
  const { b1 = 0.9, b2 = 0.999, eps = 1e-8, epsRoot = 0 } = options;
  checkNumbers("adam()", { b1, b2 }, { min: 0, max: 1 });
  checkNumbers("adam()", { eps, epsRoot }, { min: 0 });
  return {
    init: (params) =>
      tidy(() => ({
        count: tf.scalar(0, "int32"),
        mu: treeMap((p) => tf.zeros(p.shape), params),
        nu: treeMap((p) => tf.zeros(p.shape), params),
      })),
    update: (grads, state) =>
      tidy(() => {
        const before = state as AdamState;
        const mean = (decay: number) => (g: Tensor, m: Tensor): Tensor =>
          tf.add(tf.mul(1 - decay, g), tf.mul(decay, m));
        const meanSquare = (g: Tensor, v: Tensor): Tensor => mean(b2)(tf.square(g), v);
        const action = "update adam()";
        const mu: typeof grads = mapLeaves(action, mean(b1), { grads, state: before.mu });
        const nu: typeof grads = mapLeaves(action, meanSquare, { grads, state: before.nu });
        const count = increment(before.count);
        const [correct1, correct2] = [biasCorrection(b1, count), biasCorrection(b2, count)];
        const updates = treeMap(
          (m, v) => {
            const square = tf.div(v!, correct2);
            const root = tf.sqrt(epsRoot === 0 ? square : tf.add(square, epsRoot));
            return tf.div(tf.div(m, correct1), tf.add(root, eps));
          },
          mu,
          nu,
        );
        return [updates, { count, mu, nu } as Tree];
      }),
  };
}

/**
 * Adam (Kingma and Ba 2015, arXiv:1412.6980).
 *
 * @param learningRate A number, or a schedule: a function of the step.
 * @throws {TypeError} If `learningRate` is neither a finite number nor a function; when updated, if
 * gradients and state differ in structure, shapes or dtypes.
 * @throws {RangeError} If `b1` or `b2` is not in [0, 1), or `eps` or `epsRoot` is negative.
 *
 * @example Minimise (w - 3)²
 * ```ts
 * import { adam, applyUpdates, grad } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const loss = (p: { w: tf.Tensor }) => tf.square(tf.sub(p.w, 3));
 * const optimizer = adam(0.3);
 * let params = { w: tf.scalar(0) as tf.Tensor };
 * let state = optimizer.init(params);
 * for (let step = 0; step < 100; step++) {
 *   const [updates, next] = optimizer.update(grad(loss)(params), state, params);
 *   params = applyUpdates(params, updates);
 *   state = next;
 * }
 * assertAlmostEquals(params.w.dataSync()[0]!, 3, 0.01);
 * ```
 */
export function adam(
  learningRate: number | Schedule,
  options: AdamOptions = {},
): GradientTransformation {
  return chain(scaleByAdam(options), scaleByLearningRate(learningRate));
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv:1711.05101).
 *
 * @param learningRate A number, or a schedule: a function of the step.
 * @throws {TypeError} If `learningRate` is neither a finite number nor a function; when updated, if
 * gradients, state, parameters and mask differ in structure, or parameters are missing.
 * @throws {RangeError} As `adam`, and if `weightDecay` is not finite.
 *
 * @example Weights decay, biases do not
 * ```ts
 * import { adamw } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const optimizer = adamw(0.1, { weightDecay: 0.5, mask: { w: true, b: false } });
 * const params = { w: tf.scalar(2), b: tf.scalar(2) };
 * const zero = { w: tf.scalar(0), b: tf.scalar(0) };
 * const [updates] = optimizer.update(zero, optimizer.init(params), params);
 * assertEquals(updates.w.dataSync()[0]!.toFixed(4), "-0.1000");
 * assertEquals(Math.abs(updates.b.dataSync()[0]!), 0);
 * ```
 */
export function adamw(
  learningRate: number | Schedule,
  options: AdamwOptions = {},
): GradientTransformation {
  const { weightDecay = 1e-4, mask = null } = options;
  return chain(
    scaleByAdam(options),
    addDecayedWeights(weightDecay, mask),
    scaleByLearningRate(learningRate),
  );
}
