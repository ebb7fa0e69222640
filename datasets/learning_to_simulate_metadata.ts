/** The metadata.json of a Learning to Simulate data set, and what it must say. @module */
import { DataFormatError } from "./formats/data_format_error.ts";
import { type JsonPath, NOWHERE, placeInJson } from "./formats/json_place.ts";

/**
 * The contents of a metadata.json, under its own names, for D dimensions and C context features.
 * Velocities and accelerations are differences from frame to frame, not divided by `dt`.
 */
export interface LearningToSimulateMetadata {
  /** The number of frames less one: trajectories have one more, to take the first velocity from. */
  readonly sequence_length: number;
  /** D. */
  readonly dim: number;
  /** The lower and the upper wall of each dimension. */
  readonly bounds?: readonly (readonly [number, number])[];
  /** The distance within which particles see each other. */
  readonly default_connectivity_radius?: number;
  /** Seconds from frame to frame. */
  readonly dt?: number;
  /** The mean velocity, `[D]`. */
  readonly vel_mean?: readonly number[];
  /** The standard deviation of the velocity, `[D]`. */
  readonly vel_std?: readonly number[];
  /** The mean acceleration, `[D]`. */
  readonly acc_mean?: readonly number[];
  /** The standard deviation of the acceleration, `[D]`. */
  readonly acc_std?: readonly number[];
  /** The mean of `step_context`, `[C]`; where it is given, records have a `step_context`. */
  readonly context_mean?: readonly number[];
  /** The standard deviation of `step_context`, `[C]`. */
  readonly context_std?: readonly number[];
  /** Whatever else the file says. */
  readonly [key: string]: unknown;
}

/**
 * Reads and checks a metadata.json. Only `sequence_length` and `dim` must be there.
 *
 * @param text The contents of the file.
 * @param file Its path or address, for errors.
 * @throws {DataFormatError} If it is no JSON, or an entry is not what it should be.
 */
export function parseLearningToSimulateMetadata(
  text: string,
  file: string,
): LearningToSimulateMetadata {
  return parseJson(text, failer(file, "Learning to Simulate", text), checkMetadata);
}

/** Reads JSON and checks it. */
export function parseJson<T>(
  text: string,
  fail: Fail,
  check: (value: unknown, fail: Fail) => T,
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw fail("JSON", (error as Error).message, "download or write it again", NOWHERE);
  }
  return check(value, fail);
}

/**
 * Checks a metadata.json that is to be written.
 *
 * @throws {DataFormatError} As {@linkcode parseLearningToSimulateMetadata}.
 */
export function checkLearningToSimulateMetadata(
  metadata: unknown,
  file: string,
): LearningToSimulateMetadata {
  return checkMetadata(metadata, failer(file, "Learning to Simulate"));
}

/** Makes the error of an entry that is not what it should be; the path leads to it. */
export type Fail = (
  expected: string,
  actual: unknown,
  remedy: string,
  path?: JsonPath,
) => DataFormatError;

/** The errors of one metadata file: of a text that is read, or of one that is to be written. */
export function failer(file: string, format: string, text?: string): Fail {
  return (expected, actual, remedy, path = []) => {
    const said = typeof actual === "string" ? actual : JSON.stringify(actual) ?? "nothing";
    const byteOffset = text === undefined ? undefined : placeInJson(text, path);
    const verb = text === undefined ? "write" : "read";
    const at = byteOffset === undefined ? "" : ` at byte ${byteOffset}`;
    return new DataFormatError(
      `Cannot ${verb} ${file} as ${format} metadata: expected ${expected}, got ${said}${at} ` +
        `(${remedy})`,
      { file, byteOffset },
    );
  };
}

function checkMetadata(metadata: unknown, fail: Fail): LearningToSimulateMetadata {
  const entries = checkParticles(metadata, ["sequence_length", "dim"], fail);
  checkContext(entries.context_mean, entries.context_std, fail);
  return entries as unknown as LearningToSimulateMetadata;
}

/** Checks what all metadata of particles have: the counts that must be there, and what may be. */
export function checkParticles(
  metadata: unknown,
  counts: readonly string[],
  fail: Fail,
): Record<string, unknown> {
  if (typeof metadata !== "object" || metadata === null || Array.isArray(metadata)) {
    throw fail("an object", metadata, "see metadata.json of another data set");
  }
  const entries = metadata as Record<string, unknown>;
  const { dim, bounds } = entries;
  for (const name of counts) {
    const value = entries[name];
    if (Number.isSafeInteger(value) && (value as number) >= 1) continue;
    const remedy = "it gives the shape of the positions";
    throw fail(`"${name}", an integer of at least 1`, value, remedy, [name]);
  }
  for (const name of ["dt", "default_connectivity_radius"]) {
    if (entries[name] === undefined || isNumber(entries[name])) continue;
    throw fail(`"${name}", a number`, entries[name], "correct it", [name]);
  }
  if (bounds !== undefined && !isListOf(bounds, dim as number, (pair) => isNumbers(pair, 2))) {
    throw fail(`"bounds", ${dim} pairs of numbers`, bounds, "give both walls of each dimension", [
      "bounds",
    ]);
  }
  for (const name of ["vel_mean", "vel_std", "acc_mean", "acc_std"]) {
    if (entries[name] === undefined || isNumbers(entries[name], dim as number)) continue;
    throw fail(`"${name}", a number for each of ${dim} dimensions`, entries[name], "correct it", [
      name,
    ]);
  }
  return entries;
}

function checkContext(mean: unknown, std: unknown, fail: Fail): void {
  if (mean === undefined && std === undefined) return;
  if (!Array.isArray(mean) || !isNumbers(mean, mean.length)) {
    throw fail('"context_mean", a list of numbers', mean, "give the mean of each context feature", [
      "context_mean",
    ]);
  }
  if (std === undefined || isNumbers(std, mean.length)) return;
  throw fail(`"context_std", ${mean.length} numbers as context_mean`, std, "correct it", [
    "context_std",
  ]);
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isNumbers(value: unknown, length: number): boolean {
  return isListOf(value, length, isNumber);
}

/** Whether something is a list of so many items of a kind. */
export function isListOf(
  value: unknown,
  length: number,
  isItem: (item: unknown) => boolean,
): boolean {
  return Array.isArray(value) && value.length === length && value.every(isItem);
}
