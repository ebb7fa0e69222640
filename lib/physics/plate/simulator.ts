/** A simulator of plates that learns, and its rollout as one program. @module */
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../../tensor/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import { scan } from "../../transform/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import {
  type LearnedSimulator,
  learnedSimulator,
  type LearnedSimulatorOptions,
  type SimulatorState,
} from "../learned_simulator.ts";
import type { PlateFrame } from "./graph.ts";
import {
  type PlateModel,
  plateModel,
  type PlateModelOptions,
  type PlateNormalizers,
  type PlateParams,
  type PlateWeights,
} from "./model.ts";
import type { PlateBatch } from "./sample.ts";
import type { PlateTrajectory } from "./trajectory.ts";

/** Options of {@linkcode plateSimulator}. */
export interface PlateSimulatorOptions extends PlateModelOptions, LearnedSimulatorOptions {}

/** All that training carries from step to step: one tree of tensors. */
export type PlateState = SimulatorState<PlateParams, PlateNormalizers>;

/** What a rollout gives. */
export type PlateRollout = {
  /** float32 `[steps, N, D]`: the frames after the first. */
  readonly worldPosition: Tensor;
  /** float32 `[steps, N, 1]`. */
  readonly stress: Tensor;
  /** bool `[]`: whether world edges lacked room; then frames are not to be used. */
  readonly didOverflow: Tensor;
};

/** A simulator as pure functions: give `accumulate`, `trainStep`, `loss` and `rollout` to `jit`. */
export interface PlateSimulator
  extends LearnedSimulator<PlateParams, PlateNormalizers, PlateBatch> {
  /** What finds world edges; give it to `plateTrajectory`. */
  readonly worldEdges: PlateModel["worldEdges"];
  /** The plate that follows; see {@linkcode PlateModel}. */
  readonly predict: PlateModel["predict"];
  /**
   * The frames that follow a trajectory's first one, each from predictions: one program, with the
   * search for world edges inside. Beyond the trajectory's end, what is prescribed stands still.
   *
   * @throws {RangeError} If `steps` is no number of steps.
   */
  rollout(weights: PlateWeights, trajectory: PlateTrajectory, steps: number): PlateRollout;
}

/**
 * Makes a simulator of plates as MeshGraphNets has it for `deforming_plate`; see
 * {@linkcode plateModel}.
 *
 * @param options The optimiser, sizes, noise, how near nodes touch.
 * @returns Pure functions over a state.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example A training step, and a rollout longer than the trajectory
 * ```ts
 * import { adam, jit, plateSimulator, plateTrajectory, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const simulator = plateSimulator({
 *   optimizer: adam(1e-3),
 *   network: { latentSize: 8, steps: 2 },
 * });
 * const world = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
 * const trajectory = plateTrajectory({
 *   cells: { shape: [1, 1, 4], data: [0, 1, 2, 3] },
 *   mesh_pos: { shape: [1, 4, 3], data: world },
 *   node_type: { shape: [1, 4, 1], data: [3, 0, 0, 0] },
 *   world_pos: { shape: [2, 4, 3], data: [...world, ...world] },
 *   stress: { shape: [2, 4, 1], data: new Float32Array(8).fill(1) },
 * }, simulator.worldEdges);
 * const batch = { ...trajectory, frames: tf.tensor1d([0], "int32") };
 * const [state] = jit(simulator.trainStep)(simulator.init(random.key(0)), batch, random.key(1));
 * const weights = simulator.weights(state);
 * const roll = jit((plate: typeof trajectory) => simulator.rollout(weights, plate, 3));
 * const { worldPosition, stress } = roll(trajectory);
 * assertEquals([worldPosition.shape, stress.shape], [[3, 4, 3], [3, 4, 1]]);
 * ```
 */
export function plateSimulator(options: PlateSimulatorOptions): PlateSimulator {
  const model = plateModel(options);
  const { predict, worldEdges } = model;
  return {
    ...learnedSimulator(model, options),
    predict,
    worldEdges,
    rollout: (weights, trajectory, steps) => {
      checkPositiveInteger(steps, "roll out a plate", "steps");
      return tidy(() => {
        const first = (x: Tensor): Tensor => tf.gather(x, tf.scalar(0, "int32"));
        const start: PlateFrame = {
          worldPosition: first(trajectory.worldPosition),
          stress: first(trajectory.stress),
          worldEdges: trajectory.worldEdges,
        };
        const follow = (plate: PlateFrame, frame: Tensor) => {
          const next = predict(weights, trajectory, plate, frame);
          return [next, { worldPosition: next.worldPosition, stress: next.stress }] as const;
        };
        const numbers = tf.range(0, steps, 1, "int32") as Tensor;
        const [{ worldEdges: { didOverflow } }, frames] = scan(follow, start, numbers);
        return { ...frames, didOverflow };
      });
    },
  };
}
