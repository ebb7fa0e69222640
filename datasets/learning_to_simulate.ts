/**
 * Data sets in the format of Learning to Simulate (Sanchez-Gonzalez et al., "Learning to Simulate
 * Complex Physics with Graph Networks", ICML 2020): a metadata.json and a TFRecord file a split,
 * each record one trajectory of particles.
 *
 * @module
 */
import { formatShape, sizeOf } from "../lib/base/mod.ts";
import { type DataArray, type DType, fromBytes, itemSize } from "./array.ts";
import { dataFolder } from "./data_folder.ts";
import { type DataSet, readRecords, splitDataSet } from "./data_set.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { decodeSequenceExample, type Feature } from "./formats/example.ts";
import { type TfRecord, TFRECORD_HEADER_SIZE } from "./formats/tfrecord.ts";
import {
  type LearningToSimulateMetadata,
  parseLearningToSimulateMetadata,
} from "./learning_to_simulate_metadata.ts";

/** One trajectory of N particles in D dimensions, of T = `sequence_length` + 1 frames. */
export interface ParticleTrajectory {
  /** The number of the trajectory, 0 where the file gives none. */
  key: number;
  /** What each particle is made of, `[N]`: 0 rigid, 3 kinematic, 5 water, 6 sand, 7 goop. */
  particleType: DataArray<Int32Array>;
  /** The position of each particle in each frame, `[T, N, D]`. */
  position: DataArray<Float32Array>;
  /**
   * What acts on all particles in each frame, `[T, C]`; only where the metadata have a
   * `context_mean`.
   */
  stepContext?: DataArray<Float32Array>;
}

/** A split of a Learning to Simulate data set. */
export type LearningToSimulateDataSet = DataSet<LearningToSimulateMetadata, ParticleTrajectory>;

/**
 * Opens a split of a data set in the format of Learning to Simulate. Opening reads the metadata;
 * trajectories stream with each `for await`.
 *
 * Arrays have the shapes of DeepMind's own reader (`learning_to_simulate/reading_utils.py`), under
 * names in camelCase; particle types, stored as int64, come as int32.
 *
 * @param folderOrUrl The folder: a path, or a `file:`, `http:` or `https:` address.
 * @param split `train`, `valid`, `test`, or whatever the file `<split>.tfrecord` is called.
 * @returns The data set; iterating it throws a {@linkcode DataFormatError} at the first bad record.
 * @throws {DataNotFoundError} If the folder has no metadata.json or no such split; the message
 *   lists the splits.
 * @throws {DataFormatError} If metadata.json is not what it should be.
 *
 * @example
 * ```ts
 * import { openLearningToSimulate, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
 * for await (const { position, stepContext } of springs) {
 *   assertEquals(position.shape[0], springs.metadata.sequence_length + 1);
 *   assertEquals(stepContext?.shape, [101, 2]);
 * }
 * ```
 */
export function openLearningToSimulate(
  folderOrUrl: string | URL,
  split: string,
): Promise<LearningToSimulateDataSet> {
  return splitDataSet(dataFolder(folderOrUrl), split, {
    name: "Learning to Simulate",
    metadataFile: "metadata.json",
    parseMetadata: parseLearningToSimulateMetadata,
    ...readRecords(decodeTrajectory),
    describe,
  });
}

type Fail = (problem: string, remedy: string) => DataFormatError;

function decodeTrajectory(
  record: TfRecord,
  metadata: LearningToSimulateMetadata,
  file: string,
): ParticleTrajectory {
  const place = { file, record: record.index, byteOffset: record.byteOffset };
  const { context, featureLists } = decodeSequenceExample(record.data, {
    ...place,
    byteOffset: record.byteOffset + TFRECORD_HEADER_SIZE,
  });
  const fail: Fail = (problem, remedy) =>
    new DataFormatError(
      `Cannot read record ${place.record} at byte ${place.byteOffset} of ${file} as a Learning to ` +
        `Simulate trajectory: ${problem} (${remedy})`,
      place,
    );
  const frames = metadata.sequence_length + 1;
  const particleType = decodeTypes(context.get("particle_type"), fail);
  const count = particleType.shape[0]!;
  const position = decodeFrames(
    "position",
    featureLists.get("position"),
    [frames, count, metadata.dim],
    fail,
  );
  const trajectory = { key: decodeKey(context.get("key"), fail), particleType, position };
  if (!metadata.context_mean) return trajectory;
  const shape = [frames, metadata.context_mean.length];
  const steps = featureLists.get("step_context");
  return { ...trajectory, stepContext: decodeFrames("step_context", steps, shape, fail) };
}

