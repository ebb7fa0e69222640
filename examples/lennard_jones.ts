/**
 * Three particles in a periodic box, that attract each other from afar and repel each other from
 * nearby, under a thermostat: GNS learns their motion from one trajectory of LagrangeBench.
 *
 *     deno run -A examples/lennard_jones.ts [--minutes M | --steps N] [--seed S]
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
  constantVelocity,
  fit,
  type Frames,
  init,
  jit,
  mseAtHorizons,
  particleBatches,
  type ParticleFrames,
  particleFrames,
  type ParticleSimulator,
  particleSimulator,
  type ParticleWeights,
  type ParticleWorld,
  particleWorld,
  random,
  schedules,
  treeDispose,
  unwrapFrames,
} from "@meshwork/meshwork";
import {
  computeStats,
  type DataArray,
  openLagrangeBench,
  type ParticleTrajectory,
  type ParticleWindow,
  sampleUrl,
  windows,
} from "@meshwork/meshwork/datasets";
import { table, tableText } from "@meshwork/meshwork/plot";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";

/** How to train, and what happens with each line of the log. */
export interface Options {
  readonly steps?: number;
  readonly seed?: number;
  readonly log?: (line: string) => void;
}

/** Mean squared errors of positions over 20 steps: of the simulator, and of simple guesses. */
export interface Result {
  readonly simulator: number;
  readonly constantVelocity: number;
  readonly constantAcceleration: number;
}

/** How long to train by default, and what two quiet cores do in a minute. */
const [STEPS, STEPS_PER_MINUTE] = [12_000, 6000];

/** Windows of a batch, frames that are given, and frames to predict. */
const [BATCH, GIVEN, HORIZON] = [64, 6, 20];

/** The solver wrote its first frames twice each; they are left out. */
const FIRST = 50;

/** The deviation of the noise: that of rounding to float32. */
const NOISE = 3e-7;

/** All that an async iterable gives. */
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** A trajectory from a frame on. */
function cut(trajectory: ParticleTrajectory, from: number): ParticleTrajectory {
  const { shape: [frames, ...rest], data } = trajectory.position;
  const first = from * data.length / frames!;
  return { ...trajectory, position: { shape: [frames! - from, ...rest], data: data.slice(first) } };
}

/** Statistics that are alike along all axes. */
async function statistics({ position, ...trajectory }: ParticleTrajectory, box: readonly number[]) {
  const unwrapped = { ...trajectory, position: unwrapFrames(position, box) };
  const { vel_std, acc_std } = await computeStats([unwrapped as ParticleTrajectory]);
  const even = (std: number[]): number[] => std.map(() => Math.hypot(...std) / Math.sqrt(3));
  const none = [0, 0, 0];
  return { vel_mean: none, vel_std: even(vel_std), acc_mean: none, acc_std: even(acc_std) };
}

/** The same motion in a box that was turned or mirrored: one of 48 ways, by a number below 1. */
function turn(window: ParticleWindow, box: readonly number[], draw: number): ParticleWindow {
  const way = Math.floor(48 * draw);
  const [first, second] = [way % 3, 1 + Math.floor(way / 3) % 2];
  const axes = [first, (first + second) % 3, (first + 2 * second) % 3];
  const mirrored = [0, 1, 2].map((axis) => (Math.floor(way / 6) >> axis) % 2 === 1);
  const move = ({ shape, data }: DataArray<Float32Array>): DataArray<Float32Array> => ({
    shape,
    data: data.map((_, i) => {
      const x = data[i - i % 3 + axes[i % 3]!]!;
      return mirrored[i % 3] ? box[0]! - x : x;
    }),
  });
  return { ...window, positions: move(window.positions), target: move(window.target) };
}

/** Random windows, 64 side by side, each in a box turned at random. */
function* batches(world: ParticleWorld, seen: readonly ParticleWindow[], seed: number) {
  const particles = 3 * BATCH;
  const padTo = { particles, edges: 3 * particles };
  const makeBatch = particleBatches(world, { noise: NOISE, padTo });
  const key = random.key(seed);
  for (let step = 0;; step++) {
    const stepKey = random.foldIn(key, step);
    const draws = random.uniform(stepKey, [BATCH, 2]);
    const chosen = (draws.arraySync() as number[][]).map(([choice, way]) =>
      turn(seen[Math.floor(choice! * seen.length)]!, world.box!, way!)
    );
    const batch = makeBatch(chosen, stepKey);
    try {
      yield [batch, key] as [typeof batch, typeof key];
    } finally {
      treeDispose([batch, stepKey, draws]);
    }
  }
}

