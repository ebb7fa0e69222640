/** How far a rollout is from the truth. @module */
import { type ArrayData, formatShape, sameShape, sizeOf } from "../base/mod.ts";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { describe } from "../tree/mod.ts";

/** Frames on the host, `[T, ...]`: the numbers of T frames, one frame after another. */
export type Frames = ArrayData<Float32Array>;

/**
 * The mean squared error of a rollout at several horizons, as MeshGraphNets reports it.
 *
 * At horizon h it is the mean over components, nodes and the first h steps. Summed in float64.
 *
 * @param predicted `[S, N, D]`: steps 1, 2, ..., S after the start.
 * @param truth `[T, N, D]`: frames of the true trajectory.
 * @param horizons The numbers of steps; those beyond S or the end of the truth are left out.
 * @param start The frame of the truth that the rollout started from.
 * @returns The error by horizon.
 * @throws {TypeError} If the frames have different shapes.
 * @throws {RangeError} If the start is no frame of the truth, or a horizon is no positive integer.
 *
 * @example
 * ```ts
 * import { mseAtHorizons } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { shape: [3, 1, 1], data: Float32Array.of(0, 1, 2) };
 * const predicted = { shape: [2, 1, 1], data: Float32Array.of(1, 4) };
 * assertEquals([...mseAtHorizons(predicted, truth, [1, 2, 10])], [[1, 0], [2, 2]]);
 * ```
 */
export function mseAtHorizons(
  predicted: Frames,
  truth: Frames,
  horizons: readonly number[] = [1, 10, 20, 50, 100, 200],
  start = 0,
): Map<number, number> {
  checkFrames(predicted, "measure a rollout");
  checkFrames(truth, "measure a rollout");
  checkStart(truth, start, "measure a rollout");
  if (!sameShape(predicted.shape.slice(1), truth.shape.slice(1))) {
    throw new TypeError(
      `Cannot measure a rollout as its frames must be those of the truth: predicted is ` +
        `${formatShape(predicted.shape)}, the truth is ${formatShape(truth.shape)}`,
    );
  }
  const size = frameSize(truth);
  const steps = Math.min(predicted.shape[0]!, truth.shape[0]! - 1 - start);
  const errors = new Map<number, number>();
  const offset = (start + 1) * size;
  let [sum, next] = [0, 0];
  for (const horizon of [...horizons].sort((a, b) => a - b)) {
    checkPositiveInteger(horizon, "measure a rollout", "a horizon");
    if (horizon > steps) break;
    for (; next < horizon * size; next++) {
      sum += (predicted.data[next]! - truth.data[offset + next]!) ** 2;
    }
    errors.set(horizon, sum / (horizon * size));
  }
  return errors;
}

/**
 * The root of {@linkcode mseAtHorizons}: errors in the unit of the field.
 *
 * @param predicted `[S, N, D]`.
 * @param truth `[T, N, D]`.
 * @param horizons The numbers of steps.
 * @param start The frame of the truth that the rollout started from.
 * @returns The error by horizon.
 * @throws {TypeError} If the frames have different shapes.
 * @throws {RangeError} If the start is no frame of the truth, or a horizon is no positive integer.
 *
 * @example
 * ```ts
 * import { rmseAtHorizons } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { shape: [2, 1, 1], data: Float32Array.of(0, 1) };
 * const predicted = { shape: [1, 1, 1], data: Float32Array.of(4) };
 * assertEquals([...rmseAtHorizons(predicted, truth)], [[1, 3]]);
 * ```
 */
export function rmseAtHorizons(
  predicted: Frames,
  truth: Frames,
  horizons?: readonly number[],
  start?: number,
): Map<number, number> {
  const errors = mseAtHorizons(predicted, truth, horizons, start);
  return new Map([...errors].map(([horizon, error]) => [horizon, Math.sqrt(error)]));
}

/**
 * The forecast that nothing changes: the start frame again and again. What a simulator has to beat.
 *
 * @param truth `[T, N, D]`.
 * @param steps How many frames to forecast.
 * @param start The frame to repeat.
 * @returns `[steps, N, D]`.
 * @throws {RangeError} If the start is no frame of the truth, or `steps` no number of frames.
 *
 * @example
 * ```ts
 * import { persistence } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { shape: [2, 1, 2], data: Float32Array.of(1, 2, 3, 4) };
 * assertEquals(persistence(truth, 2, 1), {
 *   shape: [2, 1, 2],
 *   data: Float32Array.of(3, 4, 3, 4),
 * });
 * ```
 */
