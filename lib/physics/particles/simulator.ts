/** A particle simulator that learns: GNS, and its rollout as one program. @module */
import * as tf from "@tensorflow/tfjs";
import { type ArrayData, formatShape, isArrayData } from "../../base/mod.ts";
import {
  type NeighborList,
  neighborList,
  type NeighborListFns,
  type NeighborListOptions,
} from "../../spatial/mod.ts";
import { checkPositiveInteger } from "../../tensor/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import { scan } from "../../transform/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import {
  type LearnedSimulator,
  learnedSimulator,
  type LearnedSimulatorOptions,
  type SimulatorState,
} from "../learned_simulator.ts";
import type { ParticleBatch } from "./batch.ts";
import { KINEMATIC, WINDOW } from "./features.ts";
import {
  type ParticleModel,
  particleModel,
  type ParticleModelOptions,
  type ParticleParams,
  type ParticleWeights,
} from "./model.ts";
import { type ParticleWorld, searchOf } from "./world.ts";

/** Options of {@linkcode particleSimulator}. */
export interface ParticleSimulatorOptions extends ParticleModelOptions, LearnedSimulatorOptions {
  /** How much room rollouts have for edges, and how often they look for them. */
  readonly neighbors?: Pick<NeighborListOptions, "capacityMultiplier" | "skin">;
}

/** All that training carries from step to step: one tree of tensors. */
export type ParticleState = SimulatorState<ParticleParams, null>;

/** A trajectory on the device. */
export type ParticleFrames = {
  /** int32 `[N]`. */
  readonly particleType: Tensor;
  /** float32 `[T, N, D]`. */
  readonly position: Tensor;
  /** float32 `[T, C]`, or null. */
  readonly stepContext: Tensor | null;
};

/** What a rollout gives. */
export type ParticleRollout = {
  /** float32 `[steps, N, D]`: the frames after the sixth. */
  readonly position: Tensor;
  /** bool `[]`: whether the list of neighbours lacked room; then positions are not to be used. */
  readonly didOverflow: Tensor;
};

/** A simulator as pure functions: give `trainStep`, `loss`, `predict` and `rollout` to `jit`. */
export interface ParticleSimulator extends LearnedSimulator<ParticleParams, null, ParticleBatch> {
  /** The positions that follow; see {@linkcode ParticleModel}. */
  readonly predict: ParticleModel["predict"];
  /** Makes the list of neighbours that a rollout starts with. */
  readonly neighbors: NeighborListFns;
  /**
   * The frames that follow the first six, each from predictions: one program, with the search for
   * neighbours inside. Kinematic particles are where the trajectory has them, and what acts on all
   * is taken from there; beyond its end both stay as in its last frame.
   *
   * @throws {RangeError} If there are fewer than six frames, or `steps` is no number of steps.
   */
  rollout(
    weights: ParticleWeights,
    truth: ParticleFrames,
    list: NeighborList,
    steps: number,
  ): ParticleRollout;
}

/**
 * Puts a trajectory on the device.
 *
 * @param trajectory A trajectory of a data set: `particleType` `[N]`, `position` `[T, N, D]`, and
 * `stepContext` `[T, C]` where there is one.
 * @returns Tensors, to be disposed by the caller.
 * @throws {TypeError} If a field is missing or has another shape.
 *
 * @example
 * ```ts
 * import { particleFrames } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const { position } = particleFrames({
 *   particleType: { shape: [1], data: [5] },
 *   position: { shape: [7, 1, 2], data: new Float32Array(14) },
 * });
 * assertEquals(position.shape, [7, 1, 2]);
 * ```
 */
export function particleFrames(
  trajectory: {
    readonly particleType: ArrayData;
    readonly position: ArrayData;
    readonly stepContext?: ArrayData;
  },
): ParticleFrames {
  const { particleType, position, stepContext } = trajectory ?? {};
  for (
    const [name, array, rank] of [["particleType", particleType, 1], ["position", position, 3]]
  ) {
    if (isArrayData(array) && array.shape.length === rank) continue;
    throw new TypeError(
      `Cannot put particles on the device as ${name} has rank ${rank}: got ` +
        (isArrayData(array) ? formatShape(array.shape) : describe(array)),
    );
  }
  return {
    particleType: tf.tensor1d(Int32Array.from(particleType.data), "int32"),
    position: tf.tensor3d(
      Float32Array.from(position.data),
      position.shape as [number, number, number],
    ),
    stepContext: stepContext
      ? tf.tensor2d(Float32Array.from(stepContext.data), stepContext.shape as [number, number])
      : null,
  };
}