function decodeKey(feature: Feature | undefined, fail: Fail): number {
  // A feature without values counts as absent.
  if (feature === undefined || feature.length === 0) return 0;
  if (feature instanceof BigInt64Array && feature.length === 1) return Number(feature[0]);
  throw fail('field "key": expected one integer, got another feature', "write it as int64");
}

function decodeTypes(feature: Feature | undefined, fail: Fail): DataArray<Int32Array> {
  const values = decodeBytes("particle_type", feature && [feature], "int64", fail) as BigInt64Array;
  const data = new Int32Array(values.length);
  for (const [i, value] of values.entries()) {
    data[i] = Number(value);
    if (BigInt(data[i]!) === value) continue;
    throw fail(
      `field "particle_type": expected small int64 values, got ${value} for particle ${i}`,
      "write the types as raw little-endian int64",
    );
  }
  return { shape: [data.length], data };
}

function decodeFrames(
  name: string,
  list: Feature[] | undefined,
  shape: number[],
  fail: Fail,
): DataArray<Float32Array> {
  const data = decodeBytes(name, list, "float32", fail) as Float32Array;
  const size = sizeOf(shape);
  if (data.length === size) return { shape, data };
  throw fail(
    `field "${name}": expected ${4 * size} bytes for float32 of shape ${formatShape(shape)} ` +
      `(sequence_length + 1 frames), got ${4 * data.length} bytes`,
    "correct metadata.json, or write the record again",
  );
}

/** The values of a field: bytes a frame, or one bytes value that holds everything. */
function decodeBytes(name: string, list: Feature[] | undefined, dtype: DType, fail: Fail) {
  if (!list) {
    throw fail(
      `field "${name}" is missing: expected key, particle_type, position and, with context_mean in ` +
        `metadata.json, step_context`,
      "write the record with it",
    );
  }
  const parts = list.flatMap((feature) => {
    if (Array.isArray(feature)) return feature;
    throw fail(`field "${name}": expected raw bytes, got numbers`, `write little-endian ${dtype}`);
  });
  const size = itemSize(dtype);
  const [first] = parts;
  const odd = parts.find(({ length }) => length % size !== 0 || length !== first?.length);
  if (!odd) return fromBytes(parts, dtype);
  throw fail(
    `field "${name}": expected bytes values of one size, a multiple of ${size} for ${dtype}, got ` +
      (odd === first ? `${odd.length} bytes` : `${first?.length} and ${odd.length} bytes`),
    `write the same number of ${dtype} values for each frame`,
  );
}

function describe(metadata: LearningToSimulateMetadata): string[] {
  const { sequence_length: length, dim, dt, bounds, context_mean: context } = metadata;
  const radius = metadata.default_connectivity_radius;
  const walls = bounds?.map(([lower, upper]) => `${lower} to ${upper}`).join(", ");
  const fields = [
    ["particleType", "int32", "[any]"],
    ["position", "float32", `[${length + 1}, any, ${dim}]`],
    ...(context ? [["stepContext", "float32", `[${length + 1}, ${context.length}]`]] : []),
  ];
  return [
    `${length + 1} frames a trajectory, dt ${dt ?? "unknown"} s, ${dim} dimensions, ` +
    `connectivity radius ${radius ?? "unknown"}, bounds ${walls ?? "unknown"}`,
    ...fields.map(([name, dtype, shape]) => `  ${name!.padEnd(12)}  ${dtype!.padEnd(7)}  ${shape}`),
  ];
}
