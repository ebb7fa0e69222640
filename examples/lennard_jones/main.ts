/**
 * Three particles in a periodic box, that attract each other from afar and repel each other from
 * nearby, under a thermostat: GNS learns their motion from one trajectory of LagrangeBench.
 *
 *     deno run -A examples/lennard_jones/main.ts [--minutes M | --steps N] [--seed S]
 *
 * After Sanchez-Gonzalez et al. 2020, "Learning to simulate complex physics with graph networks"
 * (arXiv:2002.09405), smaller.
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
import { openLagrangeBench, sampleUrl, windows } from "@meshwork/meshwork/datasets";
import { table, tableText } from "@meshwork/meshwork/plot";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";
import { batches, cut, NOISE, statistics } from "./batches.ts";
import { evaluate, type Result } from "./evaluation.ts";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** How long to train by default, and what two quiet cores do in a minute. */
const [STEPS, STEPS_PER_MINUTE] = [12_000, 5000];

/** The solver wrote its first frames twice each; they are left out. */
const FIRST = 50;

/** Trains on one trajectory, and rolls out another one. */
export async function train(options: Options = {}): Promise<Result> {
  const { steps = STEPS, seed = 0, log = console.log } = options;
  const data = await openLagrangeBench(sampleUrl("lennard_jones"), "train");
  const box = data.metadata.bounds!.map(([low, high]) => high - low);
  const [whole] = await Array.fromAsync(data);
  const seen = cut(whole!, FIRST);
  const world = particleWorld({ ...data.metadata, ...await statistics(seen, box) });
  const simulator = particleSimulator(world, {
    // Forces are smooth, and so is the network.
    network: { latentSize: 64, steps: 2, activation: (x) => tf.mul(x, tf.sigmoid(x)) },
    // The thermostat's friction is told from how velocities have changed.
    history: "accelerations",
    noise: NOISE,
    averageDecay: 0.998,
    optimizer: chain(
      clipByGlobalNorm(1),
      adam(
        schedules.warmupCosineDecay(0, 2e-3, Math.min(100, steps >> 1), steps, { endValue: 1e-6 }),
      ),
    ),
  });
  const { state } = await fit(
    jit(simulator.trainStep, { donate: 0 }),
    simulator.init(random.key(seed)),
    {
      steps,
      batches: batches(world, await Array.fromAsync(windows([seen])), seed + 1),
      reportEvery: 1000,
      report: (done, loss) => log(`step ${done}: loss ${loss.toExponential(2)}`),
    },
  );
  const [unseen] = await Array.fromAsync(
    await openLagrangeBench(sampleUrl("lennard_jones"), "valid"),
  );
  const result = await evaluate(simulator, simulator.weights(state), unseen!, box);
  const names = {
    simulator: "simulator",
    constantVelocity: "constant velocity",
    constantAcceleration: "constant acceleration",
  };
  log(tableText(table(
    ["position MSE over 20 steps", "", "times that of the simulator"],
    Object.entries(result).map(([name, mse]) => [
      names[name as keyof Result],
      mse.toExponential(2),
      (mse / result.simulator).toFixed(1),
    ]),
  )));
  return result;
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