/**
 * Makes a particle simulator as GNS has it (Sanchez-Gonzalez et al. 2020, arXiv:2002.09405).
 *
 * Velocities and accelerations are normalised by the data set's statistics, as its noise widens
 * them; see {@linkcode particleModel} and {@linkcode particleBatches}. What differs: batches can be
 * padded, parameters can be averaged, boxes can be periodic, and a rollout is one program.
 *
 * @param world What `particleWorld` made of the metadata.
 * @param options The optimiser, sizes, the noise of the batches, room for neighbours.
 * @returns Pure functions over a state.
 * @throws {RangeError} If an option is out of its range.
 *
 * @example A training step, and a rollout
 * ```ts
 * import { adam, jit, particleBatches, particleFrames, particleSimulator } from "@meshwork/meshwork";
 * import { type ParticleFrames, particleWorld, random } from "@meshwork/meshwork";
 * import { openLearningToSimulate, sampleUrl, windows } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
 * const world = particleWorld(springs.metadata);
 * const simulator = particleSimulator(world, {
 *   optimizer: adam(1e-3),
 *   network: { latentSize: 8, steps: 2 },
 * });
 * const makeBatch = particleBatches(world);
 * let state = simulator.init(random.key(0));
 * for await (const window of windows(springs, { stride: 1000 })) {
 *   const batch = makeBatch([window], random.key(1));
 *   [state] = jit(simulator.trainStep)(state, batch, random.key(2));
 * }
 * for await (const trajectory of springs) {
 *   const truth = particleFrames(trajectory);
 *   const list = simulator.neighbors.allocate(truth.position.slice([5], [1]).squeeze([0]));
 *   const roll = jit((truth: ParticleFrames) =>
 *     simulator.rollout(simulator.weights(state), truth, list, 3)
 *   );
 *   assertEquals(roll(truth).position.shape[0], 3);
 *   break;
 * }
 * ```
 */
export function particleSimulator(
  world: ParticleWorld,
  options: ParticleSimulatorOptions,
): ParticleSimulator {
  const model = particleModel(world, options);
  const neighbors = neighborList({
    ...searchOf(world),
    selfEdges: true,
    bounds: world.walls,
    ...options.neighbors,
  });
  return {
    ...learnedSimulator(model, options),
    predict: model.predict,
    neighbors,
    rollout: (weights, truth, list, steps) => {
      checkPositiveInteger(steps, "roll out particles", "steps");
      const [frames, count, dimension] = truth.position.shape as [number, number, number];
      if (frames < WINDOW) {
        throw new RangeError(
          `Cannot roll out particles as it starts from six frames: got ${describe(truth.position)}`,
        );
      }
      const { particleType, stepContext } = truth;
      const isKinematic = tf.expandDims(tf.equal(particleType, KINEMATIC), 1);
      const at = (x: Tensor, frame: Tensor): Tensor =>
        tf.gather(x, tf.minimum(frame, tf.scalar(x.shape[0]! - 1, "int32")));
      const follow = (
        [positions, list]: readonly [Tensor, NeighborList],
        frame: Tensor,
      ): readonly [readonly [Tensor, NeighborList], Tensor] => {
        const latest = tf.slice(positions, [0, 1, 0], [count, WINDOW - 1, dimension]);
        const now = tf.squeeze(tf.slice(positions, [0, WINDOW - 1, 0], [count, 1, dimension]), [1]);
        const near = neighbors.update(now, list);
        const { senders, receivers } = near;
        const context = stepContext && tf.tile(
          tf.expandDims(at(stepContext, tf.sub(frame, tf.scalar(1, "int32"))), 0),
          [count, 1],
        );
        const view = { positions, particleType, context, senders, receivers };
        const free = model.predict(weights, view);
        const next = tf.where(isKinematic, at(truth.position, frame), free);
        return [[tf.concat([latest, tf.expandDims(next, 1)], 1), near] as const, next];
      };
      return tidy(() => {
        const first = tf.slice(truth.position, [0, 0, 0], [WINDOW, count, dimension]);
        const start = [tf.transpose(first, [1, 0, 2]) as Tensor, list] as const;
        const numbers = tf.range(WINDOW, WINDOW + steps, 1, "int32");
        const [[, { didOverflow }], position] = scan(follow, start, numbers as Tensor);
        return { position, didOverflow };
      });
    },
  };
}
