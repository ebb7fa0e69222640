/** What a particle simulator looks at: GNS's features of particles and pairs. @module */
import * as tf from "@tensorflow/tfjs";
import { displacementFeatures } from "../edge_features.ts";
import { moveInside, shortestWay } from "../periodic.ts";
import type { Tensor } from "../../tree/mod.ts";
import type { Moments, ParticleWorld } from "./world.ts";

/** The type of particles that are moved from outside, such as boundaries. */
export const KINEMATIC = 3;

/** Positions an input has: five velocities. */
export const WINDOW = 6;

/** Particles as a simulator sees them: where they were, and who sees whom. */
export type ParticleView = {
  /** The last six positions, oldest first, float32 `[N, 6, D]`. */
  readonly positions: Tensor;
  /** int32 `[N]`; 3 is kinematic. */
  readonly particleType: Tensor;
  /** What acts on each particle, float32 `[N, C]`, or null. */
  readonly context: Tensor | null;
  /** int32 `[E]`; N where there is no edge. */
  readonly senders: Tensor;
  /** int32 `[E]`; N where there is no edge. */
  readonly receivers: Tensor;
};

/** Features as {@linkcode particleFeatures} gives them. */
export type ParticleFeatures = {
  /** float32 `[N, 5 D + 2 D]`, or `[N, 5 D]` in a periodic box. */
  readonly nodes: Tensor;
  /** float32 `[E, D + 1]`. */
  readonly edges: Tensor;
};

/** Options of {@linkcode particleFeatures}. */
export interface ParticleFeatureOptions {
  /**
   * How the network is told the way that a particle came: as five `"velocities"`, as in GNS and by
   * default, or as the last velocity and the four `"accelerations"` that led to it. These say the
   * same, but between velocities a small force is lost, as by their differences of a thousandth.
   */
  readonly history?: "velocities" | "accelerations";
}

/** Tensors to scale by: the noise of training makes the deviation larger. */
function scaleOf({ mean, std }: Moments, noise: number): { mean: Tensor; std: Tensor } {
  return {
    mean: tf.tensor1d([...mean]),
    std: tf.tensor1d(std.map((value) => Math.sqrt(value ** 2 + noise ** 2))),
  };
}

/**
 * The features of GNS before type and context are joined to them (`learned_simulator.py`).
 *
 * Nodes: five velocities, normalised, oldest first; then the distances to the lower and to the
 * upper walls in radii, clipped to [-1, 1]. Edges: from the receiver to the sender in radii, and
 * how far. The deviation that velocities are divided by is `√(std² + noise²)`. With a history of
 * accelerations, nodes begin with four of these, oldest first, and then the last velocity, each
 * normalised by its own statistics.
 *
 * @param world The world.
 * @param noise The scale of the noise that is trained with.
 * @param view Particles and edges.
 * @param options Velocities or accelerations.
 * @returns Features of nodes and edges.
 * @throws {TypeError} If positions are not float32.
 *
 * @example A particle at rest, a quarter of a radius above the floor
 * ```ts
 * import { particleFeatures, particleWorld } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const world = particleWorld({
 *   dim: 1,
 *   bounds: [[0, 9]],
 *   default_connectivity_radius: 2,
 *   ...{ vel_mean: [0], vel_std: [1], acc_mean: [0], acc_std: [1] },
 * });
 * const none = tf.tensor1d([], "int32");
 * const { nodes } = particleFeatures(world, 0, {
 *   positions: tf.fill([1, 6, 1], 0.5),
 *   particleType: tf.tensor1d([5], "int32"),
 *   context: null,
 *   senders: none,
 *   receivers: none,
 * });
 * assertEquals(nodes.arraySync(), [[0, 0, 0, 0, 0, 0.25, 1]]);
 * ```
 */
export function particleFeatures(
  world: ParticleWorld,
  noise: number,
  { positions, senders, receivers }: ParticleView,
  { history = "velocities" }: ParticleFeatureOptions = {},
): ParticleFeatures {
  return tf.tidy(() => {
    const { radius, walls, box } = world;
    const latest = frameOf(positions, WINDOW - 1);
    const parts = historyOf(world, noise, positions, history);
    if (walls) {
      const [low, high] = [0, 1].map((side) => tf.tensor1d(walls.map((wall) => wall[side]!)));
      for (const distance of [tf.sub(latest, low!), tf.sub(high!, latest)]) {
        parts.push(tf.clipByValue(tf.div(distance, radius), -1, 1));
      }
    }
    const scaledBox = box && box.map((length) => length / radius);
    return {
      nodes: tf.concat(parts, 1),
      edges: displacementFeatures(tf.div(latest, radius), { senders, receivers }, {
        box: scaledBox,
      }),
    };
  });
}

