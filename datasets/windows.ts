/** Windows of particle trajectories: what came before, and what comes next. @module */
import type { DataArray } from "./array.ts";
import type { ParticleTrajectory } from "./learning_to_simulate.ts";

/** Some frames of a trajectory of N particles in D dimensions. */
export interface ParticleWindow {
  /** The number of the trajectory. */
  readonly key: number;
  /** The number of the target's frame. */
  readonly frame: number;
  /** What each particle is made of, `[N]`; shared by all windows of a trajectory. */
  readonly particleType: DataArray<Int32Array>;
  /** The positions in the frames before the target, oldest first, `[N, length - 1, D]`. */
  readonly positions: DataArray<Float32Array>;
  /** The positions in the frame to predict, `[N, D]`. */
  readonly target: DataArray<Float32Array>;
  /**
   * What acts on all particles in the frame before the target, `[C]`; only where the data have it.
   */
  readonly stepContext?: DataArray<Float32Array>;
}

/** Options of {@linkcode windows}. */
export interface WindowsOptions {
  /** Frames of a window, the target included; 7 by default, as in Learning to Simulate. */
  readonly length?: number;
  /** Frames from one window to the next; 1 by default. */
  readonly stride?: number;
}

/**
 * All windows of trajectories, in the layout of Learning to Simulate (Sanchez-Gonzalez et al.
 * 2020): of T frames there are `T - length + 1`, and particles are the first axis. A trajectory
 * that is shorter than a window has none.
 *
 * @param trajectories Of Learning to Simulate or LagrangeBench; read one at a time.
 * @param options The length of a window, and the stride.
 * @throws {RangeError} If a window would have fewer than two frames, or the stride is none.
 *
 * @example
 * ```ts
 * import { openLearningToSimulate, sampleUrl, windows } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "valid");
 * for await (const { positions, target } of windows(springs)) {
 *   assertEquals(positions.shape.slice(1), [6, 2]);
 *   assertEquals(target.shape.slice(1), [2]);
 *   break;
 * }
 * ```
 */
export async function* windows(
  trajectories: AsyncIterable<ParticleTrajectory> | Iterable<ParticleTrajectory>,
  { length = 7, stride = 1 }: WindowsOptions = {},
): AsyncGenerator<ParticleWindow, void, void> {
  if (!Number.isInteger(length) || length < 2 || !Number.isInteger(stride) || stride < 1) {
    throw new RangeError(
      `Cannot cut windows as they have two frames or more, and a stride of one or more: got a length of ` +
        `${length}, a stride of ${stride}`,
    );
  }
  for await (const trajectory of trajectories) {
    const frames = trajectory.position.shape[0]!;
    for (let frame = length - 1; frame < frames; frame += stride) {
      yield windowOf(trajectory, frame, length);
    }
  }
}

function windowOf(
  { key, particleType, position, stepContext }: ParticleTrajectory,
  frame: number,
  length: number,
): ParticleWindow {
  const [, count, dim] = position.shape as [number, number, number];
  const past = length - 1;
  const first = frame - past;
  const positions = new Float32Array(count * past * dim);
  for (let particle = 0; particle < count; particle++) {
    for (let step = 0; step < past; step++) {
      const from = ((first + step) * count + particle) * dim;
      const to = (particle * past + step) * dim;
      for (let i = 0; i < dim; i++) positions[to + i] = position.data[from + i]!;
    }
  }
  const size = count * dim;
  const window = {
    key,
    frame,
    particleType,
    positions: { shape: [count, past, dim], data: positions },
    target: { shape: [count, dim], data: position.data.slice(frame * size, (frame + 1) * size) },
  };
  if (!stepContext) return window;
  const width = stepContext.shape[1]!;
  const context = stepContext.data.slice((frame - 1) * width, frame * width);
  return { ...window, stepContext: { shape: [width], data: context } };
}
