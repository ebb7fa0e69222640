/**
 * Data sets of LagrangeBench (Toshev et al., "LagrangeBench: A Lagrangian Fluid Mechanics
 * Benchmarking Suite", NeurIPS 2023): a metadata.json and an HDF5 file a split, each of its groups
 * one trajectory of particles.
 *
 * @module
 */
import type { DataArray } from "./array.ts";
import { dataFolder } from "./data_folder.ts";
import { type DataSet, splitDataSet } from "./data_set.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { type Hdf5File, openHdf5 } from "./hdf5.ts";
import {
  type LagrangeBenchMetadata,
  parseLagrangeBenchMetadata,
} from "./lagrange_bench_metadata.ts";
import type { ParticleTrajectory } from "./learning_to_simulate.ts";

/** A split of a LagrangeBench data set. */
export type LagrangeBenchDataSet = DataSet<LagrangeBenchMetadata, ParticleTrajectory>;

/** Bytes of positions that the HDF5 library reads at once, as it holds them a second time. */
const BYTES_AT_ONCE = 1 << 28;

/**
 * Opens a split of a data set in LagrangeBench's format. Opening reads the metadata; trajectories
 * are read one by one with each `for await`, in the order of their names.
 *
 * Trajectories have the form of Learning to Simulate's: `key` is the number that the trajectory is
 * named by, `particleType` int32 `[N]`, `position` float32 `[T, N, D]`. There is no extra frame: T
 * is what the file has. Where `metadata.periodic_boundary_conditions` says so, displacements go
 * around the box of `metadata.bounds`.
 *
 * @param folderOrUrl The folder: a path, or a `file:`, `http:` or `https:` address. On this machine
 *   the file is read where it lies; from the web it is held in memory.
 * @param split `train`, `valid`, `test`, or whatever the file `<split>.h5` is called.
 * @returns The data set; iterating it throws a {@linkcode DataFormatError} at the first bad
 * trajectory.
 * @throws {DataNotFoundError} If the folder has no metadata.json or no such split; the message
 *   lists the splits.
 * @throws {DataFormatError} If metadata.json is not what it should be.
 *
 * @example
 * ```ts
 * import { openLagrangeBench, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const liquid = await openLagrangeBench(sampleUrl("lennard_jones"), "valid");
 * assertEquals(liquid.metadata.periodic_boundary_conditions, [true, true, true]);
 * for await (const { key, position } of liquid) {
 *   assertEquals([key, position.shape], [0, [405, 3, 3]]);
 * }
 * ```
 */
export function openLagrangeBench(
  folderOrUrl: string | URL,
  split: string,
): Promise<LagrangeBenchDataSet> {
  return splitDataSet(dataFolder(folderOrUrl), split, {
    name: "LagrangeBench",
    metadataFile: "metadata.json",
    ending: ".h5",
    parseMetadata: parseLagrangeBenchMetadata,
    async read(folder, file, metadata: LagrangeBenchMetadata) {
      if (!await folder.has(file)) return null;
      return trajectories(await openHdf5(folder.pathOf(file)), metadata);
    },
    describe,
  });
}

async function* trajectories(
  file: Hdf5File,
  metadata: LagrangeBenchMetadata,
): AsyncGenerator<ParticleTrajectory> {
  try {
    // The library computes without a pause, so others get their turn between trajectories.
    for (const name of file.list()) {
      yield await Promise.resolve(readTrajectory(file, name, metadata));
    }
  } finally {
    file.close();
  }
}

function readTrajectory(
  file: Hdf5File,
  name: string,
  { dim }: LagrangeBenchMetadata,
): ParticleTrajectory {
  const fail = (problem: string, remedy: string): DataFormatError =>
    new DataFormatError(
      `Cannot read trajectory ${name} of ${file.name} as one of LagrangeBench: ${problem} (${remedy})`,
      { file: file.name },
    );
  const fields = file.list(name);
  const shapeOf = (field: string): number[] => {
    const shape = fields.includes(field) && file.shapeOf(`${name}/${field}`);
    if (shape) return shape;
    throw fail(`expected particle_type and position, found no ${field}`, "write it with both");
  };
  const particleType = readTypes(file, `${name}/particle_type`, shapeOf("particle_type"), fail);
  const [count] = particleType.shape;
  const shape = shapeOf("position");
  if (shape.length !== 3 || shape[1] !== count || shape[2] !== dim) {
    throw fail(
      `expected positions [T, ${count}, ${dim}] for ${count} particle types in ${dim} dimensions, ` +
        `got [${shape.join(", ")}]`,
      "correct metadata.json, or write the trajectory again",
    );
  }
  const key = /^\d+$/.test(name) ? Number(name) : 0;
  return { key, particleType, position: readPositions(file, `${name}/position`, shape, fail) };
}

type Fail = (problem: string, remedy: string) => DataFormatError;

function readTypes(
  file: Hdf5File,
  path: string,
  shape: number[],
  fail: Fail,
): DataArray<Int32Array> {
  const { data } = file.read(path);
  const types = Int32Array.from(data as ArrayLike<number | bigint>, Number);
  const isWhole = types.every((type, i) => Number(data[i]) === type);
  if (shape.length === 1 && isWhole) return { shape, data: types };
  throw fail(
    `expected particle_type, whole numbers of shape [N], got shape [${shape.join(", ")}]` +
      (isWhole ? "" : " and others"),
    "write the type of each particle as int32",
  );
}

function readPositions(
  file: Hdf5File,
  path: string,
  shape: number[],
  fail: Fail,
): DataArray<Float32Array> {
  const [frames, count, dim] = shape as [number, number, number];
  const step = Math.max(1, Math.floor(BYTES_AT_ONCE / (4 * count * dim)));
  let position: Float32Array | undefined;
  for (let begin = 0; begin < frames || !position; begin += step) {
    const { data } = file.read(path, [begin, Math.min(frames, begin + step)]);
    if (!(data instanceof Float32Array)) {
      throw fail("expected positions in float32, got another type", "write them in float32");
    }
    // What was read checked that the file can hold all of them.
    if (step >= frames) return { shape, data };
    position ??= new Float32Array(frames * count * dim);
    position.set(data, begin * count * dim);
  }
  return { shape, data: position };
}

function describe(metadata: LagrangeBenchMetadata): string[] {
  const { dim, dt, bounds, periodic_boundary_conditions: periodic, write_every: every } = metadata;
  const { sequence_length_train: train, sequence_length_test: test } = metadata;
  const walls = bounds?.map(([lower, upper], i) =>
    `${lower} to ${upper}${periodic[i] ? " (periodic)" : ""}`
  );
  return [
    `${train ?? "unknown"} frames a trajectory to train on, ${test ?? "unknown"} to test, ` +
    `dt ${dt ?? "unknown"} s${every ? `, every ${every} steps` : ""}, ${dim} dimensions, ` +
    `connectivity radius ${metadata.default_connectivity_radius ?? "unknown"}, ` +
    `bounds ${walls?.join(", ") ?? "unknown"}`,
    "  particleType  int32    [any]",
    `  position      float32  [any, any, ${dim}]`,
  ];
}
