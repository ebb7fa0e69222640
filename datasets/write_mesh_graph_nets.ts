/** Data sets of one's own trajectories, in the format of MeshGraphNets. @module */
import { formatShape, replaceFile, sizeOf } from "../lib/base/mod.ts";
import { type DataArray, type DType, dtypeOf, toBytes, type TypedArray } from "./array.ts";
import { type DataFolder, dataFolder, localPath, readText } from "./data_folder.ts";
import { splitsOf } from "./data_set.ts";
import { encodeExample, type Feature } from "./formats/example.ts";
import type { MeshTrajectory } from "./mesh_graph_nets.ts";
import {
  checkMeshGraphNetsMetadata,
  type FieldSpec,
  isLengthField,
  lengthField,
  type MeshGraphNetsMetadata,
  parseMeshGraphNetsMetadata,
} from "./mesh_graph_nets_metadata.ts";
import { writeTfRecords } from "./tf_records.ts";

/** Options of {@linkcode writeMeshGraphNets}. */
export interface WriteMeshGraphNetsOptions {
  /**
   * What meta.json says: `dt`, `simulator`, `collision_radius` and whatever else. Where `features`,
   * `field_names` or `trajectory_length` are left out, the first trajectory gives them.
   */
  readonly metadata?: Partial<MeshGraphNetsMetadata>;
}

/**
 * Writes a split of a data set in MeshGraphNets' format, which {@linkcode openMeshGraphNets} and
 * DeepMind's own code read.
 *
 * Fields are told apart by their shapes: `[1, N, d]` is static, `[T, N, d]` dynamic (T frames, N
 * nodes or cells, which may differ from trajectory to trajectory), and a list of `[n, d]` is
 * dynamic_varlen. Write the splits one after another with the same metadata: a meta.json that is
 * there already must describe the same fields. Each file appears only when it is complete.
 *
 * @param folder The folder: a path or a `file:` URL; it is made if there is none.
 * @param split `train`, `valid` or `test`.
 * @param trajectories One record each, in the form that {@linkcode openMeshGraphNets} gives.
 * @param options What meta.json says beyond the fields.
 * @returns The number of trajectories.
 * @throws {TypeError} If a trajectory lacks a field or has it in another shape or dtype; the
 *   message names the trajectory and field, and nothing is replaced.
 * @throws {RangeError} If there is no trajectory, and no metadata, to take the fields from.
 *
 * @example
 * ```ts
 * import { openMeshGraphNets, writeMeshGraphNets } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const trajectory = {
 *   cells: { shape: [1, 1, 3], data: new Int32Array([0, 1, 2]) },
 *   mesh_pos: { shape: [1, 3, 2], data: new Float32Array([0, 0, 1, 0, 0, 1]) },
 *   velocity: { shape: [4, 3, 2], data: new Float32Array(24) },
 * };
 * await writeMeshGraphNets(folder, "train", [trajectory], { metadata: { dt: 0.1 } });
 *
 * const back = await openMeshGraphNets(folder, "train");
 * assertEquals(back.metadata.trajectory_length, 4);
 * for await (const each of back) assertEquals(each, trajectory);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeMeshGraphNets(
  folder: string | URL,
  split: string,
  trajectories: AsyncIterable<MeshTrajectory> | Iterable<MeshTrajectory>,
  { metadata = {} }: WriteMeshGraphNetsOptions = {},
): Promise<number> {
  await Deno.mkdir(localPath(folder), { recursive: true });
  const target = dataFolder(folder);
  const existing = await readExisting(target, split);
  const file = target.pathOf("meta.json");
  let complete: MeshGraphNetsMetadata | undefined;

  function complement(first: MeshTrajectory | undefined): MeshGraphNetsMetadata {
    const shaped = existing ?? (first && !metadata.features ? inferMetadata(first) : {});
    const joined = { ...shaped, ...metadata };
    if (!joined.features) throw noFields(folder, split);
    const checked = checkMeshGraphNetsMetadata(joined, file);
    if (existing) checkSameFields(existing, checked, file);
    return checked;
  }

  async function* encoded() {
    let index = 0;
    for await (const trajectory of trajectories) {
      complete ??= complement(trajectory);
      yield encodeTrajectory(trajectory, complete.features, index++);
    }
    complete ??= complement(undefined);
  }

  const count = await writeTfRecords(target.pathOf(`${split}.tfrecord`), encoded());
  const text = JSON.stringify(complete, null, 2) + "\n";
  await replaceFile(file, new TextEncoder().encode(text));
  return count;
}

/** The meta.json that other splits need; one that would belong to none may be replaced. */
async function readExisting(
  folder: DataFolder,
  split: string,
): Promise<MeshGraphNetsMetadata | undefined> {
  const others = (await splitsOf(folder, ".tfrecord")).filter((other) => other !== split);
  const file = await folder.open("meta.json");
  if (!file) return undefined;
  const text = await readText(file);
  return others.length > 0 ? parseMeshGraphNetsMetadata(text, file.name) : undefined;
}

function noFields(folder: string | URL, split: string): RangeError {
  return new RangeError(
    `Cannot write split "${split}" of ${folder} as a MeshGraphNets data set: expected at least one ` +
      `trajectory to take the fields from, got none (give metadata with features, field_names and ` +
      `trajectory_length)`,
  );
}

