/** The meta.json of a MeshGraphNets data set, and what it must say. @module */
import { type DType, DTYPES, isDType } from "./array.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { type JsonPath, NOWHERE, placeInJson } from "./formats/json_place.ts";

/** How a field lies along time. */
export type FieldType = "static" | "dynamic" | "dynamic_varlen";

/** One entry of meta.json's `features`. */
export interface FieldSpec {
  /** Once a trajectory, once a frame, or once a frame with its own number of rows. */
  readonly type: FieldType;
  /** `[1, -1, ...]`, `[T, -1, ...]` or `[-1, ...]`; -1 is inferred from the record. */
  readonly shape: readonly number[];
  /** The dtype of the little-endian bytes. */
  readonly dtype: DType;
}

/** The contents of a meta.json, under its own names. */
export interface MeshGraphNetsMetadata {
  /** What made the data, such as `comsol`. */
  readonly simulator?: string;
  /** Seconds from frame to frame. */
  readonly dt?: number;
  /** The distance within which world edges are made; null where there are none. */
  readonly collision_radius?: number | null;
  /** Field name to layout. */
  readonly features: { readonly [field: string]: FieldSpec };
  /** All fields that the records hold, the `length_*` ones included. */
  readonly field_names: readonly string[];
  /** T, the number of frames of each trajectory. */
  readonly trajectory_length: number;
  /** Whatever else the file says. */
  readonly [key: string]: unknown;
}

const TYPES: readonly unknown[] = ["static", "dynamic", "dynamic_varlen"];

/** The field that holds the number of rows of each frame of a dynamic_varlen field. */
export function lengthField(field: string): string {
  return `length_${field}`;
}

/** Whether a field only holds the lengths of another, and so is not shown. */
export function isLengthField(name: string, features: MeshGraphNetsMetadata["features"]): boolean {
  const owner = name.startsWith("length_") ? name.slice("length_".length) : "";
  return Object.hasOwn(features, owner) && features[owner]?.type === "dynamic_varlen";
}

/**
 * Reads and checks a meta.json.
 *
 * @param text The contents of the file.
 * @param file Its path or address, for errors.
 * @throws {DataFormatError} If it is no JSON, or does not describe a data set; the message names
 * the field.
 */
export function parseMeshGraphNetsMetadata(text: string, file: string): MeshGraphNetsMetadata {
  const fail = failer(file, text);
  let metadata: unknown;
  try {
    metadata = JSON.parse(text);
  } catch (error) {
    throw fail(
      `expected JSON: ${(error as Error).message}`,
      "write it again, or download it again",
      NOWHERE,
    );
  }
  return checkMetadata(metadata, fail);
}

/**
 * Checks a meta.json that is to be written.
 *
 * @throws {DataFormatError} As {@linkcode parseMeshGraphNetsMetadata}.
 */
export function checkMeshGraphNetsMetadata(
  metadata: unknown,
  file: string,
): MeshGraphNetsMetadata {
  return checkMetadata(metadata, failer(file));
}

type Fail = (problem: string, remedy: string, path?: JsonPath) => DataFormatError;

/** The errors of a text that is read, or of one that is to be written. */
function failer(file: string, text?: string): Fail {
  return (problem, remedy, path = []) => {
    const byteOffset = text === undefined ? undefined : placeInJson(text, path);
    const verb = text === undefined ? "write" : "read";
    const at = byteOffset === undefined ? "" : ` at byte ${byteOffset}`;
    return new DataFormatError(
      `Cannot ${verb} ${file} as MeshGraphNets metadata: ${problem}${at} (${remedy})`,
      { file, byteOffset },
    );
  };
}

