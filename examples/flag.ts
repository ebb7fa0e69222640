/**
 * MeshGraphNets learns how a cloth swings that is held by some of its nodes.
 *
 *     deno run -A examples/flag.ts
 *
 * After Pfaff et al. 2021, "Learning mesh-based simulation with graph networks" (arXiv:2010.03409),
 * smaller.
 *
 * @module
 */
import {
  adam,
  chain,
  clipByGlobalNorm,
  type ClothBatch,
  type ClothFrames,
  clothSimulator,
  type ClothTrajectory,
  clothTrajectory,
  constantVelocity,
  fit,
  type Frames,
  init,
  jit,
  mseAtHorizons,
  random,
  rollout,
  schedules,
  treeDispose,
} from "@meshwork/meshwork";
import { openMeshGraphNets, sampleUrl } from "@meshwork/meshwork/datasets";
import { table, tableText } from "@meshwork/meshwork/plot";
import * as tf from "@tensorflow/tfjs";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Mean squared errors of positions up to a horizon, averaged over starts. */
export interface Score {
  readonly horizon: number;
  readonly simulator: number;
  readonly constantVelocity: number;
}

/** Frames that a step learns from. */
const BATCH = 2;

/** All trajectories of a split. */
async function load(split: string): Promise<ClothTrajectory[]> {
  const trajectories: ClothTrajectory[] = [];
  for await (const record of await openMeshGraphNets(sampleUrl("flag_simple_mini"), split)) {
    trajectories.push(clothTrajectory(record));
  }
  return trajectories;
}

/** Random frames of one trajectory after another, without end. */
function* batches(trajectories: readonly ClothTrajectory[], seed: number) {
  const key = random.key(seed);
  for (let step = 0;; step++) {
    const trajectory = trajectories[step % trajectories.length]!;
    const stepKey = random.foldIn(key, step);
    const last = trajectory.worldPosition.shape[0]! - 1;
    const frames = tf.tidy(() =>
      tf.cast(random.uniform(stepKey, [BATCH], { minval: 1, maxval: last }), "int32")
    );
    try {
      yield [{ ...trajectory, frames }, key] as [ClothBatch, typeof key];
    } finally {
      treeDispose([frames, stepKey]);
    }
  }
}

/** Scores rollouts from every tenth frame. */
async function evaluate(
  predict: (frames: ClothFrames) => ClothFrames,
  position: tf.Tensor,
  horizons: readonly number[],
): Promise<Score[]> {
  const truth: Frames = { shape: position.shape, data: await position.data() as Float32Array };
  const longest = Math.max(...horizons);
  const sums = new Map(horizons.map((horizon) => [horizon, [0, 0] as [number, number]]));
  let count = 0;
  for (let start = 1; start + longest < truth.shape[0]!; start += 10, count++) {
    const [previous, current] = [start - 1, start].map((t) =>
      tf.tidy(() => tf.gather(position, tf.scalar(t, "int32")))
    );
    const initial = { previous: previous!, current: current! };
    const rolled = await rollout(predict, initial, longest, { frameOf: ({ current }) => current });
    const straight = constantVelocity(truth, longest, start);
    for (const [horizon, sum] of sums) {
      sum[0] += mseAtHorizons(rolled, truth, [horizon], start).get(horizon)!;
      sum[1] += mseAtHorizons(straight, truth, [horizon], start).get(horizon)!;
    }
    treeDispose(initial);
  }
  return [...sums].map(([horizon, [simulator, straight]]) => ({
    horizon,
    simulator: simulator / count,
    constantVelocity: straight / count,
  }));
}

/** Trains on the train split, and scores rollouts of the valid split. */
export async function train(options: Options = {}): Promise<Score[]> {
  const { steps = 1500, seed = 0, log = console.log } = options;
  const simulator = clothSimulator({
    network: { latentSize: 48, hiddenLayers: 1, steps: 5 },
    normalizer: { maxAccumulations: 500 },
    averageDecay: 0.99,
    optimizer: chain(
      clipByGlobalNorm(1),
      adam(schedules.warmupCosineDecay(0, 3e-3, 50, steps, { endValue: 1e-5 })),
    ),
  });
  const { state } = await fit(
    jit(simulator.trainStep, { donate: 0 }),
    simulator.init(random.key(seed)),
    {
      steps,
      batches: batches(await load("train"), seed + 1),
      reportEvery: 250,
      report: (done, loss) => log(`step ${done}: loss ${loss.toExponential(2)}`),
    },
  );
  const [unseen] = await load("valid");
  const weights = simulator.weights(state);
  const predict = jit((frames: ClothFrames) => simulator.predict(weights, unseen!.mesh, frames));
  const scores = await evaluate(predict, unseen!.worldPosition, [1, 10, 20]);
  log(tableText(table(
    ["position MSE", "simulator", "constant velocity", "times better"],
    scores.map(({ horizon, simulator, constantVelocity }) => [
      `${horizon} step${horizon === 1 ? "" : "s"}`,
      simulator.toExponential(2),
      constantVelocity.toExponential(2),
      (constantVelocity / simulator).toFixed(1),
    ]),
  )));
  return scores;
}

if (import.meta.main) {
  console.log((await init()).text);
  await train();
}
