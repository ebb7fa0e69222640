/** Data sets of one's own particles, in the format of Learning to Simulate. @module */
import { formatShape, replaceFile, sameShape, sizeOf } from "../lib/base/mod.ts";
import { type DataArray, toBytes } from "./array.ts";
import { TrajectoryMoments } from "./compute_stats.ts";
import { type DataFolder, dataFolder, localPath, readText } from "./data_folder.ts";
import { splitsOf } from "./data_set.ts";
import { encodeSequenceExample, type Feature } from "./formats/example.ts";
import type { ParticleTrajectory } from "./learning_to_simulate.ts";
import {
  checkLearningToSimulateMetadata,
  type LearningToSimulateMetadata,
  parseLearningToSimulateMetadata,
} from "./learning_to_simulate_metadata.ts";
import { writeTfRecords } from "./tf_records.ts";

/** Options of {@linkcode writeLearningToSimulate}. */
export interface WriteLearningToSimulateOptions {
  /**
   * What metadata.json says: `bounds`, `default_connectivity_radius`, `dt` and whatever else. What
   * is left out of `sequence_length`, `dim` and the statistics is taken from the trajectories.
   */
  readonly metadata?: Partial<LearningToSimulateMetadata>;
}

/** The layout that all trajectories of a data set share. */
interface Layout {
  readonly frames: number;
  readonly dim: number;
  readonly contextSize: number;
}

/**
 * Writes a split of a data set in the format of Learning to Simulate, which
 * {@linkcode openLearningToSimulate} and DeepMind's own code read.
 *
 * The train split gives the statistics ({@linkcode computeStats}) unless the metadata do; other
 * splits keep those that are there, so write the train split first. Each file appears only when it
 * is complete.
 *
 * @param folder The folder: a path or a `file:` URL; it is made if there is none.
 * @param split `train`, `valid` or `test`.
 * @param trajectories One record each, in the form that {@linkcode openLearningToSimulate} gives,
 *   all of as many frames; the number of particles may differ.
 * @param options What metadata.json says beyond the layout and the statistics.
 * @returns The number of trajectories.
 * @throws {TypeError} If a trajectory's arrays have other shapes or classes than expected; the
 *   message names the trajectory and field, and nothing is replaced.
 * @throws {RangeError} If there is no trajectory, and no metadata, to take the layout and
 *   statistics from, or a value is not finite.
 *
 * @example
 * ```ts
 * import { openLearningToSimulate, writeLearningToSimulate } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const trajectory = {
 *   key: 7,
 *   particleType: { shape: [1], data: new Int32Array([5]) },
 *   position: { shape: [4, 1, 2], data: new Float32Array([0, 0, 1, 0, 3, 0, 6, 0]) },
 * };
 * await writeLearningToSimulate(folder, "train", [trajectory], {
 *   metadata: { bounds: [[0, 9], [0, 1]], default_connectivity_radius: 0.5, dt: 0.1 },
 * });
 *
 * const back = await openLearningToSimulate(folder, "train");
 * assertEquals(back.metadata.vel_mean, [2, 0]);
 * for await (const each of back) assertEquals(each, trajectory);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeLearningToSimulate(
  folder: string | URL,
  split: string,
  trajectories: AsyncIterable<ParticleTrajectory> | Iterable<ParticleTrajectory>,
  { metadata = {} }: WriteLearningToSimulateOptions = {},
): Promise<number> {
  await Deno.mkdir(localPath(folder), { recursive: true });
  const target = dataFolder(folder);
  const existing = await readExisting(target, split);
  const moments = new TrajectoryMoments();
  let layout = layoutOf({ ...existing, ...metadata });
  let complete: LearningToSimulateMetadata | undefined;

  async function* encoded() {
    let index = 0;
    for await (const trajectory of trajectories) {
      layout ??= inferLayout(trajectory);
      checkTrajectory(trajectory, layout, index++);
      moments.add(trajectory);
      yield encodeTrajectory(trajectory, layout);
    }
    if (!layout) throw noLayout(folder, split);
    // Before the file gets its name, so that a set that cannot be described is not written.
    const isKnown = hasStats(metadata) ||
      split !== "train" && hasStats({ ...existing, ...metadata });
    const stats = isKnown || index === 0 ? {} : moments.stats();
    const shape = { sequence_length: layout.frames - 1, dim: layout.dim };
    complete = checkLearningToSimulateMetadata(
      { ...existing, ...shape, ...stats, ...metadata },
      target.pathOf("metadata.json"),
    );
  }

  const count = await writeTfRecords(target.pathOf(`${split}.tfrecord`), encoded());
  const text = JSON.stringify(complete, null, 2) + "\n";
  await replaceFile(target.pathOf("metadata.json"), new TextEncoder().encode(text));
  return count;
}

/** The metadata.json that other splits need; one that would belong to none may be replaced. */
async function readExisting(
  folder: DataFolder,
  split: string,
): Promise<Partial<LearningToSimulateMetadata>> {
  const others = (await splitsOf(folder, ".tfrecord")).filter((other) => other !== split);
  const file = await folder.open("metadata.json");
  if (!file) return {};
  const text = await readText(file);
  return others.length > 0 ? parseLearningToSimulateMetadata(text, file.name) : {};
}

