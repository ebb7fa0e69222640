/** Batches to learn from: windows turned and mirrored, more often where something happens. */
import {
  type ParticleBatch,
  particleBatches,
  type ParticleWorld,
  radiusGraph,
  random,
  type Tensor,
  treeDispose,
} from "@meshwork/meshwork";
import type { ParticleWindow } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** The deviation of the noise on the last velocity. */
export const NOISE = 4e-4;

/** The most that speeds are changed by, per frame. */
const SPEED = 0.01;

/** The frames that an input has, and the number of the first one to predict. */
export const GIVEN = 6;

/** How much a batch holds: as many windows as go in. */
const ROOM = { particles: 1600, edges: 10_000 };

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

/** The same motion seen by someone who moves; as it is where walls, which do not, are near. */
function pass(window: ParticleWindow, world: ParticleWorld, speed: readonly number[]) {
  let isFree = true;
  const isAway = (x: number, axis: number): boolean =>
    world.walls![axis]!.every((wall) => Math.abs(x - wall) > 2 * world.radius);
  const move = (
    { shape, data }: ParticleWindow["target"],
    timeOf: (row: number) => number,
  ): ParticleWindow["target"] => ({
    shape,
    data: data.map((x, i) => {
      const moved = x + speed[i % 2]! * timeOf(Math.floor(i / 2));
      isFree &&= isAway(x, i % 2) && isAway(moved, i % 2);
      return moved;
    }),
  });
  const positions = move(window.positions, (row) => row % GIVEN - GIVEN + 1);
  const target = move(window.target, () => 1);
  return isFree ? { ...window, positions, target } : window;
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
 * Random windows, turned and passed at random, as many side by side as there is room for. Half of
 * them are drawn evenly; of the others, those more often in which more happens than a fall.
 */
export function* batches(
  world: ParticleWorld,
  seen: readonly ParticleWindow[],
  seed: number,
): Generator<[ParticleBatch, Tensor]> {
  // Each fourth batch has no noise: what falls in good order is to stay so.
  const clean = particleBatches(world, { noise: 0, padTo: ROOM });
  const noisy = particleBatches(world, { noise: NOISE, gamma: 0, padTo: ROOM });
  const edgesOf = seen.map((window) => countEdges(window, world));
  const lively = seen.map(liveliness);
  const mean = lively.reduce((a, b) => a + b) / seen.length;
  const upTo: number[] = [];
  lively.forEach((x) => upTo.push((upTo.at(-1) ?? 0) + (1 + x / mean) / (2 * seen.length)));
  const draw = (u: number): number => Math.max(upTo.findIndex((sum) => sum > u), 0);
  const key = random.key(seed);
  for (let step = 0;; step++) {
    const [choose, noise] = tf.unstack(random.split(random.foldIn(key, step)));
    const draws = random.uniform(choose!, [8, 4]);
    const chosen: ParticleWindow[] = [];
    let [particles, edges] = [0, 0];
    for (const [u, way, ...speed] of draws.arraySync() as [number, number, number, number][]) {
      const at = draw(u);
      particles += seen[at]!.target.shape[0]!;
      edges += edgesOf[at]!;
      if (particles > ROOM.particles || edges > ROOM.edges) break;
      const turned = turn(seen[at]!, world, Math.floor(8 * way));
      chosen.push(pass(turned, world, speed.map((x) => (2 * x - 1) * SPEED)));
    }
    const batch = (step % 4 === 0 ? clean : noisy)(chosen, noise!);
    try {
      yield [batch, key];
    } finally {
      treeDispose([batch, draws, choose!, noise!]);
    }
  }
}
