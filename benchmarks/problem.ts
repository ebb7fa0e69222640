/**
 * What is benchmarked: the demo's training step, without the symmetries that JAX has no code for.
 */
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  chain,
  clipByGlobalNorm,
  type FlowSimulator,
  flowSimulator,
  type FlowState,
  type FlowTrajectory,
  flowTrajectory,
  jit,
  type Jitted,
  random,
  saveCheckpoint,
  schedules,
  type Tensor,
} from "@meshwork/meshwork";
import { cylinderFlowMini } from "@meshwork/meshwork/datasets";
import { STEPS } from "../examples/cylinder_flow/settings.ts";

/**
 * The hyper-parameters of examples/cylinder_flow/settings.ts, which every contender reads; but the
 * learning rate is a fifth of the demo's, which costs the same. At the demo's, weights that differ
 * in their last bit give losses that differ by up to 5e-4 after 20 steps, in JAX alone, so that no
 * two programs could be asked to agree.
 */
const SETTINGS = {
  seed: 0,
  latentSize: 32,
  hiddenLayers: 1,
  messagePassingSteps: 5,
  noiseScale: 0.01,
  maxNorm: 1,
  peakRate: 1e-3,
  endRate: 1e-5,
  warmupSteps: 50,
  decaySteps: STEPS,
} as const;

/** What each contender starts from. */
export type Problem = { readonly state: FlowState; readonly trajectory: FlowTrajectory };

/** The simulator that the settings describe. */
function benchmarkSimulator(): FlowSimulator {
  const { latentSize, hiddenLayers, messagePassingSteps, noiseScale } = SETTINGS;
  const { maxNorm, peakRate, endRate, warmupSteps, decaySteps } = SETTINGS;
  const rate = schedules.warmupCosineDecay(0, peakRate, warmupSteps, decaySteps, {
    endValue: endRate,
  });
  return flowSimulator({
    network: { latentSize, hiddenLayers, steps: messagePassingSteps },
    noise: { scale: noiseScale },
    optimizer: chain(clipByGlobalNorm(maxNorm), adam(rate)),
  });
}

/**
 * The training step as one program: as examples/cylinder_flow/training.ts has it, with keys that
 * baselines/mesh_graph_nets_jax.py follows.
 */
export function compileTrainStep(
  trajectory: FlowTrajectory,
): Jitted<[state: FlowState], [state: FlowState, loss: Tensor]> {
  const simulator = benchmarkSimulator();
  const key = random.key(SETTINGS.seed);
  const numPairs = trajectory.velocity.shape[0]! - 1;
  return jit((state: FlowState) => {
    const frame = random.uniform(random.foldIn(key, state.step), [1], { maxval: numPairs });
    return simulator.trainStep(state, { ...trajectory, frames: tf.cast(frame, "int32") }, key);
  }, { donate: 0 });
}

/** Writes the initial state and the data to a file that other languages can read too. */
export async function writeProblem(path: string): Promise<Problem> {
  const { train } = await cylinderFlowMini();
  const record = (await Array.fromAsync(train))[0];
  const problem = {
    state: benchmarkSimulator().init(random.key(SETTINGS.seed)),
    trajectory: flowTrajectory(record!),
  };
  await saveCheckpoint(path, problem, { metadata: { settings: SETTINGS } });
  return problem;
}