function hasStats(metadata: Partial<LearningToSimulateMetadata>): boolean {
  const { vel_mean, vel_std, acc_mean, acc_std } = metadata;
  return [vel_mean, vel_std, acc_mean, acc_std].every((each) => each !== undefined);
}

function noLayout(folder: string | URL, split: string): RangeError {
  return new RangeError(
    `Cannot write split "${split}" of ${folder} as a Learning to Simulate data set: expected at least ` +
      `one trajectory to take the layout from, got none (give metadata with sequence_length and dim)`,
  );
}

/** The layout that metadata give, or null where they do not say it. */
function layoutOf(metadata: Partial<LearningToSimulateMetadata>): Layout | null {
  const { sequence_length: length, dim, context_mean: context } = metadata;
  if (length === undefined || dim === undefined) return null;
  return { frames: length + 1, dim, contextSize: context?.length ?? 0 };
}

function inferLayout({ position, stepContext }: ParticleTrajectory): Layout {
  const [frames = 0, , dim = 0] = position.shape;
  return { frames, dim, contextSize: stepContext?.shape[1] ?? 0 };
}

function checkTrajectory(
  { key, particleType, position, stepContext }: ParticleTrajectory,
  { frames, dim, contextSize }: Layout,
  index: number,
): void {
  const check = (
    name: string,
    array: DataArray | undefined,
    type: typeof Int32Array | typeof Float32Array,
    shape: number[],
  ) => {
    const fits = array?.data instanceof type && array.data.length === sizeOf(shape) &&
      sameShape(array.shape, shape);
    if (fits) return;
    const actual = array
      ? `${array.data.constructor.name} of ${array.data.length} values and shape [${array.shape}]`
      : "none";
    throw trajectoryError(index, name, `${type.name} of shape ${formatShape(shape)}`, actual);
  };
  if (!Number.isSafeInteger(key)) throw trajectoryError(index, "key", "an integer", `${key}`);
  const count = particleType.data.length;
  check("particleType", particleType, Int32Array, [count]);
  check("position", position, Float32Array, [frames, count, dim]);
  if (contextSize > 0) check("stepContext", stepContext, Float32Array, [frames, contextSize]);
  else if (stepContext) {
    throw trajectoryError(index, "stepContext", "none, as before", `shape [${stepContext.shape}]`);
  }
}

function trajectoryError(index: number, name: string, expected: string, actual: string): TypeError {
  return new TypeError(
    `Cannot write trajectory ${index} as Learning to Simulate: field "${name}": expected ${expected}, ` +
      `got ${actual} (give all trajectories the same layout, or write another data set)`,
  );
}

function encodeTrajectory(
  { key, particleType, position, stepContext }: ParticleTrajectory,
  { frames }: Layout,
): Uint8Array {
  const types = BigInt64Array.from(particleType.data, BigInt);
  const context = new Map<string, Feature>([
    ["key", new BigInt64Array([BigInt(key)])],
    ["particle_type", [toBytes(types)]],
  ]);
  const featureLists = new Map([["position", framesOf(position, frames)]]);
  if (stepContext) featureLists.set("step_context", framesOf(stepContext, frames));
  return encodeSequenceExample({ context, featureLists });
}

/** One bytes feature a frame, as DeepMind's files have them. */
function framesOf({ data }: DataArray<Float32Array>, frames: number): Feature[] {
  const size = data.length / frames;
  return Array.from(
    { length: frames },
    (_, t) => [toBytes(data.subarray(t * size, (t + 1) * size))],
  );
}