/** The way that particles came, in units of deviations: rows of `[N, 5 D]` in all. */
function historyOf(
  world: ParticleWorld,
  noise: number,
  positions: Tensor,
  history: "velocities" | "accelerations",
): Tensor[] {
  const normalize = (x: Tensor, moments: Moments): Tensor => {
    const { mean, std } = scaleOf(moments, noise);
    return tf.reshape(tf.div(tf.sub(x, mean), std), [x.shape[0]!, -1]);
  };
  const velocities = velocitiesOf(positions, world);
  if (history === "velocities") return [normalize(velocities, world.velocity)];
  const [count, frames, dimension] = velocities.shape as [number, number, number];
  const size = [count, frames - 1, dimension];
  const last = tf.slice(velocities, [0, frames - 1, 0], [count, 1, dimension]);
  const changes = tf.sub(
    tf.slice(velocities, [0, 1, 0], size),
    tf.slice(velocities, [0, 0, 0], size),
  );
  return [normalize(changes, world.acceleration), normalize(last, world.velocity)];
}

/** How many features a particle has before type and context are joined. */
export function numNodeFeatures({ dimension, walls }: ParticleWorld): number {
  return dimension * (WINDOW - 1 + (walls ? 2 : 0));
}

/** The change from position to position, `[N, W - 1, D]`, the shortest way in a periodic box. */
function velocitiesOf(positions: Tensor, { box }: ParticleWorld): Tensor {
  const [count, frames, dimension] = positions.shape as [number, number, number];
  const size = [count, frames - 1, dimension];
  const later = tf.slice(positions, [0, 1, 0], size);
  return shortestWay(tf.sub(later, tf.slice(positions, [0, 0, 0], size)), box);
}

/** A frame of a window, `[N, D]`. */
function frameOf(positions: Tensor, frame: number): Tensor {
  const [count, , dimension] = positions.shape as [number, number, number];
  return tf.reshape(tf.slice(positions, [0, frame, 0], [count, 1, dimension]), [count, dimension]);
}

/**
 * The acceleration that leads from the last two positions to `next`, in units of its deviation.
 *
 * @param world The world.
 * @param noise The scale of the noise that is trained with.
 * @param positions float32 `[N, W, D]`, W at least 2.
 * @param next float32 `[N, D]`.
 * @returns float32 `[N, D]`.
 */
export function normalizedAcceleration(
  world: ParticleWorld,
  noise: number,
  positions: Tensor,
  next: Tensor,
): Tensor {
  return tf.tidy(() => {
    const { mean, std } = scaleOf(world.acceleration, noise);
    const velocity = shortestWay(tf.sub(next, frameOf(positions, WINDOW - 1)), world.box);
    const before = frameOf(velocitiesOf(positions, world), WINDOW - 2);
    return tf.div(tf.sub(tf.sub(velocity, before), mean), std);
  });
}

/**
 * The positions that an acceleration leads to, by semi-implicit Euler: `v' = v + a`, `x' = x + v'`,
 * with a frame as the unit of time. Undoes {@linkcode normalizedAcceleration}.
 *
 * @param world The world; in a periodic box positions are moved inside.
 * @param noise The scale of the noise that is trained with.
 * @param positions float32 `[N, W, D]`, W at least 2.
 * @param acceleration float32 `[N, D]`, in units of its deviation.
 * @returns float32 `[N, D]`.
 */
export function moveParticles(
  world: ParticleWorld,
  noise: number,
  positions: Tensor,
  acceleration: Tensor,
): Tensor {
  return tf.tidy(() => {
    const { mean, std } = scaleOf(world.acceleration, noise);
    const before = frameOf(velocitiesOf(positions, world), WINDOW - 2);
    const velocity = tf.add(before, tf.add(tf.mul(acceleration, std), mean));
    return moveInside(
      tf.add(frameOf(positions, WINDOW - 1), velocity),
      world.box,
      world.origin,
    );
  });
}
