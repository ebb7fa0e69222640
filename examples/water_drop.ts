/**
 * GNS learns how water falls and splashes: each particle sees those near it, and is given an
 * acceleration. Trained on two drops, it predicts a third one, from six frames on.
 *
 *     deno run -A examples/water_drop.ts [--minutes M | --steps N] [--seed S]
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
  type ParticleBatch,
  particleBatches,
  particleFrames,
  type ParticleSimulator,
  particleSimulator,
  type ParticleWeights,
  type ParticleWorld,
  particleWorld,
  radiusGraph,
  random,
  schedules,
  treeDispose,
} from "@meshwork/meshwork";
import {
  openLearningToSimulate,
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

/** Mean squared errors of positions: of the simulator, and where velocities stay the same. */
export interface Score {
  readonly name: string;
  readonly simulator: number;
  readonly constantVelocity: number;
}

/** How long to train by default, and what two quiet cores do in a minute. */
const [STEPS, STEPS_PER_MINUTE] = [4000, 1800];

/** The deviation of the noise on the last velocity: every other batch is as clean as the truth. */
const NOISE = 4e-4;

/** The frames that an input has, and the first one to predict. */
const GIVEN = 6;

/** How much a batch holds: as many windows as go in. */
const ROOM = { particles: 1600, edges: 10_000 };

/** All that an async iterable gives. */
async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** What the earth adds to each velocity from frame to frame: 9.8 m/s² over 0.0025 s. */
const GRAVITY = [0, -9.8 * 0.0025 ** 2];

/**
 * The same motion in a box that was turned or mirrored: one of 8 ways. What falls goes on falling
 * down, as the way of a free fall is taken away before, and given back.
 */
function turn(window: ParticleWindow, { walls }: ParticleWorld, way: number): ParticleWindow {
  const middle = walls!.map(([low, high]) => (low + high) / 2);
  const swapped = way % 2;
  const signs = [1 - (way & 2), 1 - (way >> 1 & 2)];
  const fall = (axis: number, time: number): number => GRAVITY[axis]! * time ** 2 / 2;
  const move = (
    { shape, data }: ParticleWindow["target"],
    timeOf: (row: number) => number,
  ): ParticleWindow["target"] => ({
    shape,
    data: data.map((_, i) => {
      const [row, axis] = [Math.floor(i / 2), i % 2];
      const [time, from] = [timeOf(row), swapped ? 1 - axis : axis];
      const x = data[2 * row + from]! - fall(from, time) - middle[from]!;
      return (signs[axis]! < 0 ? -x : x) + fall(axis, time) + middle[axis]!;
    }),
  });
  return {
    ...window,
    positions: move(window.positions, (row) => row % GIVEN - GIVEN + 1),
    target: move(window.target, () => 1),
  };
}

/** The root of the mean square of accelerations, gravity apart. */
function liveliness({ positions, target }: ParticleWindow): number {
  const acceleration = (x: number, i: number): number => {
    const [particle, axis] = [Math.floor(i / 2), i % 2];
    const at = (back: number): number =>
      positions.data[2 * (GIVEN * (particle + 1) - back) + axis]!;
    return x - 2 * at(1) + at(2) - GRAVITY[axis]!;
  };
  const sum = target.data.reduce((sum, x, i) => sum + acceleration(x, i) ** 2, 0);
  return Math.sqrt(sum / target.data.length);
}

/** How many edges a window has, those that noise may add included. */
function countEdges({ positions: { shape, data } }: ParticleWindow, { radius }: ParticleWorld) {
  const latest = data.filter((_, i) => i % (2 * GIVEN) >= 2 * (GIVEN - 1));
  const points = { shape: [shape[0]!, 2], data: latest };
  return 1.1 * radiusGraph(points, radius, { selfEdges: true }).senders.length;
}

/**
 * Random windows, turned at random, as many side by side as there is room for. Half of them are
 * drawn evenly; of the others, those more often in which more happens than a fall.
 */
