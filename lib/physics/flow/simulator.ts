/** A flow simulator that learns: MeshGraphNets for velocities on a mesh. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import {
  type LearnedSimulator,
  learnedSimulator,
  type LearnedSimulatorOptions,
  type SimulatorState,
} from "../learned_simulator.ts";
import type { MeshGraphNetsParams } from "../mesh_graph_nets.ts";
import { scanRollout } from "../scan_rollout.ts";
import {
  type FlowModel,
  flowModel,
  type FlowModelOptions,
  type FlowNormalizers,
  type FlowWeights,
} from "./model.ts";
import type { FlowBatch } from "./sample.ts";
import type { FlowTrajectory } from "./trajectory.ts";

/** Options of {@linkcode flowSimulator}. */
export interface FlowSimulatorOptions extends FlowModelOptions, LearnedSimulatorOptions {}

/** All that training carries from step to step: one tree of tensors. */
export type FlowState = SimulatorState<MeshGraphNetsParams, FlowNormalizers>;

/** A simulator as pure functions: give `accumulate`, `trainStep`, `loss` and `predict` to `jit`. */
export interface FlowSimulator
  extends LearnedSimulator<MeshGraphNetsParams, FlowNormalizers, FlowBatch> {
  /** The frame that follows; see {@linkcode FlowModel}. */
  readonly predict: FlowModel["predict"];
  /**
   * The velocities that follow a trajectory's first ones, each from predictions, float32
   * `[steps, N, D]`: one program inside `jit`. Beyond the trajectory's end, what is prescribed
   * stays as in its last frame.
   *
   * @throws {RangeError} If `steps` is no number of steps.
   */
  rollout(weights: FlowWeights, trajectory: FlowTrajectory, steps: number): Tensor;
}

/**
 * Makes a flow simulator as MeshGraphNets has it for `cylinder_flow` (Pfaff et al. 2021,
 * arXiv:2010.03409; `cfd_model.py`, `dataset.py`).
 *
 * Features, one-hot types and the change of velocity are normalised online, NORMAL nodes get noise,
 * and the loss is taken over NORMAL and OUTFLOW nodes. What differs: the normalisers clamp
 * variances before the root, parameters can be averaged, several frames of one mesh make a batch,
 * and frames can be moved by symmetries.
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
 * assertEquals(simulator.rollout(simulator.weights(state), trajectory, 4).shape, [4, 3, 2]);
 * ```
 */
export function flowSimulator(options: FlowSimulatorOptions): FlowSimulator {
  const model = flowModel(options);
  const { predict } = model;
  return {
    ...learnedSimulator(model, options),
    predict,
    rollout: (weights, trajectory, steps) =>
      tidy(() => {
        const first = tf.gather(trajectory.velocity, tf.scalar(0, "int32"));
        const step = (velocity: Tensor, frame: Tensor): Tensor =>
          predict(weights, trajectory, velocity, frame);
        return scanRollout(step, first, steps);
      }),
  };
}
