/**
 * What the demo trains: sizes, noise, schedule. Chosen on held-out frames of the train trajectory.
 */
import {
  adam,
  chain,
  clipByGlobalNorm,
  type FlowSimulator,
  flowSimulator,
  schedules,
} from "@meshwork/meshwork";

/** Training steps of `deno task demo`. */
export const STEPS = 4200;

/** Batches that the normalisers see before the first step. */
export const WARM_UP = 100;

/** What two quiet cores do in a minute, for `--minutes`. */
export const STEPS_PER_MINUTE = 1800;

/** The simulator of the demo: MeshGraphNets, small enough to be trained in minutes on two cores. */
export function demoSimulator(steps: number, learningRate = 5e-3): FlowSimulator {
  return flowSimulator({
    network: { latentSize: 32, hiddenLayers: 1, steps: 5 },
    normalizer: { maxAccumulations: 1000 },
    noise: { scale: 0.01 },
    mirrorAxis: 1,
    lengthScale: 0.2,
    timeScale: 0.2,
    optimizer: chain(
      clipByGlobalNorm(1),
      adam(schedules.warmupCosineDecay(0, learningRate, 50, steps, { endValue: 1e-5 })),
    ),
  });
}
