/** What is learned from: statistics, and windows in boxes turned at random. */
import {
  type ParticleBatch,
  particleBatches,
  type ParticleWorld,
  random,
  type Tensor,
  treeDispose,
  unwrapFrames,
} from "@meshwork/meshwork";
import {
  computeStats,
  type DataArray,
  type ParticleTrajectory,
  type ParticleWindow,
  type Stats,
} from "@meshwork/meshwork/datasets";

/** Windows side by side. */
const BATCH = 64;

/** The deviation of the noise: that of rounding to float32. */
export const NOISE = 3e-7;

/** A trajectory from a frame on. */
export function cut(trajectory: ParticleTrajectory, from: number): ParticleTrajectory {
  const { shape: [frames, ...rest], data } = trajectory.position;
  const first = from * data.length / frames!;
  return { ...trajectory, position: { shape: [frames! - from, ...rest], data: data.slice(first) } };
}

/** Statistics that are alike along all axes. */
export async function statistics(
  { position, ...trajectory }: ParticleTrajectory,
  box: readonly number[],
): Promise<Stats> {
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
export function* batches(
  world: ParticleWorld,
  seen: readonly ParticleWindow[],
  seed: number,
): Generator<[ParticleBatch, Tensor]> {
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
      yield [batch, key];
    } finally {
      treeDispose([batch, stepKey, draws]);
    }
  }
}
