/**
 * GNS learns how water falls and splashes: each particle sees those near it, and is given an
 * acceleration. Trained on two drops, it predicts a third one, from six frames on.
 *
 *     deno run -A examples/water_drop/main.ts [--minutes M | --steps N] [--seed S]
 *
 * After Sanchez-Gonzalez et al. 2020, "Learning to simulate complex physics with graph networks"
 * (arXiv:2002.09405), smaller. Two drops teach less than a thousand, so two things differ: walls
 * are solid, and noise is to be ignored, not taken back (`gamma: 0`).
 *
 * @module
 */
import {
  adam,
  chain,
  clipByGlobalNorm,
  fit,
  init,
  jit,
  particleSimulator,
  particleWorld,
  random,
  schedules,
} from "@meshwork/meshwork";
import { openLearningToSimulate, sampleUrl, windows } from "@meshwork/meshwork/datasets";
import { table, tableText } from "@meshwork/meshwork/plot";
import { parseArgs } from "node:util";
import { batches } from "./batches.ts";
import { evaluate, type Score } from "./evaluation.ts";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** How long to train by default, and what two quiet cores do in a minute. */
const [STEPS, STEPS_PER_MINUTE] = [8000, 2000];

/** Trains on the train split, and scores the trajectory of the valid split. */
export async function train(options: Options = {}): Promise<Score[]> {
  const { steps = STEPS, seed = 0, log = console.log } = options;
  const folder = sampleUrl("water_drop_mini");
  const data = await openLearningToSimulate(folder, "train");
  const world = particleWorld(data.metadata);
  const simulator = particleSimulator(world, {
    network: { latentSize: 32, hiddenLayers: 1, steps: 5 },
    history: "accelerations",
    noise: 4e-4,
    solidWalls: true,
    averageDecay: 0.995,
    optimizer: chain(
      clipByGlobalNorm(1),
      adam(
        schedules.warmupCosineDecay(0, 3e-3, Math.min(50, steps >> 1), steps, { endValue: 1e-5 }),
      ),
    ),
    neighbors: { capacityMultiplier: 8 },
  });
  const { state } = await fit(
    jit(simulator.trainStep, { donate: 0 }),
    simulator.init(random.key(seed)),
    {
      steps,
      batches: batches(world, await Array.fromAsync(windows(data)), seed + 1),
      reportEvery: 500,
      report: (done, loss) => log(`step ${done}: loss ${loss.toExponential(2)}`),
    },
  );
  const [unseen] = await Array.fromAsync(await openLearningToSimulate(folder, "valid"));
  const scores = await evaluate(simulator, simulator.weights(state), world, unseen!);
  log(tableText(table(
    ["position MSE", "simulator", "constant velocity", "times better"],
    scores.map(({ name, simulator, constantVelocity }) => [
      name,
      simulator.toExponential(2),
      constantVelocity.toExponential(2),
      (constantVelocity / simulator).toFixed(1),
    ]),
  )));
  return scores;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { minutes: { type: "string" }, steps: { type: "string" }, seed: { type: "string" } },
  });
  const { minutes, seed = 0, steps = minutes && Number(minutes) * STEPS_PER_MINUTE } = values;
  console.log((await init()).text);
  const chosen = steps === undefined ? {} : { steps: Math.round(Number(steps)) };
  await train({ seed: Number(seed), ...chosen });
}
