/** What a particle simulator knows before it learns: the metadata of a data set. @module */
import { describe } from "../../tree/mod.ts";

/** Means and deviations, from frame to frame: of velocity, acceleration `[D]` and context `[C]`. */
export type ParticleStatistic = `${"vel" | "acc" | "context"}_${"mean" | "std"}`;

/** The entries of a metadata.json that are read, of Learning to Simulate or of LagrangeBench. */
export interface ParticleMetadata
  extends Readonly<Partial<Record<ParticleStatistic, readonly number[]>>> {
  /** D. */
  readonly dim: number;
  /** The lower and the upper wall of each dimension, or the sides of the periodic box. */
  readonly bounds?: readonly (readonly [number, number])[];
  /** Which dimensions are periodic; none by default. */
  readonly periodic_boundary_conditions?: readonly boolean[];
  /** The distance within which particles see each other. */
  readonly default_connectivity_radius?: number;
}

/** A mean and a standard deviation of each component. */
export interface Moments {
  /** The mean of each coordinate, `[dim]`. */
  readonly mean: readonly number[];
  /** The standard deviation of each coordinate, `[dim]`. */
  readonly std: readonly number[];
}

/** A world of particles in D dimensions. Lengths are in the unit of positions, time in frames. */
export interface ParticleWorld {
  /** D. */
  readonly dimension: number;
  /** The distance within which particles see each other. */
  readonly radius: number;
  /** The lower and the upper wall of each dimension; null where there are none, as in a box. */
  readonly walls: readonly (readonly [number, number])[] | null;
  /** The lengths of the periodic box, `Infinity` along an axis that is not periodic, or null. */
  readonly box: readonly number[] | null;
  /** The corner of the box. */
  readonly origin: readonly number[];
  /** Of the change of position from frame to frame. */
  readonly velocity: Moments;
  /** Of the change of velocity from frame to frame. */
  readonly acceleration: Moments;
  /** Of what acts on all particles, or null. */
  readonly context: Moments | null;
}

/**
 * Reads what a particle simulator must know from a data set's metadata.
 *
 * In a periodic box there are no walls to be near to, as in LagrangeBench.
 *
 * @param metadata The `metadata` of an opened data set, or of `computeStats`.
 * @returns The world.
 * @throws {TypeError} If an entry is missing or has another length than the dimensions.
 * @throws {RangeError} If the radius or a deviation is not positive.
 *
 * @example
 * ```ts
 * import { particleWorld } from "@meshwork/meshwork";
 * import { openLagrangeBench, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const { metadata } = await openLagrangeBench(sampleUrl("lennard_jones"), "train");
 * const { radius, walls, box } = particleWorld(metadata);
 * assertEquals([radius, walls, box], [3, null, [5, 5, 5]]);
 * ```
 */
export function particleWorld(metadata: ParticleMetadata): ParticleWorld {
  const { dim, default_connectivity_radius: radius, bounds = null } = metadata;
  if (!(Number.isInteger(dim) && dim > 0)) fail(`dim is a number of dimensions`, dim);
  if (!(typeof radius === "number" && radius > 0 && radius < Infinity)) {
    fail(`default_connectivity_radius is a positive length`, radius);
  }
  const periodic = metadata.periodic_boundary_conditions ?? [];
  const isPeriodic = periodic.includes(true);
  if (isPeriodic && (!bounds || periodic.length !== dim)) {
    fail(`a periodic box has bounds, and says of each of ${dim} dimensions if it is`, periodic);
  }
  if (bounds && bounds.length !== dim) {
    fail(`bounds are two numbers for each of ${dim} dimensions`, bounds);
  }
  return {
    dimension: dim,
    radius,
    walls: isPeriodic ? null : bounds,
    box: isPeriodic
      ? bounds!.map(([low, high], axis) => periodic[axis] ? high - low : Infinity)
      : null,
    origin: bounds?.map(([low]) => low) ?? new Array<number>(dim).fill(0),
    velocity: momentsOf(metadata, "vel", dim),
    acceleration: momentsOf(metadata, "acc", dim),
    context: metadata.context_mean
      ? momentsOf(metadata, "context", metadata.context_mean.length)
      : null,
  };
}

/**
 * Where neighbours are looked for. A radius that reaches round the box from both sides, as in small
 * worlds of LagrangeBench, joins all particles, each pair once, the shortest way.
 *
 * @param world The world.
 * @returns The radius and the box of a search.
 */
export function searchOf(
  { radius, box }: ParticleWorld,
): { readonly radius: number; readonly box: readonly number[] | null } {
  const reachesRound = box !== null && box.every(Number.isFinite) && Math.min(...box) <= 2 * radius;
  return reachesRound ? { radius: 2 * Math.hypot(...box), box: null } : { radius, box };
}

function momentsOf(
  metadata: ParticleMetadata,
  name: "vel" | "acc" | "context",
  length: number,
): Moments {
  const [mean, std] = [metadata[`${name}_mean`], metadata[`${name}_std`]];
  for (const [entry, values] of Object.entries({ mean, std })) {
    if (!values || values.length !== length || !values.every(Number.isFinite)) {
      fail(`${name}_${entry} is ${length} numbers`, values, "computeStats gives them");
    }
  }
  // A context may be constant; it is then divided by 1e-8, as in Learning to Simulate.
  const least = name === "context" ? 1e-8 : 0;
  if (name !== "context" && !std!.every((value) => value > 0)) {
    throw new RangeError(
      `Cannot make a world of particles as deviations are positive: ${name}_std is ` +
        JSON.stringify(std),
    );
  }
  return { mean: mean!, std: std!.map((value) => Math.max(value, least)) };
}

function fail(rule: string, got: unknown, remedy = "correct the metadata"): never {
  const ErrorType = typeof got === "number" ? RangeError : TypeError;
  throw new ErrorType(
    `Cannot make a world of particles as ${rule}: got ${describe(got)} (${remedy})`,
  );
}
