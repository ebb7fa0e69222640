/** GNS: from features of particles to accelerations, and the loss. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import { initializers } from "../../nn/mod.ts";
import { split } from "../../random/mod.ts";
import { segmentGather } from "../../segment/mod.ts";
import { losses } from "../../train/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import type { SimulatorModel, SimulatorWeights } from "../learned_simulator.ts";
import { meshGraphNets, type MeshGraphNetsParams } from "../mesh_graph_nets.ts";
import type { MeshGraphNetsOptions } from "../multigraph_nets.ts";
import type { ParticleBatch } from "./batch.ts";
import {
  KINEMATIC,
  moveParticles,
  normalizedAcceleration,
  numNodeFeatures,
  type ParticleFeatureOptions,
  particleFeatures,
  type ParticleView,
} from "./features.ts";
import type { ParticleWorld } from "./world.ts";

/** Rows and columns of the table of particle types. */
const [TYPES, TYPE_SIZE] = [9, 16];

/** Options of {@linkcode particleModel}. */
export interface ParticleModelOptions extends ParticleFeatureOptions {
  /** Sizes of the network; GNS's own by default: 10 steps, 128 wide. */
  readonly network?: Omit<MeshGraphNetsOptions, "outputSize" | "order">;
  /** The scale of the noise that batches have; 6.7e-4 by default, as in GNS. */
  readonly noise?: number;
  /**
   * Whether predicted particles stop at the walls of the world. In GNS they do not: it learns what
   * walls do, of much data, and what is once outside has no way back. False by default.
   */
  readonly solidWalls?: boolean;
}

/** What is learned: the network, and a row `[16]` for each type of particle. */
export type ParticleParams = {
  readonly network: MeshGraphNetsParams;
  /** float32 `[9, 16]`. */
  readonly types: Tensor;
};

/** All that a prediction needs. What is normalised is so by the data set's own statistics. */
export type ParticleWeights = SimulatorWeights<ParticleParams, null>;

/** GNS as pure functions. */
export interface ParticleModel
  extends SimulatorModel<ParticleParams, null, ParticleBatch, ParticleBatch> {
  /** The positions `[N, D]` that follow. Kinematic particles are predicted too: replace them. */
  predict(weights: ParticleWeights, view: ParticleView): Tensor;
}

/**
 * The model of GNS (Sanchez-Gonzalez et al. 2020, "Learning to simulate complex physics with graph
 * networks", arXiv:2002.09405; `learned_simulator.py`, `graph_network.py`).
 *
 * Nodes are features of the particle, 16 learned numbers for its type, and the normalised context
 * where there is one. The loss is the squared error of the normalised acceleration, summed over
 * components and averaged over the particles that are not kinematic.
 *
 * @param world The world.
 * @param options Sizes, and the noise of the batches.
 * @returns Pure functions of the model's weights.
 * @throws {RangeError} If a size is not a positive integer, or walls that are to be solid are
 * missing.
 *
 * @example
 * ```ts
 * import { particleBatches, particleModel, particleWorld, random } from "@meshwork/meshwork";
 * import { openLearningToSimulate, sampleUrl, windows } from "@meshwork/meshwork/datasets";
 * import { assert } from "@std/assert";
 *
 * const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
 * const world = particleWorld(springs.metadata);
 * const model = particleModel(world, { network: { latentSize: 8, steps: 2 } });
 * for await (const window of windows(springs)) {
 *   const batch = particleBatches(world)([window], random.key(0));
 *   assert(model.loss(model.init(random.key(1)), batch).dataSync()[0]! > 0);
 *   break;
 * }
 * ```
 */
export function particleModel(
  world: ParticleWorld,
  options: ParticleModelOptions = {},
): ParticleModel {
  const { noise = 6.7e-4, solidWalls = false } = options;
  const { dimension } = world;
  const stop = solidWalls ? stopAtWalls(world) : (next: Tensor) => next;
  const network = meshGraphNets({
    steps: 10,
    ...options.network,
    order: "GNS",
    outputSize: dimension,
  });
  const nodeSize = numNodeFeatures(world) + TYPE_SIZE + (world.context?.mean.length ?? 0);

  const accelerations = (
    { network: params, types }: ParticleParams,
    view: ParticleView,
  ): Tensor => {
    const { nodes, edges } = particleFeatures(world, noise, view, options);
    const embedded = segmentGather(types, view.particleType);
    return network.apply(params, {
      nodes: tf.concat([nodes, embedded, ...normalizedContext(world, view)], 1),
      edges,
      senders: view.senders,
      receivers: view.receivers,
      globals: null,
      nNode: tf.tensor1d([view.positions.shape[0]!], "int32"),
      nEdge: tf.tensor1d([view.senders.shape[0]!], "int32"),
    });
  };

  return {
    init: (key) =>
      tidy(() => {
        const [forNetwork, forTypes] = tf.unstack(split(key));
        const params = {
          network: network.init(forNetwork!, { nodes: nodeSize, edges: dimension + 1 }),
          types: initializers.glorotUniform()(forTypes!, [TYPES, TYPE_SIZE]),
        };
        return { params, normalizers: null };
      }),
    // The radius graph is of noisy positions and made on the host, so batches come with their
    // noise.
    sample: (batch) => batch,
    accumulate: () => null,
    loss: ({ params }, batch) =>
      tf.tidy(() => {
        const target = normalizedAcceleration(world, noise, batch.positions, batch.target);
        const mask = tf.notEqual(batch.particleType, KINEMATIC);
        const mean = losses.meanSquaredError(accelerations(params, batch), target, { mask });
        return tf.mul(mean, dimension);
      }),
    predict: ({ params }, view) =>
      tidy(() => stop(moveParticles(world, noise, view.positions, accelerations(params, view)))),
  };
}

/** What acts on all particles, normalised, as a list of none or one `[N, C]`. */
function normalizedContext({ context }: ParticleWorld, view: ParticleView): Tensor[] {
  if (!context || !view.context) return [];
  const [mean, std] = [tf.tensor1d([...context.mean]), tf.tensor1d([...context.std])];
  return [tf.div(tf.sub(view.context, mean), std)];
}

/** Moves positions `[N, D]` that are beyond a wall onto it. */
function stopAtWalls({ walls }: ParticleWorld): (positions: Tensor) => Tensor {
  if (!walls) {
    throw new RangeError(
      "Cannot make walls solid as the world needs some: it has no bounds, or is periodic " +
        "(leave solidWalls out)",
    );
  }
  const ends = (side: 0 | 1): Tensor => tf.tensor1d(walls.map((wall) => wall[side]));
  return (positions) => tf.minimum(tf.maximum(positions, ends(0)), ends(1));
}