function* batches(world: ParticleWorld, seen: readonly ParticleWindow[], seed: number) {
  const makers = [NOISE, 0].map((noise) => particleBatches(world, { noise, padTo: ROOM }));
  const edgesOf = seen.map((window) => countEdges(window, world));
  const lively = seen.map(liveliness);
  const mean = lively.reduce((a, b) => a + b) / seen.length;
  const upTo: number[] = [];
  lively.forEach((x) => upTo.push((upTo.at(-1) ?? 0) + (1 + x / mean) / (2 * seen.length)));
  const draw = (u: number): number => Math.max(upTo.findIndex((sum) => sum > u), 0);
  const key = random.key(seed);
  for (let step = 0;; step++) {
    const [choose, noise] = tf.unstack(random.split(random.foldIn(key, step)));
    const draws = random.uniform(choose!, [8, 2]);
    const chosen: ParticleWindow[] = [];
    let [particles, edges] = [0, 0];
    for (const [u, way] of draws.arraySync() as [number, number][]) {
      const at = draw(u);
      particles += seen[at]!.target.shape[0]!;
      edges += edgesOf[at]!;
      if (particles > ROOM.particles || edges > ROOM.edges) break;
      chosen.push(turn(seen[at]!, world, Math.floor(8 * way)));
    }
    const batch = makers[step % 2]!(chosen, noise!);
    try {
      yield [batch, key] as [ParticleBatch, typeof key];
    } finally {
      treeDispose([batch, draws, choose!, noise!]);
    }
  }
}

/** Scores one step from each frame, and the rollout of a whole trajectory. */
async function evaluate(
  simulator: ParticleSimulator,
  weights: ParticleWeights,
  world: ParticleWorld,
  trajectory: ParticleTrajectory,
): Promise<Score[]> {
  const truth = trajectory.position;
  const steps = truth.shape[0]! - GIVEN;
  const predict = jit(simulator.predict);
  const seen = await all(windows([trajectory]));
  const size = truth.shape[1]!;
  const makeBatch = particleBatches(world, {
    noise: 0,
    padTo: { particles: size, edges: 14 * size },
  });
  let [one, still] = [0, 0];
  for (const window of seen) {
    const batch = makeBatch([window], random.key(0));
    const next = predict(weights, batch);
    const straight = constantVelocity(truth, 1, window.frame - 1);
    one += squaredError(await next.data() as Float32Array, window.target.data) / seen.length;
    still += squaredError(straight.data, window.target.data) / seen.length;
    treeDispose([batch, next]);
  }
  const frames = particleFrames(trajectory);
  const sixth = tf.tidy(() => tf.gather(frames.position, tf.scalar(GIVEN - 1, "int32")));
  const list = simulator.neighbors.allocate(sixth);
  const roll = jit((w: ParticleWeights, f: typeof frames, l: typeof list) =>
    simulator.rollout(w, f, l, steps)
  );
  const { position, didOverflow } = roll(weights, frames, list);
  const oneStep = { name: "one step, every frame", simulator: one, constantVelocity: still };
  // Where too little was learned, particles fall upon each other, and have too many neighbours.
  if ((await didOverflow.data())[0]) return [oneStep];
  const predicted: Frames = { shape: position.shape, data: await position.data() as Float32Array };
  const horizons = [20, 50, steps].filter((h) => h <= steps);
  const model = mseAtHorizons(predicted, truth, horizons, GIVEN - 1);
  const base = mseAtHorizons(constantVelocity(truth, steps, GIVEN - 1), truth, horizons, GIVEN - 1);
  return [
    oneStep,
    ...horizons.map((h) => ({
      name: `rollout, ${h} steps`,
      simulator: model.get(h)!,
      constantVelocity: base.get(h)!,
    })),
  ];
}

function squaredError(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length;
}

/** Trains on the train split, and scores the trajectory of the valid split. */
export async function train(options: Options = {}): Promise<Score[]> {
  const { steps = STEPS, seed = 0, log = console.log } = options;
  const folder = sampleUrl("water_drop_mini");
  const data = await openLearningToSimulate(folder, "train");
  const world = particleWorld(data.metadata);
  const simulator = particleSimulator(world, {
    network: { latentSize: 32, hiddenLayers: 1, steps: 5 },
    history: "accelerations",
    noise: NOISE,
    averageDecay: 0.995,
    optimizer: chain(
      clipByGlobalNorm(1),
      adam(schedules.warmupCosineDecay(0, 3e-3, 50, steps, { endValue: 1e-5 })),
    ),
    neighbors: { capacityMultiplier: 2 },
  });
  const { state } = await fit(
    jit(simulator.trainStep, { donate: 0 }),
    simulator.init(random.key(seed)),
    {
      steps,
      batches: batches(world, await all(windows(data)), seed + 1),
      reportEvery: 500,
      report: (done, loss) => log(`step ${done}: loss ${loss.toExponential(2)}`),
    },
  );
  const [unseen] = await all(await openLearningToSimulate(folder, "valid"));
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
  await train({ seed: Number(seed), ...(steps ? { steps: Math.round(Number(steps)) } : {}) });
}
