/** A cloth simulator that learns: MeshGraphNets for nodes that move. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import {
  type LearnedSimulator,
  learnedSimulator,
  type LearnedSimulatorOptions,
  type SimulatorState,
} from "../learned_simulator.ts";
import type { MeshGraphNetsParams } from "../mesh_graph_nets.ts";
import { scanRollout } from "../scan_rollout.ts";
import {
  type ClothBatch,
  type ClothFrames,
  type ClothModel,
  clothModel,
  type ClothModelOptions,
  type ClothNormalizers,
  type ClothWeights,
} from "./model.ts";
import type { ClothTrajectory } from "./trajectory.ts";

/** Options of {@linkcode clothSimulator}. */
export interface ClothSimulatorOptions extends ClothModelOptions, LearnedSimulatorOptions {}

/** All that training carries from step to step: one tree of tensors. */
export type ClothState = SimulatorState<MeshGraphNetsParams, ClothNormalizers>;

/** A simulator as pure functions: give `accumulate`, `trainStep`, `loss` and `predict` to `jit`. */
export interface ClothSimulator
  extends LearnedSimulator<MeshGraphNetsParams, ClothNormalizers, ClothBatch> {
  /** The frames that follow; see {@linkcode ClothModel}. */
  readonly predict: ClothModel["predict"];
  /**
   * The positions that follow a trajectory's first two, each from predictions, float32
   * `[steps, N, D]`: one program inside `jit`.
   *
   * @throws {RangeError} If `steps` is no number of steps, or there are fewer than two frames.
   */
  rollout(weights: ClothWeights, trajectory: ClothTrajectory, steps: number): Tensor;
}

/**
 * Makes a cloth simulator as MeshGraphNets has it for `flag_simple`; see {@linkcode clothModel}.
 *
 * @param options The optimiser, sizes, noise.
 * @returns Pure functions over a state.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example A training step, and a rollout of two frames
 * ```ts
 * import { adam, type ClothFrames, clothSimulator, clothTrajectory } from "@meshwork/meshwork";
 * import { jit, random, rollout } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const { mesh, worldPosition } = clothTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [3, 0, 0] },
 *   world_pos: { shape: [3, 3, 3], data: new Float32Array(27).fill(1) },
 * });
 * const simulator = clothSimulator({
 *   optimizer: adam(1e-3),
 *   network: { latentSize: 8, steps: 2 },
 * });
 * const batch = { mesh, worldPosition, frames: tf.tensor1d([1], "int32") };
 * const [state] = jit(simulator.trainStep)(simulator.init(random.key(0)), batch, random.key(1));
 * const predict = jit((frames: ClothFrames) =>
 *   simulator.predict(simulator.weights(state), mesh, frames)
 * );
 * const start = { previous: tf.ones([3, 3]), current: tf.ones([3, 3]) };
 * const { shape } = await rollout(predict, start, 2, { frameOf: ({ current }) => current });
 * assertEquals(shape, [2, 3, 3]);
 * ```
 */
export function clothSimulator(options: ClothSimulatorOptions): ClothSimulator {
  const model = clothModel(options);
  const { predict } = model;
  return {
    ...learnedSimulator(model, options),
    predict,
    rollout: (weights, { mesh, worldPosition }, steps) => {
      if (worldPosition.shape[0]! < 2) {
        throw new RangeError(
          `Cannot roll out a cloth as it starts from two frames: got ${describe(worldPosition)}`,
        );
      }
      return tidy(() => {
        const at = (frame: number): Tensor => tf.gather(worldPosition, tf.scalar(frame, "int32"));
        const step = (frames: ClothFrames): ClothFrames => predict(weights, mesh, frames);
        return scanRollout(step, { previous: at(0), current: at(1) }, steps, {
          frameOf: ({ current }) => current,
        });
      });
    },
  };
}
