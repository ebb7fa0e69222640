/** Windows of particles made into batches: noise, and who is near whom. @module */
import * as tf from "@tensorflow/tfjs";
import { type ArrayData, formatShape, isArrayData, sameShape } from "../../base/mod.ts";
import { radiusGraph } from "../../spatial/mod.ts";
import { jit } from "../../transform/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import { KINEMATIC, type ParticleView, WINDOW } from "./features.ts";
import { randomWalkNoise } from "./noise.ts";
import { type ParticleWorld, searchOf } from "./world.ts";

/** A window of a trajectory, as `windows` of the data sets gives it. */
export interface ParticleSnapshot {
  /** int32 `[N]`. */
  readonly particleType: ArrayData;
  /** Oldest first, `[N, 6, D]`. */
  readonly positions: ArrayData;
  /** The positions that follow, `[N, D]`. */
  readonly target: ArrayData;
  /** What acts on all particles, `[C]`; where the world has a context. */
  readonly stepContext?: ArrayData;
}

/** Several windows side by side, and what is to be predicted. */
export type ParticleBatch = ParticleView & {
  /** The next positions, float32 `[N, D]`, with the noise of the last ones. */
  readonly target: Tensor;
};

/** Options of {@linkcode particleBatches}. */
export interface ParticleBatchOptions {
  /** The deviation of the last velocity's noise; 6.7e-4 by default, as in GNS. */
  readonly noise?: number;
  /**
   * How much of the last velocity's noise the target takes back, in [0, 1]; 1 by default, as in
   * GNS. Who learns to take all of it back answers to every change in a history, that of its own
   * errors too; where training is short, such answers can grow from step to step. With 0 there is
   * nothing to answer.
   */
  readonly gamma?: number;
  /**
   * Sizes to pad to, so that batches share one compiled program: more kinematic particles that
   * nothing sees, and edges that name no particle. By default nothing is padded.
   */
  readonly padTo?: { readonly particles: number; readonly edges: number };
}

/** Makes a batch of windows; the key is that of the noise. */
export type MakeParticleBatch = (
  snapshots: readonly ParticleSnapshot[],
  key: Tensor,
) => ParticleBatch;

/**
 * Makes batches to train with, or with `noise: 0` to test with.
 *
 * As in GNS, particles see each other, and themselves, within the radius of where the noise has put
 * them; so noise comes first and is drawn here. Both the last input and the target have the noise
 * of the last position, so that what is to be learned mends the velocity and not the position;
 * `gamma` says how much of it.
 *
 * @param world The world of all windows.
 * @param options Noise and padding.
 * @returns A function of windows and a key; works on the host, and its result is the caller's to
 * dispose.
 * @throws {RangeError} If `noise` or `gamma` is out of its range; the function throws it if a batch
 * has more than `padTo` has room for.
 * @throws {TypeError} If a window is not of the world; the function throws it.
 *
 * @example
 * ```ts
 * import { particleBatches, particleWorld, random } from "@meshwork/meshwork";
 * import { openLearningToSimulate, sampleUrl, windows } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
 * const makeBatch = particleBatches(particleWorld(springs.metadata), {
 *   padTo: { particles: 16, edges: 200 },
 * });
 * for await (const window of windows(springs)) {
 *   const { positions, senders } = makeBatch([window], random.key(0));
 *   assertEquals([positions.shape, senders.shape], [[16, 6, 2], [200]]);
 *   break;
 * }
 * ```
 */
