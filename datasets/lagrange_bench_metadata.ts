/** The metadata.json of a LagrangeBench data set, and what it must say. @module */
import {
  checkParticles,
  type Fail,
  failer,
  isListOf,
  type LearningToSimulateMetadata,
  parseJson,
} from "./learning_to_simulate_metadata.ts";

/**
 * The contents of a metadata.json, under its own names, for D dimensions. Velocities and
 * accelerations are differences from frame to frame, not divided by `dt`, taken around the box
 * where it is periodic.
 */
export interface LagrangeBenchMetadata extends
  Pick<
    LearningToSimulateMetadata,
    | "dim"
    | "bounds"
    | "default_connectivity_radius"
    | "dt"
    | "vel_mean"
    | "vel_std"
    | "acc_mean"
    | "acc_std"
  > {
  /** Which dimensions are periodic, `[D]`: there the box of `bounds` repeats itself. */
  readonly periodic_boundary_conditions: readonly boolean[];
  /** Frames of a trajectory to train on. */
  readonly sequence_length_train?: number;
  /** Frames of a trajectory to validate or test on. */
  readonly sequence_length_test?: number;
  /** The most particles that a trajectory has. */
  readonly num_particles_max?: number;
  /** The distance of neighbouring particles at the beginning. */
  readonly dx?: number;
  /** Steps of the solver, each of `dt`, from frame to frame; one where it is absent. */
  readonly write_every?: number;
  /** Whatever else the file says. */
  readonly [key: string]: unknown;
}

/**
 * Reads and checks a metadata.json. Only `dim` and `periodic_boundary_conditions` must be there,
 * and the `bounds` of a box that is periodic.
 *
 * @param text The contents of the file.
 * @param file Its path or address, for errors.
 * @throws {DataFormatError} If it is no JSON, or an entry is not what it should be.
 */
export function parseLagrangeBenchMetadata(text: string, file: string): LagrangeBenchMetadata {
  return parseJson(text, failer(file, "LagrangeBench", text), checkMetadata);
}

function checkMetadata(metadata: unknown, fail: Fail): LagrangeBenchMetadata {
  const entries = checkParticles(metadata, ["dim"], fail);
  const { dim, periodic_boundary_conditions: periodic, bounds } = entries;
  if (!isListOf(periodic, dim as number, (item) => typeof item === "boolean")) {
    throw fail(
      `"periodic_boundary_conditions", true or false for each of ${dim} dimensions`,
      periodic,
      "say where the box repeats itself",
      ["periodic_boundary_conditions"],
    );
  }
  if ((periodic as boolean[]).includes(true) && bounds === undefined) {
    throw fail(`"bounds" of the periodic box`, bounds, "give both walls of each dimension");
  }
  const lengths = [
    "sequence_length_train",
    "sequence_length_test",
    "num_particles_max",
    "write_every",
  ];
  const given = lengths.filter((name) => entries[name] !== undefined);
  return checkParticles(entries, given, fail) as unknown as LagrangeBenchMetadata;
}
