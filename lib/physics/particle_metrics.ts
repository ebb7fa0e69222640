/**
 * How far a rollout of particles is from the truth, where particles may have changed places.
 * @module
 */
import { formatShape, sameShape } from "../base/mod.ts";
import { describe } from "../tree/mod.ts";
import type { Frames } from "./metrics.ts";

/**
 * The kinetic energy of each transition, `½ Σ v²` over particles of mass 1, with `v` the change of
 * position from frame to frame; its unit is that of positions, squared.
 *
 * @param frames `[T, N, D]`: positions, of paths that do not jump (see `unwrapFrames`).
 * @returns T - 1 numbers.
 * @throws {TypeError} If frames are not `[T, N, D]`.
 *
 * @example
 * ```ts
 * import { kineticEnergy } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const path = { shape: [3, 1, 1], data: Float32Array.of(0, 1, 3) };
 * assertEquals([...kineticEnergy(path)], [0.5, 2]);
 * ```
 */
export function kineticEnergy(frames: Frames): Float64Array {
  checkPositions(frames, "compute a kinetic energy");
  const [count, particles, dimension] = frames.shape as [number, number, number];
  const size = particles * dimension;
  const energies = new Float64Array(Math.max(0, count - 1));
  for (let i = size; i < frames.data.length; i++) {
    energies[Math.floor(i / size) - 1]! += 0.5 * (frames.data[i]! - frames.data[i - size]!) ** 2;
  }
  return energies;
}

/**
 * The mean squared error of the kinetic energy, as LagrangeBench reports it (Toshev et al. 2023,
 * arXiv:2309.16342), in frames instead of seconds.
 *
 * @param predicted `[T, N, D]`: positions.
 * @param truth `[T, N, D]`.
 * @returns The error, averaged over transitions.
 * @throws {TypeError} If the shapes differ, or are not `[T, N, D]`.
 * @throws {RangeError} If there are fewer than two frames.
 *
 * @example
 * ```ts
 * import { kineticEnergyError } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { shape: [2, 1, 1], data: Float32Array.of(0, 2) };
 * const still = { shape: [2, 1, 1], data: Float32Array.of(7, 7) };
 * assertEquals(kineticEnergyError(still, truth), 4);
 * ```
 */
export function kineticEnergyError(predicted: Frames, truth: Frames): number {
  const [a, b] = [kineticEnergy(predicted), kineticEnergy(truth)];
  if (!sameShape(predicted.shape, truth.shape)) {
    throw new TypeError(
      `Cannot compare kinetic energies as there are as many frames and particles: predicted is ` +
        `${formatShape(predicted.shape)}, the truth is ${formatShape(truth.shape)}`,
    );
  }
  if (a.length === 0) {
    throw new RangeError(
      `Cannot compare kinetic energies as a velocity takes two frames: got ` +
        formatShape(truth.shape),
    );
  }
  return a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length;
}

/** Options of {@linkcode sinkhornDistance}. */
export interface SinkhornOptions {
  /**
   * How much transport is blurred, in the unit of positions squared; 0.05 times the mean squared
   * distance of `truth` to `predicted` by default.
   */
  readonly epsilon?: number;
  /** Rounds; 200 by default. */
  readonly iterations?: number;
}

/**
 * How far two clouds of particles are apart, whichever particle is which: the Sinkhorn divergence
 * `S(a, b) - ½ S(a, a) - ½ S(b, b)` of squared distances (Genevay et al. 2018, arXiv:1706.00292;
 * Feydy et al. 2019), which is 0 for equal clouds.
 *
 * S is the entropic cost of transport in its dual form, of particles that weigh `1 / N` each, found
 * by Sinkhorn's rounds in the domain of logarithms, in float64. Takes time and memory for all
 * pairs.
 *
 * @param predicted `[N, D]`: positions in one frame.
 * @param truth `[M, D]`.
 * @param options Blur and rounds.
 * @returns The divergence, in the unit of positions squared.
 * @throws {TypeError} If the clouds are not of rank 2 and of one dimension.
 * @throws {RangeError} If a cloud is empty, or an option is not positive.
 *
 * @example A cloud that is moved by 2, its particles in another order
 * ```ts
 * import { sinkhornDistance } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const cloud = { shape: [2, 1], data: Float32Array.of(0, 1) };
 * const moved = { shape: [2, 1], data: Float32Array.of(3, 2) };
 * assertAlmostEquals(sinkhornDistance(cloud, moved), 4, 1e-6);
 * assertAlmostEquals(sinkhornDistance(cloud, cloud), 0, 1e-6);
 * ```
 */
