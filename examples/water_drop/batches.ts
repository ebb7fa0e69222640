/** Batches to learn from: windows turned, passed and jolted, more often where something happens. */
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
import { GIVEN, GRAVITY, jolt, pass, turn } from "./augmentations.ts";

/** The deviations of the noise on the last velocity, one batch after another: as errors may be. */
const NOISES = [1e-5, 4e-5, 1.6e-4, 6.4e-4];

/** The most that speeds are changed by, per frame. */
const SPEED = 0.01;

/** The deviation of the pull that is added to pasts: three times that of the earth. */
const PULL = 2e-4;

/** How much a batch holds: as many windows as go in. */
const ROOM = { particles: 1600, edges: 10_000 };

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
  const makers = NOISES.map((noise) => particleBatches(world, { noise, gamma: 0, padTo: ROOM }));
  const edgesOf = seen.map((window) => countEdges(window, world));
  const lively = seen.map(liveliness);
  const mean = lively.reduce((a, b) => a + b) / seen.length;
  const upTo: number[] = [];
  lively.forEach((x) => upTo.push((upTo.at(-1) ?? 0) + (1 + x / mean) / (2 * seen.length)));
  const draw = (u: number): number => Math.max(upTo.findIndex((sum) => sum > u), 0);
  const key = random.key(seed);
  for (let step = 0;; step++) {
    const [choose, pull, noise] = tf.unstack(random.split(random.foldIn(key, step), 3));
    const draws = random.uniform(choose!, [8, 4]);
    const pulls = tf.tidy(() =>
      tf.mul(random.normal(pull!, [8, 2]), PULL).arraySync()
    ) as number[][];
    const chosen: ParticleWindow[] = [];
    let [particles, edges] = [0, 0];
    for (const [u, way, ...speed] of draws.arraySync() as [number, number, number, number][]) {
      const at = draw(u);
      particles += seen[at]!.target.shape[0]!;
      edges += edgesOf[at]!;
      if (particles > ROOM.particles || edges > ROOM.edges) break;
      const turned = turn(seen[at]!, world, Math.floor(8 * way));
      const passed = pass(turned, world, speed.map((x) => (2 * x - 1) * SPEED));
      chosen.push(jolt(passed, pulls[chosen.length]!));
    }
    const batch = makers[step % makers.length]!(chosen, noise!);
    try {
      yield [batch, key];
    } finally {
      treeDispose([batch, draws, choose!, pull!, noise!]);
    }
  }
}
