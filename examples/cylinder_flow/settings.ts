/** What the demo trains: sizes, noise, schedule. Chosen on held-out frames of the train trajectory. */
import {
  adam,
  chain,
  clipByGlobalNorm,
  type FlowSimulator,
  flowSimulator,
  schedules,
} from "@meshwork/meshwork";

/** Training steps of `deno task demo`. */
export const STEPS = 4000;

/** The simulator of the demo: MeshGraphNets, small enough to be trained in minutes on two cores. */
export function demoSimulator(steps: number): FlowSimulator {
  return flowSimulator({
    network: { latentSize: 32, hiddenLayers: 1, steps: 8 },
    noise: { scale: 0.02 },
    mirrorAxis: 1,
    lengthScale: 0.2,
    timeScale: 0.2,
    optimizer: chain(clipByGlobalNorm(1), adam(schedules.cosineDecay(5e-3, steps, { alpha: 2e-3 }))),
  });
}
