/** The statistics that simulators normalise by. @module */
import type { Box } from "../lib/spatial/mod.ts";
import type { ParticleTrajectory } from "./learning_to_simulate.ts";

/**
 * Means and standard deviations under the names of metadata.json, for D dimensions and C context
 * features.
 */
export interface Stats {
  /** The mean velocity, `[D]`, per frame. */
  vel_mean: number[];
  /** The standard deviation of the velocity, `[D]`. */
  vel_std: number[];
  /** The mean acceleration, `[D]`, per frame squared. */
  acc_mean: number[];
  /** The standard deviation of the acceleration, `[D]`. */
  acc_std: number[];
  /** The mean of the step context, `[C]`, where there is one. */
  context_mean?: number[];
  /** The standard deviation of the step context, `[C]`. */
  context_std?: number[];
}

/** Options of {@linkcode computeStats}. */
export interface ComputeStatsOptions {
  /**
   * The lengths of a periodic box; `Infinity` along an axis that is not periodic. What crosses a
   * wall has then moved by the way round. By default nothing is periodic.
   */
  readonly box?: Box | null;
}

/**
 * Computes the means and standard deviations of velocities and accelerations (and of the step
 * context), which a metadata.json holds.
 *
 * Velocities are differences of positions from frame to frame, `x[t+1] - x[t]`, and accelerations
 * those of velocities: neither is divided by `dt`. All particles and frames count, and deviations
 * are those of the population. Sums run in float64 by Welford's method, so a large mean does not
 * drown a small deviation.
 *
 * @param trajectories What {@linkcode openLearningToSimulate} and {@linkcode openLagrangeBench}
 * give, or your own; use the train split.
 * @param options The periodic box, if there is one.
 * @returns The statistics under the names of metadata.json.
 * @throws {RangeError} If there are no accelerations to average (no trajectory, or fewer than 3
 *   frames), or a value is not finite.
 * @throws {TypeError} If trajectories differ in their dimension or in having a step context, or
 * the box has another.
 *
 * @example Two frames of velocity 1, then 3
 * ```ts
 * import { computeStats } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const stats = await computeStats([{
 *   key: 0,
 *   particleType: { shape: [1], data: new Int32Array([5]) },
 *   position: { shape: [3, 1, 1], data: new Float32Array([0, 1, 4]) },
 * }]);
 * assertEquals(stats, { vel_mean: [2], vel_std: [1], acc_mean: [2], acc_std: [0] });
 * ```
 */
export async function computeStats(
  trajectories: AsyncIterable<ParticleTrajectory> | Iterable<ParticleTrajectory>,
  { box = null }: ComputeStatsOptions = {},
): Promise<Stats> {
  const moments = new TrajectoryMoments(box);
  for await (const trajectory of trajectories) moments.add(trajectory);
  return moments.stats();
}

/** Gathers the statistics of trajectories that pass by. */
export class TrajectoryMoments {
  readonly #box: Box | null;
  /** The length of each axis. */
  #lengths: readonly number[] = [];
  #dim = 0;
  #contextSize = 0;
  #velocity: Moments[] = [];
  #acceleration: Moments[] = [];
  #context: Moments[] = [];
  #count = 0;

  /** @param box The lengths of a periodic box, if there is one. */
  constructor(box: Box | null = null) {
    this.#box = box;
  }

  /** Takes one trajectory in. */
  add({ position, stepContext }: ParticleTrajectory): void {
    const [frames, particles, dim] = position.shape as [number, number, number];
    const contextSize = stepContext?.shape[1] ?? 0;
    if (this.#count++ === 0) this.#begin(dim, contextSize);
    if (dim !== this.#dim || contextSize !== this.#contextSize) {
      throw new TypeError(
        `Cannot compute statistics as trajectories are alike: trajectory ${
          this.#count - 1
        }: expected ` +
          `${this.#dim} dimensions and ${this.#contextSize} context features, got ${dim} and ` +
          `${contextSize} (compute them for one data set at a time)`,
      );
    }
    const { data } = position;
    const stride = particles * dim;
    const moved = (i: number, axis: number): number => {
      const difference = data[i]! - data[i - stride]!;
      const length = this.#lengths[axis]!;
      return length < Infinity ? difference - length * Math.round(difference / length) : difference;
    };
    for (let i = stride; i < frames * stride; i++) {
      const axis = i % dim;
      const velocity = moved(i, axis);
      this.#velocity[axis]!.add(velocity);
      if (i >= 2 * stride) this.#acceleration[axis]!.add(velocity - moved(i - stride, axis));
    }
    stepContext?.data.forEach((value, i) => this.#context[i % contextSize]!.add(value));
    this.#checkFinite();
  }

  /** The statistics of all that was taken in. */
  stats(): Stats {
    if (this.#acceleration.length === 0 || this.#acceleration[0]!.count === 0) {
      throw new RangeError(
        `Cannot compute statistics as accelerations need three frames: got ${this.#count} trajectories ` +
          `with none (give trajectories of at least 3 frames and 1 particle)`,
      );
    }
    const mean = (moments: Moments[]) => moments.map((each) => each.mean);
    const std = (moments: Moments[]) => moments.map((each) => each.std());
    const stats = {
      vel_mean: mean(this.#velocity),
      vel_std: std(this.#velocity),
      acc_mean: mean(this.#acceleration),
      acc_std: std(this.#acceleration),
    };
    if (this.#contextSize === 0) return stats;
    return { ...stats, context_mean: mean(this.#context), context_std: std(this.#context) };
  }

  #checkFinite(): void {
    const means = [...this.#velocity, ...this.#acceleration, ...this.#context];
    if (means.every(({ mean }) => Number.isFinite(mean))) return;
    throw new RangeError(
      `Cannot compute statistics as all values are finite: trajectory ${
        this.#count - 1
      } has NaN, ` +
        `infinite or missing values (leave it out, or simulate it again)`,
    );
  }

  #begin(dim: number, contextSize: number): void {
    const moments = (count: number) => Array.from({ length: count }, () => new Moments());
    [this.#dim, this.#contextSize] = [dim, contextSize];
    const box = this.#box ?? Infinity;
    this.#lengths = typeof box === "number" ? new Array<number>(dim).fill(box) : box;
    if (this.#lengths.length !== dim || !this.#lengths.every((length) => length > 0)) {
      throw new TypeError(
        `Cannot compute statistics as the box has a length above 0 for each of ${dim} dimensions: got ` +
          `[${this.#lengths.join(", ")}] (Infinity for an axis that is not periodic)`,
      );
    }
    [this.#velocity, this.#acceleration] = [moments(dim), moments(dim)];
    this.#context = moments(contextSize);
  }
}

/** Mean and deviation of numbers that pass by (Welford, Technometrics 1962). */
class Moments {
  count = 0;
  mean = 0;
  #squares = 0;

  add(value: number): void {
    const difference = value - this.mean;
    this.mean += difference / ++this.count;
    this.#squares += difference * (value - this.mean);
  }

  std(): number {
    return Math.sqrt(this.#squares / this.count);
  }
}