/** Frames that follow the one at `start`, where each acceleration is that of the last one. */
function constantAcceleration({ shape, data }: Frames, steps: number, start: number): Frames {
  const size = data.length / shape[0]!;
  const at = (back: number, i: number): number => data[(start - back) * size + i % size]!;
  return {
    shape: [steps, ...shape.slice(1)],
    data: Float32Array.from({ length: steps * size }, (_, i) => {
      const k = Math.floor(i / size) + 1;
      const velocity = at(0, i) - at(1, i);
      const change = velocity - (at(1, i) - at(2, i));
      return at(0, i) + k * velocity + k * (k + 1) / 2 * change;
    }),
  };
}

/** The errors of rollouts from every tenth frame. */
async function evaluate(
  { neighbors, rollout }: ParticleSimulator,
  weights: ParticleWeights,
  { particleType, position }: ParticleTrajectory,
  box: readonly number[],
): Promise<Result> {
  const size = position.data.length / position.shape[0]!;
  const truth = unwrapFrames(position, box);
  // Room for all pairs, whatever comes.
  const list = neighbors.allocate(tf.tensor2d([[1, 1, 1], [1.1, 1, 1], [1, 1.1, 1]]));
  const roll = jit((weights: ParticleWeights, frames: ParticleFrames, sixth: tf.Tensor) =>
    rollout(weights, frames, neighbors.update(sixth, list), HORIZON)
  );
  const sums = { simulator: 0, constantVelocity: 0, constantAcceleration: 0 };
  let count = 0;
  for (let start = GIVEN - 1; start + HORIZON < position.shape[0]!; start += 10, count++) {
    const data = position.data.slice((start + 1 - GIVEN) * size, (start + 1) * size);
    const given = particleFrames({ particleType, position: { shape: [GIVEN, 3, 3], data } });
    const sixth = tf.tensor2d(data.slice(-size), [3, 3]);
    const rolled = roll(weights, given, sixth);
    // The shortest way from the last frame that was given on, whose path may have left the box.
    const path = new Float32Array((HORIZON + 1) * size);
    path.set(truth.data.subarray(start * size, (start + 1) * size));
    path.set(await rolled.position.data(), size);
    const predicted: Frames = {
      shape: [HORIZON, 3, 3],
      data: unwrapFrames({ shape: [HORIZON + 1, 3, 3], data: path }, box).data.subarray(size),
    };
    const error = (frames: Frames): number =>
      mseAtHorizons(frames, truth, [HORIZON], start).get(HORIZON)!;
    sums.simulator += error(predicted);
    sums.constantVelocity += error(constantVelocity(truth, HORIZON, start));
    sums.constantAcceleration += error(constantAcceleration(truth, HORIZON, start));
    treeDispose([given, sixth, rolled]);
  }
  return {
    simulator: sums.simulator / count,
    constantVelocity: sums.constantVelocity / count,
    constantAcceleration: sums.constantAcceleration / count,
  };
}

/** Trains on one trajectory, and rolls out another one. */
export async function train(options: Options = {}): Promise<Result> {
  const { steps = STEPS, seed = 0, log = console.log } = options;
  const data = await openLagrangeBench(sampleUrl("lennard_jones"), "train");
  const box = data.metadata.bounds!.map(([low, high]) => high - low);
  const [whole] = await all(data);
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
      adam(schedules.warmupCosineDecay(0, 2e-3, 100, steps, { endValue: 1e-6 })),
    ),
  });
  const { state } = await fit(
    jit(simulator.trainStep, { donate: 0 }),
    simulator.init(random.key(seed)),
    {
      steps,
      batches: batches(world, await all(windows([seen])), seed + 1),
      reportEvery: 1000,
      report: (done, loss) => log(`step ${done}: loss ${loss.toExponential(2)}`),
    },
  );
  const [unseen] = await all(await openLagrangeBench(sampleUrl("lennard_jones"), "valid"));
  const result = await evaluate(simulator, simulator.weights(state), unseen!, box);
  const names = {
    simulator: "simulator",
    constantVelocity: "constant velocity",
    constantAcceleration: "constant acceleration",
  };
  log(tableText(table(
    [`position MSE over ${HORIZON} steps`, "", "times that of the simulator"],
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
  await train({ seed: Number(seed), ...(steps ? { steps: Math.round(Number(steps)) } : {}) });
}
