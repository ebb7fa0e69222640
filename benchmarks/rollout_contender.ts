/**
 * A rollout of `particleSimulator` as a process that answers lines, as
 * `baselines/rollout_jax_md.py` does: `deno run -A rollout_contender.ts PROBLEM.safetensors`.
 */
import * as tf from "@tensorflow/tfjs";
import {
  init,
  jit,
  loadCheckpoint,
  type NeighborList,
  type ParticleFrames,
  type Tensor,
} from "@meshwork/meshwork";
import { type RolloutProblem, rolloutSimulator, type Settings } from "./rollout_problem.ts";
import { serve, smallestCall, timeFirstCall } from "./serve.ts";

const { engine, compiles } = await init({ engine: "xla" });
const { tree, metadata } = await loadCheckpoint<RolloutProblem>(Deno.args[0]!);
const { params, position, particleType, probe } = tree;
const settings = metadata.settings as unknown as Settings;
const simulator = rolloutSimulator(settings);
const truth: ParticleFrames = { position, particleType, stepContext: null };
const list = simulator.neighbors.allocate(tf.squeeze(tf.slice(position, [5], [1]), [0]));

const roll = jit((truth: ParticleFrames, list: NeighborList) =>
  simulator.rollout({ params, normalizers: null }, truth, list, settings.steps)
);

/** A whole rollout, as one number. */
function advance(): Tensor {
  return tf.tidy(() => {
    const { position, didOverflow } = roll(truth, list);
    return tf.sum(tf.where(didOverflow, NaN, tf.mul(position, probe)));
  });
}

await serve({
  first: await timeFirstCall(engine, () => compiles && roll.lower(truth, list), advance),
  restart: () => {},
  advance,
  dispatch: smallestCall(),
});
