/** A flow simulator that learns: MeshGraphNets for velocities on a mesh. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { foldIn } from "../random/mod.ts";
import { applyUpdates, type GradientTransformation } from "../train/mod.ts";
import { valueAndGrad } from "../transform/mod.ts";
import { type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import {
  type FlowModel,
  flowModel,
  type FlowModelOptions,
  type FlowWeights,
} from "./flow_model.ts";
import { type FlowBatch, flowSample, type FlowSampleOptions } from "./flow_sample.ts";
import type { MeshGraphNetsParams } from "./mesh_graph_nets.ts";

/** Options of {@linkcode flowSimulator}. */
export interface FlowSimulatorOptions extends FlowModelOptions, FlowSampleOptions {
  /** What turns gradients into updates, such as `adam(1e-4)`. */
  readonly optimizer: GradientTransformation;
  /** Keeps a moving average of the parameters with this decay, such as 0.999; none by default. */
  readonly averageDecay?: number | null;
}

/** All that training carries from step to step: one tree of tensors. */
export type FlowState = FlowWeights & {
  readonly optimizer: Tree;
  /** The moving average of the parameters, or null. */
  readonly average: MeshGraphNetsParams | null;
  /** int32 `[]`: the number of training steps done. */
  readonly step: Tensor;
};

/** A simulator as pure functions: give `accumulate`, `trainStep`, `loss` and `predict` to `jit`. */
export interface FlowSimulator {
  /** A state with random parameters, that has seen nothing. */
  init(key: Tensor): FlowState;
  /** Lets the normalisers alone see a batch; MeshGraphNets begins with 1000 such steps. */
  accumulate(state: FlowState, batch: FlowBatch, key: Tensor): FlowState;
  /**
   * One training step: normalisers, forward, backward, optimiser. The key can stay the same from step
   * to step, as the state's counter is folded into it.
   */
  trainStep(state: FlowState, batch: FlowBatch, key: Tensor): [state: FlowState, loss: Tensor];
  /** The loss of a batch that `trainStep` would descend, with the key as it is. */
  loss(weights: FlowWeights, batch: FlowBatch, key: Tensor): Tensor;
  /** What to predict with: the averaged parameters where there are, and the normalisers. */
  weights(state: FlowState): FlowWeights;
  /** The frame that follows; see {@linkcode FlowModel}. */
  readonly predict: FlowModel["predict"];
}

/**
 * Makes a flow simulator as MeshGraphNets has it for `cylinder_flow` (Pfaff et al. 2021,
 * arXiv:2010.03409; `cfd_model.py`, `dataset.py`).
 *
 * Features, one-hot types and the change of velocity are normalised online, NORMAL nodes get noise,
 * and the loss is taken over NORMAL and OUTFLOW nodes. What differs: the normalisers clamp variances
 * before the root, parameters can be averaged, several frames of one mesh make a batch, and frames can
 * be moved by symmetries.
 *
 * @param options The optimiser, sizes, noise and what else to train with.
 * @returns Pure functions over a state.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example A training step and a prediction, each one program on xla
 * ```ts
 * import { adam, flowSimulator, flowTrajectory, jit, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const trajectory = flowTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [4, 0, 5] },
 *   velocity: { shape: [2, 3, 2], data: new Float32Array(12).fill(1) },
 * });
 * const simulator = flowSimulator({
 *   optimizer: adam(1e-3),
 *   network: { latentSize: 8, steps: 2 },
 * });
 * const trainStep = jit(simulator.trainStep, { donate: 0 });
 * const batch = { ...trajectory, frames: tf.tensor1d([0], "int32") };
 * const [state, loss] = trainStep(simulator.init(random.key(0)), batch, random.key(1));
 * assertEquals(loss.shape, []);
 *
 * const predict = jit(simulator.predict);
 * const frame = tf.scalar(0, "int32");
 * const next = predict(simulator.weights(state), trajectory, tf.zeros([3, 2]), frame);
 * assertEquals(next.shape, [3, 2]);
 * ```
 */
export function flowSimulator(options: FlowSimulatorOptions): FlowSimulator {
  const { optimizer, averageDecay = null } = options;
  checkDecay(averageDecay);
  const model = flowModel(options);
  return {
    init: (key) =>
      tidy(() => {
        const weights = model.init(key);
        const average = averageDecay === null ? null : treeMap((p) => tf.clone(p), weights.params);
        const step = tf.scalar(0, "int32");
        return { ...weights, optimizer: optimizer.init(weights.params), average, step };
      }),
    accumulate: (state, batch, key) =>
      tidy(() => {
        const sample = flowSample(batch, key, options);
        return { ...state, normalizers: model.accumulate(state.normalizers, sample) };
      }),
    trainStep: (state, batch, key) =>
      tidy(() => {
        const sample = flowSample(batch, foldIn(key, state.step), options);
        const normalizers = model.accumulate(state.normalizers, sample);
        const loss = (params: MeshGraphNetsParams) => model.loss({ params, normalizers }, sample);
        const [value, grads] = valueAndGrad(loss)(state.params);
        const [updates, optimizerState] = optimizer.update(grads, state.optimizer, state.params);
        const params = applyUpdates(state.params, updates);
        const average = state.average &&
          moveAverage(state.average, params, averageDecay!, state.step);
        const step = tf.add(state.step, tf.scalar(1, "int32"));
        return [{ params, normalizers, optimizer: optimizerState, average, step }, value];
      }),
    loss: (weights, batch, key) => tidy(() => model.loss(weights, flowSample(batch, key, options))),
    weights: ({ params, average, normalizers }) => ({ params: average ?? params, normalizers }),
    predict: model.predict,
  };
}

/** An exponential moving average that forgets its start: the decay is at most (1 + t) / (10 + t). */
function moveAverage(
  average: MeshGraphNetsParams,
  params: MeshGraphNetsParams,
  decay: number,
  step: Tensor,
): MeshGraphNetsParams {
  const t = tf.cast(step, "float32");
  const early = tf.minimum(tf.div(tf.add(t, 1), tf.add(t, 10)), decay);
  return treeMap((a, p) => tf.add(tf.mul(a, early), tf.mul(p!, tf.sub(1, early))), average, params);
}

function checkDecay(decay: number | null): void {
  if (decay === null || decay >= 0 && decay < 1) return;
  throw new RangeError(
    `Cannot make a flow simulator as averageDecay is null or in [0, 1): got ${decay}`,
  );
}