export function particleBatches(
  world: ParticleWorld,
  { noise = 6.7e-4, gamma = 1, padTo }: ParticleBatchOptions = {},
): MakeParticleBatch {
  if (!(Number.isFinite(noise) && noise >= 0)) {
    throw new RangeError(
      `Cannot make batches of particles as noise is a deviation: got ${describe(noise)}`,
    );
  }
  if (!(gamma >= 0 && gamma <= 1)) {
    throw new RangeError(
      `Cannot make batches of particles as gamma is in [0, 1]: got ${describe(gamma)}`,
    );
  }
  const noiseOf = jit((key: Tensor, type: Tensor, shapeOf: Tensor) =>
    randomWalkNoise(key, shapeOf.shape as WindowSize, tf.notEqual(type, KINEMATIC), noise)
  );
  const draw = (key: Tensor, type: Int32Array, size: WindowSize): Float32Array =>
    tf.tidy(() => noiseOf(key, tf.tensor1d(type), tf.zeros(size)).dataSync<"float32">());
  return (snapshots, key) => {
    snapshots.forEach((snapshot, i) => checkSnapshot(snapshot, i, world));
    const sizes = snapshots.map(({ particleType }) => particleType.data.length);
    const total = sizes.reduce((a, b) => a + b, 0);
    const particles = padTo?.particles ?? total;
    checkRoom("particles", total, particles);
    const { dimension } = world;
    const fields = joinFields(snapshots, world, particles);
    const size: WindowSize = [particles, WINDOW, dimension];
    if (noise > 0) addNoise(fields, draw(key, fields.particleType, size), gamma, size);
    const latest = frameOf(fields.positions, total, dimension, 1);
    const points = { shape: [total, dimension], data: latest };
    const { box, radius } = searchOf(world);
    const near = radiusGraph(points, radius, { selfEdges: true, box, nNode: sizes });
    const edges = padTo?.edges ?? near.senders.length;
    checkRoom("edges", near.senders.length, edges);
    const ids = (values: Int32Array): Tensor => {
      const all = new Int32Array(edges).fill(particles);
      all.set(values);
      return tf.tensor1d(all);
    };
    return {
      positions: tf.tensor3d(fields.positions, [particles, WINDOW, dimension]),
      target: tf.tensor2d(fields.target, [particles, dimension]),
      particleType: tf.tensor1d(fields.particleType),
      context: fields.context &&
        tf.tensor2d(fields.context, [particles, world.context!.mean.length]),
      senders: ids(near.senders),
      receivers: ids(near.receivers),
    };
  };
}

type WindowSize = [particles: number, frames: number, dimension: number];

interface Fields {
  readonly positions: Float32Array;
  readonly target: Float32Array;
  readonly particleType: Int32Array;
  readonly context: Float32Array | null;
}

/** The fields of all windows, one after another; what is left over is kinematic. */
function joinFields(
  snapshots: readonly ParticleSnapshot[],
  { dimension, context }: ParticleWorld,
  particles: number,
): Fields {
  const width = context?.mean.length ?? 0;
  const fields = {
    positions: new Float32Array(particles * WINDOW * dimension),
    target: new Float32Array(particles * dimension),
    particleType: new Int32Array(particles).fill(KINEMATIC),
    context: context && new Float32Array(particles * width),
  };
  let row = 0;
  for (const { positions, target, particleType, stepContext } of snapshots) {
    fields.positions.set(positions.data, row * WINDOW * dimension);
    fields.target.set(target.data, row * dimension);
    fields.particleType.set(particleType.data, row);
    for (const end = row + particleType.data.length; row < end; row++) {
      fields.context?.set(stepContext!.data, row * width);
    }
  }
  return fields;
}

/**
 * Moves the positions by noise, and the targets by that of the last position, and by what is not to
 * be taken back of the last velocity's.
 */
function addNoise(
  { positions, target }: Fields,
  noise: Float32Array,
  gamma: number,
  [particles, , dimension]: WindowSize,
): void {
  for (let i = 0; i < positions.length; i++) positions[i]! += noise[i]!;
  const [latest, before] = [1, 2].map((back) => frameOf(noise, particles, dimension, back));
  for (let i = 0; i < target.length; i++) {
    target[i]! += latest![i]! + (1 - gamma) * (latest![i]! - before![i]!);
  }
}

/** A frame of each window, counted from its end, of the first `count` ones. */
function frameOf(
  positions: Float32Array,
  count: number,
  dimension: number,
  back: number,
): Float32Array {
  const frame = new Float32Array(count * dimension);
  for (let particle = 0; particle < count; particle++) {
    const from = ((particle + 1) * WINDOW - back) * dimension;
    frame.set(positions.subarray(from, from + dimension), particle * dimension);
  }
  return frame;
}

function checkRoom(what: string, needed: number, room: number): void {
  if (room >= needed) return;
  throw new RangeError(
    `Cannot make a batch of particles as it must fit: it has ${needed} ${what}, padTo has room for ` +
      `${room} (make that larger)`,
  );
}

function checkSnapshot(snapshot: ParticleSnapshot, i: number, world: ParticleWorld): void {
  const { dimension, context } = world;
  const [count = 0] = snapshot?.particleType?.shape ?? [];
  const expected = {
    particleType: [count],
    positions: [count, WINDOW, dimension],
    target: [count, dimension],
    ...(context ? { stepContext: [context.mean.length] } : {}),
  };
  for (const [name, shape] of Object.entries(expected)) {
    const array = snapshot[name as keyof ParticleSnapshot];
    if (isArrayData(array) && sameShape(array.shape, shape)) continue;
    throw new TypeError(
      `Cannot make a batch of particles as windows have six positions and a next one: expected ` +
        `${name} ${formatShape(shape)} in window ${i}, got ` +
        (isArrayData(array) ? formatShape(array.shape) : describe(array)),
    );
  }
}
