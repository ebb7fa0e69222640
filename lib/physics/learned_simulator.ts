/** Learning, alike for all simulators, whatever they simulate. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { foldIn } from "../random/mod.ts";
import {
  type GradientTransformation,
  moveAverage,
  type TrainState,
  trainStep,
} from "../train/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";

/** All that a prediction needs: a tree of tensors. */
export type SimulatorWeights<Params, Norms> = {
  /** The part that is learned by descent: float32 tensors, type embeddings included. */
  readonly params: Params;
  /** Statistics of samples, learned without a gradient; null where all is known before. */
  readonly normalizers: Norms;
};

/**
 * The part that tells one simulator from another, as pure functions of trees of tensors: how a
 * batch becomes a sample, and what the loss of a sample is. Each runs inside `jit`.
 */
export interface SimulatorModel<Params, Norms, Batch, Sample> {
  /** Random parameters, and normalisers that have seen nothing. */
  init(key: Tensor): SimulatorWeights<Params, Norms>;
  /**
   * Features and targets to learn from, with noise drawn by the key. What only
   * the host can compute comes with the batch.
   */
  sample(batch: Batch, key: Tensor): Sample;
  /** Normalisers that have seen one more sample. */
  accumulate(normalizers: Norms, sample: Sample): Norms;
  /** The loss of a sample, float32 `[]`. */
  loss(weights: SimulatorWeights<Params, Norms>, sample: Sample): Tensor;
}

/** Options of {@linkcode learnedSimulator}. */
export interface LearnedSimulatorOptions {
  /** The optimiser, which turns gradients into updates, such as `adam(1e-4)`. */
  readonly optimizer: GradientTransformation;
  /** Keeps a moving average of the parameters with this decay, such as 0.999; none by default. */
  readonly averageDecay?: number | null;
}

/** All that training carries from step to step: one tree of tensors. */
export type SimulatorState<Params, Norms> = SimulatorWeights<Params, Norms> & TrainState<Params> & {
  /** The moving average of the parameters, or null. */
  readonly average: Params | null;
};

/**
 * A simulator that learns, as pure functions: give `accumulate`, `trainStep` and `loss` to `jit`.
 */
export interface LearnedSimulator<Params, Norms, Batch> {
  /** A state with random parameters, that has seen nothing. */
  init(key: Tensor): SimulatorState<Params, Norms>;
  /** Lets the normalisers alone see a batch; MeshGraphNets begins with 1000 such steps. */
  accumulate(
    state: SimulatorState<Params, Norms>,
    batch: Batch,
    key: Tensor,
  ): SimulatorState<Params, Norms>;
  /**
   * One training step: normalisers, forward, backward, optimiser. The key can stay the same from
   * step to step, as the state's counter is folded into it.
   */
  trainStep(
    state: SimulatorState<Params, Norms>,
    batch: Batch,
    key: Tensor,
  ): [state: SimulatorState<Params, Norms>, loss: Tensor];
  /** The loss of a batch that `trainStep` would descend, with the key as it is. */
  loss(weights: SimulatorWeights<Params, Norms>, batch: Batch, key: Tensor): Tensor;
  /** The weights to predict with: the averaged parameters where there are, and the normalisers. */
  weights(state: SimulatorState<Params, Norms>): SimulatorWeights<Params, Norms>;
}

/**
 * Makes a simulator that learns of a model of one step.
 *
 * How it predicts is the model's own business, as is what a state of the simulated world is:
 * `predict` stands beside these functions (`{...learnedSimulator(model, options), predict}`).
 *
 * @param model What is simulated.
 * @param options How to learn.
 * @returns Pure functions over a state.
 * @throws {RangeError} If `averageDecay` is not in [0, 1).
 *
 * @example Learning how fast things cool down
 * ```ts
 * import { adam, learnedSimulator, normalizer, type NormalizerState, random } from "@meshwork/meshwork";
 * import type { SimulatorModel, Tensor } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * type Params = { readonly rate: Tensor };
 * type Frames = { readonly now: Tensor; readonly next: Tensor };
 * const { init, accumulate, normalize, inverse } = normalizer();
 * const model: SimulatorModel<Params, NormalizerState, Frames, Frames> = {
 *   init: () => ({ params: { rate: tf.scalar(0) }, normalizers: init(1) }),
 *   sample: ({ now, next }, key) => ({ now: tf.add(now, random.normal(key, [2, 1])), next }),
 *   accumulate: (seen, { now }) => accumulate(seen, now),
 *   loss: ({ params, normalizers }, { now, next }) => {
 *     const cooler = inverse(normalizers, tf.mul(normalize(normalizers, now), params.rate));
 *     return tf.mean(tf.square(tf.sub(cooler, next)));
 *   },
 * };
 * const { trainStep, ...simulator } = learnedSimulator(model, { optimizer: adam(0.1) });
 * const batch = { now: tf.tensor2d([[80], [20]]), next: tf.tensor2d([[65], [35]]) };
 * let state = simulator.init(random.key(0));
 * for (let i = 0; i < 20; i++) [state] = trainStep(state, batch, random.key(1));
 * assert(Math.abs(state.params.rate.dataSync()[0]! - 0.5) < 0.2);
 * ```
 */
export function learnedSimulator<Params, Norms, Batch, Sample>(
  model: SimulatorModel<Params, Norms, Batch, Sample>,
  { optimizer, averageDecay = null }: LearnedSimulatorOptions,
): LearnedSimulator<Params, Norms, Batch> {
  checkDecay(averageDecay);
  const training = trainStep(
    (params: Params, normalizers: Norms, sample: Sample) =>
      model.loss({ params, normalizers }, sample),
    optimizer,
  );
  return {
    init: (key) =>
      tidy(() => {
        const { params, normalizers } = model.init(key);
        const average = averageDecay === null
          ? null
          : treeMap((p) => tf.clone(p), params as Tree) as Params;
        return { ...training.init(params), normalizers, average };
      }),
    accumulate: (state, batch, key) =>
      tidy(() => {
        const sample = model.sample(batch, key);
        return { ...state, normalizers: model.accumulate(state.normalizers, sample) };
      }),
    trainStep: (state, batch, key) =>
      tidy(() => {
        const sample = model.sample(batch, foldIn(key, state.step));
        const normalizers = model.accumulate(state.normalizers, sample);
        const [next, loss] = training.step(state, normalizers, sample);
        const average = state.average &&
          moveAverage(state.average, next.params, earlyDecay(averageDecay!, state.step));
        return [{ ...next, normalizers, average }, loss];
      }),
    loss: (weights, batch, key) => tidy(() => model.loss(weights, model.sample(batch, key))),
    weights: ({ params, average, normalizers }) => ({ params: average ?? params, normalizers }),
  };
}

/** The decay of an average that forgets its start: at most (1 + t) / (10 + t). */
function earlyDecay(decay: number, step: Tensor): Tensor {
  const t = tf.cast(step, "float32");
  return tf.minimum(tf.div(tf.add(t, 1), tf.add(t, 10)), decay);
}

function checkDecay(decay: number | null): void {
  if (decay === null || decay >= 0 && decay < 1) return;
  throw new RangeError(
    `Cannot make a learned simulator as averageDecay is null or in [0, 1): got ${decay}`,
  );
}
