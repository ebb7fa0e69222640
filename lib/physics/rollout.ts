/** A simulator run on its own predictions. @module */
import { sameShape } from "../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { describe, isTensor, type Tensor } from "../tree/mod.ts";
import type { Frames } from "./metrics.ts";

/** The frame that follows `current`, which is number `frame` (an int32 scalar). */
export type StepFn = (current: Tensor, frame: Tensor) => Tensor;

/** Options of {@linkcode rollout}. */
export interface RolloutOptions {
  /** The number of the initial frame; 0 by default. */
  readonly start?: number;
}

/**
 * Runs a step on its own results again and again: a loop of one step, which `jit` compiles.
 *
 * The steps are dispatched without waiting; the frames are read at the end.
 *
 * @param step The frame that follows a frame, such as a jitted `simulator.predict` with weights and
 * trajectory filled in.
 * @param initial The frame to begin with, float32 `[N, D]`.
 * @param steps How many frames to predict.
 * @param options The number of the initial frame.
 * @returns The predicted frames `[steps, N, D]`, without the initial one.
 * @throws {RangeError} If `steps` is not a positive integer.
 * @throws {TypeError} If the step changes the shape.
 *
 * @example Doubling
 * ```ts
 * import { rollout } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const { shape, data } = await rollout((x) => tf.mul(x, 2), tf.tensor2d([[1]]), 3);
 * assertEquals(shape, [3, 1, 1]);
 * assertEquals([...data], [2, 4, 8]);
 * ```
 */
export async function rollout(
  step: StepFn,
  initial: Tensor,
  steps: number,
  { start = 0 }: RolloutOptions = {},
): Promise<Frames> {
  checkPositiveInteger(steps, "roll out", "steps");
  if (!Number.isInteger(start)) {
    throw new RangeError(
      `Cannot roll out as start is the number of a frame: got ${describe(start)}`,
    );
  }
  checkStep(step, "roll out");
  checkTensor(initial, "roll out", "the initial frame");
  const frames: Tensor[] = [];
  try {
    for (let i = 0; i < steps; i++) {
      const next = tf.tidy(() => step(frames.at(-1) ?? initial, tf.scalar(start + i, "int32")));
      checkNext(next, initial, "roll out");
      frames.push(next);
    }
    return await readFrames(frames);
  } finally {
    tf.dispose(frames);
  }
}

/**
 * Predicts each frame from the true one before it: one step from every frame but the last.
 *
 * @param step As in {@linkcode rollout}.
 * @param truth float32 `[T, N, D]`, on the device.
 * @returns The predictions of frames 1 to T - 1, `[T - 1, N, D]`; `mseAtHorizons(predicted, truth,
 * [T - 1])` is the error of one step, averaged over all frames.
 * @throws {RangeError} If there are fewer than two frames.
 *
 * @example
 * ```ts
 * import { predictEachFrame } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const truth = tf.tensor3d([1, 5, 7], [3, 1, 1]);
 * const { data } = await predictEachFrame((x) => tf.add(x, 1), truth);
 * assertEquals([...data], [2, 6]);
 * ```
 */
export async function predictEachFrame(step: StepFn, truth: Tensor): Promise<Frames> {
  checkStep(step, "predict each frame");
  checkTensor(truth, "predict each frame", "the truth");
  const count = truth.shape[0]! - 1;
  if (!(count > 0)) {
    throw new RangeError(
      `Cannot predict each frame as there must be two at least: got ${describe(truth)}`,
    );
  }
  const frames: Tensor[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const next = tf.tidy(() => {
        const frame = tf.scalar(i, "int32");
        return step(tf.gather(truth, frame), frame);
      });
      checkNext(next, frames[0] ?? next, "predict each frame");
      frames.push(next);
    }
    return await readFrames(frames);
  } finally {
    tf.dispose(frames);
  }
}

async function readFrames(frames: readonly Tensor[]): Promise<Frames> {
  const { shape, size } = frames[0]!;
  const data = new Float32Array(frames.length * size);
  for (const [i, frame] of frames.entries()) data.set(await frame.data(), i * size);
  return { shape: [frames.length, ...shape], data };
}

function checkStep(step: unknown, action: string): void {
  if (typeof step === "function") return;
  throw new TypeError(`Cannot ${action} as a step is a function: got ${describe(step)}`);
}

function checkTensor(value: unknown, action: string, what: string): void {
  if (isTensor(value) && !value.isDisposed) return;
  const got = isTensor(value) ? "a tensor that was disposed" : describe(value);
  throw new TypeError(`Cannot ${action} as ${what} is a tensor: got ${got}`);
}

function checkNext(next: Tensor, initial: Tensor, action: string): void {
  checkTensor(next, action, "what a step gives");
  if (sameShape(next.shape, initial.shape) && next.dtype === initial.dtype) return;
  throw new TypeError(
    `Cannot ${action} as a step keeps shape and dtype: it made ${describe(next)} of ` +
      describe(initial),
  );
}