export function persistence(truth: Frames, steps: number, start = 0): Frames {
  checkFrames(truth, "repeat a frame");
  checkStart(truth, start, "repeat a frame");
  if (!Number.isInteger(steps) || steps < 0) {
    throw new RangeError(
      `Cannot repeat a frame as steps is a number of frames: got ${describe(steps)}`,
    );
  }
  const size = frameSize(truth);
  const frame = truth.data.subarray(start * size, (start + 1) * size);
  const data = new Float32Array(steps * size);
  for (let step = 0; step < steps; step++) data.set(frame, step * size);
  return { shape: [steps, ...truth.shape.slice(1)], data };
}

/**
 * The forecast that everything goes on as it goes: positions that keep their last velocity,
 * `x + h (x - x₋₁)` after h steps. What a simulator of particles or cloth has to beat.
 *
 * @param truth `[T, N, D]`: positions.
 * @param steps How many frames to forecast.
 * @param start The frame to start from; the one before gives the velocity.
 * @returns `[steps, N, D]`.
 * @throws {RangeError} If the start is no frame of the truth that has one before it, or `steps` no
 * number of frames.
 *
 * @example
 * ```ts
 * import { constantVelocity } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const truth = { shape: [2, 1, 1], data: Float32Array.of(1, 3) };
 * assertEquals([...constantVelocity(truth, 3, 1).data], [5, 7, 9]);
 * ```
 */
export function constantVelocity(truth: Frames, steps: number, start: number): Frames {
  const still = persistence(truth, steps, start);
  if (start < 1) {
    throw new RangeError(
      `Cannot go on at a velocity as the frame before the start gives it: start is ${start}`,
    );
  }
  const size = frameSize(truth);
  for (let i = 0; i < still.data.length; i++) {
    const place = start * size + i % size;
    const velocity = truth.data[place]! - truth.data[place - size]!;
    still.data[i]! += (Math.floor(i / size) + 1) * velocity;
  }
  return still;
}

/**
 * Trajectories in a periodic box as continuous paths: from frame to frame each particle goes the
 * shortest way, out of the box if need be. Errors and baselines are to be taken of these.
 *
 * @param frames `[T, N, D]`: positions, wherever in the box.
 * @param box The lengths of the box, `[D]`; `Infinity` along an axis that is not periodic.
 * @returns `[T, N, D]`, whose first frame is the same.
 * @throws {RangeError} If there is not one length for each axis.
 *
 * @example
 * ```ts
 * import { unwrapFrames } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const path = { shape: [3, 1, 1], data: Float32Array.of(0.5, 0.75, 0) };
 * assertEquals([...unwrapFrames(path, [1]).data], [0.5, 0.75, 1]);
 * ```
 */
export function unwrapFrames(frames: Frames, box: readonly number[]): Frames {
  checkFrames(frames, "unwrap a trajectory");
  const dimension = frames.shape.at(-1)!;
  if (box.length !== dimension || !box.every((length) => length > 0)) {
    throw new RangeError(
      `Cannot unwrap a trajectory as a box has a positive length for each of ${dimension} axes: got ` +
        `[${box.join(", ")}]`,
    );
  }
  const size = frameSize(frames);
  const data = Float32Array.from(frames.data);
  for (let i = size; i < data.length; i++) {
    const length = box[i % dimension]!;
    const way = frames.data[i]! - frames.data[i - size]!;
    const turns = length === Infinity ? 0 : Math.round(way / length) * length;
    data[i] = data[i - size]! + way - turns;
  }
  return { shape: frames.shape, data };
}

function frameSize(frames: Frames): number {
  return sizeOf(frames.shape.slice(1));
}

function checkFrames(frames: Frames, action: string): void {
  const { shape, data } = frames ?? {};
  if (Array.isArray(shape) && data?.length === shape.reduce((a, b) => a * b, 1)) return;
  throw new TypeError(
    `Cannot ${action} as frames are {shape, data} with a number for each place: got ` +
      (Array.isArray(shape)
        ? `shape ${formatShape(shape)}, ${data?.length ?? "no"} numbers`
        : describe(frames)),
  );
}

function checkStart(truth: Frames, start: number, action: string): void {
  const count = truth.shape[0] ?? 0;
  if (Number.isInteger(start) && start >= 0 && start < count) return;
  throw new RangeError(
    `Cannot ${action} as it starts at a frame of the truth: got ${start} of ${count} frames`,
  );
}