function checkMetadata(metadata: unknown, fail: Fail): MeshGraphNetsMetadata {
  if (!isObject(metadata)) {
    throw fail(`expected an object, got ${say(metadata)}`, "see meta.json of another data set");
  }
  const { features, field_names: names, trajectory_length: length, dt } = metadata;
  if (!isObject(features)) {
    throw fail(`expected an object "features", got ${say(features)}`, "name each field there", [
      "features",
    ]);
  }
  if (!Array.isArray(names) || names.some((name) => typeof name !== "string")) {
    throw fail(`expected a list of names "field_names", got ${say(names)}`, "list each field", [
      "field_names",
    ]);
  }
  if (!isCount(length)) {
    throw fail(
      `expected "trajectory_length", a number of frames of at least 1, got ${say(length)}`,
      "give the number of frames of a trajectory",
      ["trajectory_length"],
    );
  }
  if (dt !== undefined && dt !== null && typeof dt !== "number") {
    throw fail(`expected "dt", a number of seconds, got ${say(dt)}`, "give the time step", ["dt"]);
  }
  const checked = metadata as unknown as MeshGraphNetsMetadata;
  for (const [name, spec] of Object.entries(features)) {
    // Lengths are read as int32 whatever is said of them.
    if (!isLengthField(name, checked.features)) checkField(name, spec, length, fail);
  }
  checkNames(checked, fail);
  return checked;
}

/** Each name needs a layout; each layout needs a name, as DeepMind's reader parses by the names. */
function checkNames({ features, field_names: names }: MeshGraphNetsMetadata, fail: Fail): void {
  const known = Object.keys(features).join(", ");
  for (const [i, name] of names.entries()) {
    if (Object.hasOwn(features, name) || isLengthField(name, features)) continue;
    throw fail(
      `field_names has "${name}", which is missing in features: expected one of ${known}, got "${name}"`,
      `give "${name}" a type, shape and dtype in features, or take it out of field_names`,
      ["field_names", i],
    );
  }
  for (const [name, { type }] of Object.entries(features)) {
    const needed = type === "dynamic_varlen" ? [name, lengthField(name)] : [name];
    const lacking = needed.find((each) => !names.includes(each));
    if (lacking === undefined) continue;
    throw fail(
      `features has "${name}" of type ${type}, so expected "${lacking}" in field_names, got ` +
        names.join(", "),
      `add "${lacking}" to field_names`,
      ["features", name],
    );
  }
}

function checkField(name: string, spec: unknown, frames: number, fail: Fail): void {
  const { type, shape, dtype } = isObject(spec) ? spec : {};
  if (!TYPES.includes(type)) {
    throw fail(
      `field "${name}" has an invalid type: expected one of ${TYPES.join(", ")}, got ${say(type)}`,
      "say how it lies along time",
      ["features", name, "type"],
    );
  }
  if (!isDType(dtype)) {
    throw fail(
      `field "${name}" has an invalid dtype: expected one of ${DTYPES.join(", ")}, got ${
        say(dtype)
      }`,
      "name the dtype of its bytes",
      ["features", name, "dtype"],
    );
  }
  const expected = type === "static"
    ? "[1, -1, d]"
    : type === "dynamic"
    ? `[${frames}, -1, d], as trajectory_length is ${frames}`
    : "[-1, d]";
  if (isShapeOf(type as FieldType, shape, frames)) return;
  throw fail(
    `field "${name}" of type ${type} has an invalid shape: expected ${expected}, got ${say(shape)}`,
    "only the axis of the nodes or cells may be -1, all other sizes are at least 1",
    ["features", name, "shape"],
  );
}

function isShapeOf(type: FieldType, shape: unknown, frames: number): boolean {
  if (!Array.isArray(shape)) return false;
  const freeAxis = type === "dynamic_varlen" ? 0 : 1;
  if (!shape.every((size, axis) => isCount(size) || size === -1 && axis === freeAxis)) return false;
  // DeepMind's reader tiles static fields over three axes.
  if (type === "static") return shape.length === 3 && shape[0] === 1;
  if (type === "dynamic") return shape.length >= 2 && shape[0] === frames;
  return shape.length >= 1 && shape[0] === -1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function say(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
