/** The parts that optimisers are chained of. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import {
  assertSameStructure,
  describe,
  type Tensor,
  type Tree,
  treeFlatten,
  treeLeaves,
  treeMap,
  type TreeOf,
  treeUnflatten,
} from "../tree/mod.ts";
import type { Schedule } from "./schedules.ts";
import { type GradientTransformation, mapLeaves } from "./transformation.ts";

/** Fails unless the numbers of an optimiser are finite, from `min` to below `max`. */
export function checkNumbers(
  optimiser: string,
  values: Readonly<Record<string, unknown>>,
  { min = -Infinity, max = Infinity }: { readonly min?: number; readonly max?: number } = {},
): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isFinite(value) && value as number >= min && value as number < max) continue;
    const rule = max < Infinity
      ? `from ${min} to below ${max}`
      : min === 0
      ? "not negative"
      : "finite";
    throw new RangeError(
      `Cannot make ${optimiser} as ${name} must be a number ${rule}: got ${describe(value)}`,
    );
  }
}

/** The next step: int32, and the largest int32 for ever after it. */
export function increment(count: Tensor): Tensor {
  const last = tf.scalar(2 ** 31 - 1, "int32");
  return tf.where(tf.equal(count, last), last, tf.add(count, tf.scalar(1, "int32")));
}

/**
 * What a running mean that began at zero is divided by after `count` steps: `1 - decay ** count`.
 */
export function biasCorrection(decay: number, count: Tensor): Tensor {
  return tf.sub(1, tf.pow(tf.scalar(decay), tf.cast(count, "float32")));
}

/**
 * Multiplies by minus the learning rate, so that adding the updates descends.
 *
 * @throws {TypeError} If `learningRate` is neither a finite number nor a function.
 *
 * @example
 * ```ts
 * import { scaleByLearningRate } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [updates] = scaleByLearningRate(0.5).update([tf.scalar(3)], null);
 * assertEquals(updates[0]!.dataSync()[0], -1.5);
 * ```
 */
export function scaleByLearningRate(learningRate: number | Schedule): GradientTransformation {
  if (typeof learningRate !== "function" && !Number.isFinite(learningRate)) {
    throw new TypeError(
      `Cannot make an optimiser as its learning rate is a finite number or a schedule: got ` +
        describe(learningRate),
    );
  }
  const scale = (grads: Tree, rate: Tensor): Tree => treeMap((g) => tf.mul(g, tf.neg(rate)), grads);
  if (typeof learningRate === "number") {
    return {
      init: () => null,
      update: <P>(grads: P) =>
        tidy(() => [scale(grads as Tree, tf.scalar(learningRate)) as P, null]),
    };
  }
  return {
    init: () => ({ count: tf.scalar(0, "int32") }),
    update: <P>(grads: P, state: Tree) =>
      tidy(() => {
        const { count } = state as { count: Tensor };
        return [scale(grads as Tree, learningRate(count)) as P, { count: increment(count) }];
      }),
  };
}

/**
 * Adds `weightDecay` times the parameters, of those that the mask names.
 *
 * @throws {TypeError} When updated without parameters, or where gradients, parameters and mask
 * differ in structure.
 *
 * @example
 * ```ts
 * import { addDecayedWeights } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [grads, params] = [[tf.scalar(1)], [tf.scalar(4)]];
 * const [updates] = addDecayedWeights(0.5).update(grads, null, params);
 * assertEquals(updates[0]!.dataSync()[0], 3);
 * ```
 */
export function addDecayedWeights(
  weightDecay: number,
  mask: TreeOf<boolean> | ((params: Tree) => TreeOf<boolean>) = null,
): GradientTransformation {
  checkNumbers("addDecayedWeights()", { weightDecay });
  return {
    init: () => null,
    update: (grads, state, params) => {
      if (params === undefined || params === null) {
        throw new TypeError(
          `Cannot decay weights as update() was called without them (call ` +
            `update(grads, state, params))`,
        );
      }
      const decay = (g: Tensor, p: Tensor): Tensor => tf.add(g, tf.mul(weightDecay, p));
      return tidy(() => {
        if (mask === null || mask === undefined) {
          return [mapLeaves("decay weights", decay, { grads, params }), state];
        }
        const masked = typeof mask === "function" ? mask(params as Tree) : mask;
        return [decayMasked(grads, params, masked, decay), state];
      });
    },
  };
}

function decayMasked<P>(
  grads: P,
  params: P,
  mask: TreeOf<boolean>,
  decay: (g: Tensor, p: Tensor) => Tensor,
): P {
  const [flags, maskDef] = treeFlatten<boolean>(mask, (leaf) => typeof leaf === "boolean");
  const [leaves, treedef] = treeFlatten(grads as Tree);
  assertSameStructure(treedef, maskDef, "decay weights", "mask");
  const decayed = treeLeaves(mapLeaves<Tree>("decay weights", decay, { grads, params }));
  return treeUnflatten(treedef, leaves.map((g, i) => flags[i] ? decayed[i]! : tf.clone(g))) as P;
}