export function sinkhornDistance(
  predicted: Frames,
  truth: Frames,
  { epsilon, iterations = 200 }: SinkhornOptions = {},
): number {
  const dimension = predicted?.shape?.[1];
  if (
    predicted?.shape?.length !== 2 || truth?.shape?.length !== 2 || truth.shape[1] !== dimension
  ) {
    throw new TypeError(
      `Cannot compare clouds of particles as they are [N, D] and [M, D]: got ` +
        `${describe(predicted?.shape)} and ${describe(truth?.shape)}`,
    );
  }
  const [n, m] = [predicted.shape[0]!, truth.shape[0]!];
  const isWhole = Number.isInteger(iterations) && iterations > 0;
  if (!(n > 0 && m > 0 && isWhole && (epsilon === undefined || epsilon > 0))) {
    throw new RangeError(
      `Cannot compare clouds of particles as none is empty and options are positive: there are ${n} ` +
        `and ${m} particles, epsilon is ${epsilon}, iterations is ${iterations}`,
    );
  }
  const costs = squaredDistances(predicted, truth);
  const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
  // Clouds that are one point each are at no distance; any blur will do.
  const blur = epsilon ?? (0.05 * mean || 1);
  const own = (cloud: Frames): number =>
    transport(squaredDistances(cloud, cloud), cloud.shape[0]!, blur, iterations);
  return transport(costs, n, blur, iterations) - (own(predicted) + own(truth)) / 2;
}

function squaredDistances(a: Frames, b: Frames): Float64Array {
  const [n, m, dimension] = [a.shape[0]!, b.shape[0]!, a.shape[1]!];
  const costs = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      let sum = 0;
      for (let k = 0; k < dimension; k++) {
        sum += (a.data[i * dimension + k]! - b.data[j * dimension + k]!) ** 2;
      }
      costs[i * m + j] = sum;
    }
  }
  return costs;
}

/** The dual cost of entropic transport between uniform weights, from costs `[n, m]`. */
function transport(costs: Float64Array, n: number, epsilon: number, iterations: number): number {
  const m = costs.length / n;
  const [f, g] = [new Float64Array(n), new Float64Array(m)];
  const soften = (out: Float64Array, other: Float64Array, at: (i: number, j: number) => number) => {
    for (let i = 0; i < out.length; i++) {
      let least = Infinity;
      for (let j = 0; j < other.length; j++) least = Math.min(least, costs[at(i, j)]! - other[j]!);
      let sum = 0;
      for (let j = 0; j < other.length; j++) {
        sum += Math.exp((least - costs[at(i, j)]! + other[j]!) / epsilon);
      }
      out[i] = least - epsilon * Math.log(sum / other.length);
    }
  };
  for (let round = 0; round < iterations; round++) {
    soften(f, g, (i, j) => i * m + j);
    soften(g, f, (j, i) => i * m + j);
  }
  const mean = (x: Float64Array): number => x.reduce((sum, v) => sum + v, 0) / x.length;
  return mean(f) + mean(g);
}

function checkPositions(frames: Frames, action: string): void {
  if (frames?.shape?.length === 3 && frames.data?.length === frames.shape.reduce((a, b) => a * b)) {
    return;
  }
  throw new TypeError(
    `Cannot ${action} as positions are [T, N, D]: got ${describe(frames?.shape)}`,
  );
}
