/** What the rollout is benchmarked with: GNS at its own size, with random weights. @module */
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  type ParticleParams,
  type ParticleSimulator,
  particleSimulator,
  type ParticleStatistic,
  particleWorld,
  random,
  saveCheckpoint,
  type Tensor,
} from "@meshwork/meshwork";

/** What both languages read of it: the metadata of a data set, and the network's sizes. */
export type Settings =
  & Readonly<Record<Exclude<ParticleStatistic, `context_${string}`>, readonly number[]>>
  & {
    readonly dim: number;
    readonly bounds: readonly (readonly [number, number])[];
    readonly periodic_boundary_conditions: readonly boolean[];
    readonly default_connectivity_radius: number;
    readonly noise: number;
    /** Steps of a rollout. */
    readonly steps: number;
    readonly latentSize: number;
    readonly messagePassingSteps: number;
  };

/** What a rollout starts from. */
export type RolloutProblem = {
  readonly params: ParticleParams;
  /** float32 `[6, N, 2]`. */
  readonly position: Tensor;
  /** int32 `[N]`. */
  readonly particleType: Tensor;
  /** float32 `[steps, N, 2]`: what positions are weighed with, to compare them. */
  readonly probe: Tensor;
};

/** Neighbours of a particle, on average. */
const NEIGHBORS = 15;

/** A periodic box of length 1, in which so many particles see 15 others each. */
export function rolloutSettings(
  particles: number,
  steps: number,
  { latentSize, messagePassingSteps }: Pick<Settings, "latentSize" | "messagePassingSteps">,
): Settings {
  const radius = Math.sqrt(NEIGHBORS / particles / Math.PI);
  return {
    dim: 2,
    bounds: [[0, 1], [0, 1]],
    periodic_boundary_conditions: [true, true],
    default_connectivity_radius: radius,
    ...{ vel_mean: [0, 0], vel_std: [1e-3, 1e-3], acc_mean: [0, 0], acc_std: [1e-4, 1e-4] },
    ...{ noise: 6.7e-4, steps, latentSize, messagePassingSteps },
  };
}

/** The simulator of the settings. */
export function rolloutSimulator(settings: Settings): ParticleSimulator {
  return particleSimulator(particleWorld(settings), {
    optimizer: adam(0),
    noise: settings.noise,
    network: { latentSize: settings.latentSize, steps: settings.messagePassingSteps },
  });
}

/** Writes weights and particles to a file that other languages can read too. */
export async function writeRollout(
  path: string,
  particles: number,
  settings: Settings,
): Promise<void> {
  const [weights, places, moves, probes] = tf.unstack(random.split(random.key(0), 4)) as [
    ...[Tensor, Tensor, Tensor, Tensor],
  ];
  const velocity = tf.mul(random.normal(moves, [1, particles, 2]), 1e-3);
  const way = tf.mul(velocity, tf.reshape(tf.range(0, 6), [6, 1, 1]));
  const position = tf.add(random.uniform(places, [1, particles, 2]), way);
  const problem: RolloutProblem = {
    params: rolloutSimulator(settings).init(weights).params,
    position: tf.sub(position, tf.floor(position)),
    particleType: tf.fill([particles], 5, "int32"),
    probe: random.normal(probes, [settings.steps, particles, 2]),
  };
  await saveCheckpoint(path, problem, { metadata: { settings } });
}