type Shaped = Pick<MeshGraphNetsMetadata, "features" | "field_names" | "trajectory_length">;

/** What the shapes of one trajectory say. */
function inferMetadata(trajectory: MeshTrajectory): Shaped {
  const features = Object.fromEntries(
    Object.entries(trajectory).map(([name, value]) => [name, inferField(name, value)]),
  );
  const lengths = Object.entries(trajectory).map(([name, value]) =>
    Array.isArray(value) ? value.length : features[name]!.type === "dynamic" ? value.shape[0]! : 1
  );
  const names = Object.keys(features).flatMap((name) =>
    features[name]!.type === "dynamic_varlen" ? [name, lengthField(name)] : [name]
  );
  return { features, field_names: names, trajectory_length: Math.max(...lengths, 1) };
}

function inferField(name: string, value: DataArray | DataArray[]): FieldSpec {
  if (Array.isArray(value)) {
    const first = value[0];
    if (!first) {
      throw fieldError(0, name, "at least one frame", "an empty list", "give an array a frame");
    }
    return {
      type: "dynamic_varlen",
      shape: [-1, ...first.shape.slice(1)],
      dtype: dtypeOf(first.data),
    };
  }
  const [frames, , ...rest] = value.shape;
  if (value.shape.length < 3) {
    const actual = formatShape(value.shape);
    throw fieldError(0, name, "[1, N, d] or [T, N, d]", actual, "add the axes of size 1");
  }
  const type = frames === 1 ? "static" : "dynamic";
  return { type, shape: [frames!, -1, ...rest], dtype: dtypeOf(value.data) };
}

/** Splits share one meta.json, so a new one must not make the old ones unreadable. */
function checkSameFields(
  existing: MeshGraphNetsMetadata,
  next: MeshGraphNetsMetadata,
  file: string,
): void {
  const say = ({ features, trajectory_length: length }: MeshGraphNetsMetadata) =>
    Object.entries(features)
      .map(([name, { type, shape, dtype }]) => `${name} ${type} ${dtype} ${formatShape(shape)}`)
      .sort().join("; ") + `; ${length} frames`;
  if (say(existing) === say(next)) return;
  throw new TypeError(
    `Cannot write ${file} as the splits of a data set share their fields: expected those of the other ` +
      `splits, ${say(existing)}, got ${say(next)} (write to another folder)`,
  );
}

function encodeTrajectory(
  trajectory: MeshTrajectory,
  features: MeshGraphNetsMetadata["features"],
  index: number,
): Uint8Array {
  const shown = Object.entries(features).filter(([name]) => !isLengthField(name, features));
  const extra = Object.keys(trajectory).find((name) => !shown.some(([each]) => each === name));
  if (extra !== undefined) {
    const expected = `one of ${shown.map(([name]) => name).join(", ")}`;
    throw fieldError(
      index,
      extra,
      expected,
      "another field",
      "give all trajectories the same fields",
    );
  }
  const example = new Map<string, Feature>();
  for (const [name, spec] of shown) {
    const value = trajectory[name];
    if (value === undefined) {
      throw fieldError(index, name, "an array", "none", "give all trajectories the same fields");
    }
    if (spec.type !== "dynamic_varlen") {
      example.set(name, [arrayBytes(index, name, value, spec.shape, spec.dtype)]);
      continue;
    }
    const frames = Array.isArray(value) ? value : [value];
    const parts = frames.map((frame) => arrayBytes(index, name, frame, spec.shape, spec.dtype));
    example.set(name, [concat(parts)]);
    const lengths = Int32Array.from(frames, ({ shape }) => shape[0]!);
    example.set(lengthField(name), [toBytes(lengths)]);
  }
  return encodeExample(example);
}

function arrayBytes(
  index: number,
  name: string,
  value: DataArray | DataArray[],
  expected: readonly number[],
  dtype: DType,
): Uint8Array {
  const remedy = "give all trajectories the same layout, or write another data set";
  const wanted = `${dtype} ${formatShape(expected)}`;
  if (Array.isArray(value)) throw fieldError(index, name, wanted, "a list of arrays", remedy);
  const { shape, data } = value;
  const fits = shape.length === expected.length &&
    shape.every((size, axis) => expected[axis] === -1 || expected[axis] === size);
  if (!fits || !isOfType(data, dtype)) {
    throw fieldError(index, name, wanted, `${dtypeOf(data)} ${formatShape(shape)}`, remedy);
  }
  if (data.length !== sizeOf(shape)) {
    const actual = `${data.length} values`;
    throw fieldError(
      index,
      name,
      `${sizeOf(shape)} values for ${formatShape(shape)}`,
      actual,
      remedy,
    );
  }
  return toBytes(data);
}

function isOfType(data: TypedArray, dtype: DType): boolean {
  // A bool is kept in a Uint8Array, whose own dtype is uint8.
  return dtypeOf(data) === (dtype === "bool" ? "uint8" : dtype);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let filled = 0;
  for (const part of parts) {
    joined.set(part, filled);
    filled += part.length;
  }
  return joined;
}

function fieldError(
  index: number,
  name: string,
  expected: string,
  actual: string,
  remedy: string,
): TypeError {
  return new TypeError(
    `Cannot write trajectory ${index} as MeshGraphNets: field "${name}": expected ${expected}, got ` +
      `${actual} (${remedy})`,
  );
}
