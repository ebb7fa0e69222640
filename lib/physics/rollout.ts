/** A simulator run on its own predictions. @module */
import { sameShape } from "../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import {
  assertSameStructure,
  describe,
  isTensor,
  type Tensor,
  type Tree,
  treeDispose,
  treeFlatten,
} from "../tree/mod.ts";
import type { Frames } from "./metrics.ts";

/**
 * The frame that follows `current`, which is number `frame` (an int32 scalar); or the state that
 * follows a state, where a step looks at more than one frame.
 */
export type StepFn<S = Tensor> = (current: S, frame: Tensor) => S;

/** Options of {@linkcode rollout}. */
export interface RolloutOptions {
  /** The number of the initial frame; 0 by default. */
  readonly start?: number;
}

/** Options of {@linkcode rollout} where what goes from step to step is more than a frame. */
export interface StateRolloutOptions<S> extends RolloutOptions {
  /** The frame to keep of each state. */
  readonly frameOf: (state: S) => Tensor;
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
 * @throws {TypeError} If the step changes structure, shapes or dtypes.
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
 *
 * @example A state of two frames, as a cloth has it
 * ```ts
 * import { rollout, secondOrder, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * type Cloth = { readonly previous: Tensor; readonly current: Tensor };
 * const initial: Cloth = { previous: tf.tensor2d([[0]]), current: tf.tensor2d([[1]]) };
 * const { data } = await rollout(
 *   ({ previous, current }: Cloth) => ({
 *     previous: current,
 *     current: secondOrder.step(tf.tensor2d([[-0.5]]), current, previous),
 *   }),
 *   initial,
 *   3,
 *   { frameOf: ({ current }) => current },
 * );
 * assertEquals([...data], [1.5, 1.5, 1]);
 * ```
 */
export function rollout(
  step: StepFn,
  initial: Tensor,
  steps: number,
  options?: RolloutOptions,
): Promise<Frames>;
/**
 * With `frameOf`: a state is a tree of tensors, such as the last two frames, or a window of six.
 */
export function rollout<S extends Tree>(
  step: StepFn<S>,
  initial: S,
  steps: number,
  options: StateRolloutOptions<S>,
): Promise<Frames>;
export async function rollout<S extends Tree>(
  step: StepFn<S>,
  initial: S,
  steps: number,
  options: RolloutOptions & Partial<StateRolloutOptions<S>> = {},
): Promise<Frames> {
  const { start = 0, frameOf = (state: S) => state as Tensor } = options;
  checkPositiveInteger(steps, "roll out", "steps");
  checkStart(start, "roll out");
  checkStep(step, "roll out");
  if (!options.frameOf) checkFrame(initial, "roll out", "the initial frame");
  const frames: Tensor[] = [];
  let state = initial;
  try {
    for (let i = 0; i < steps; i++) {
      const next = tidy(() => {
        const next = step(state, tf.scalar(start + i, "int32"));
        checkNextState(next, state, "roll out");
        return next;
      });
      treeDispose(state, { except: [initial, next] });
      state = next;
      frames.push(tf.tidy(() => {
        const frame = frameOf(next);
        checkNext(frame, frames[0] ?? frame, "roll out");
        // A tensor of its own, as that of the state may be part of later states too.
        return tf.clone(frame);
      }));
    }
    return await readFrames(frames);
  } finally {
    treeDispose(state, { except: initial });
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
  checkFrame(truth, "predict each frame", "the truth");
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

/** Fails unless a start is the number of a frame. */
export function checkStart(start: number, action: string): void {
  if (Number.isInteger(start)) return;
  throw new RangeError(
    `Cannot ${action} as start is the number of a frame: got ${describe(start)}`,
  );
}

/** Fails unless a step is a function. */
export function checkStep(step: unknown, action: string): void {
  if (typeof step === "function") return;
  throw new TypeError(`Cannot ${action} as a step is a function: got ${describe(step)}`);
}

/** Fails unless a value is a tensor that is still there. */
export function checkFrame(value: unknown, action: string, what: string): void {
  if (isTensor(value) && !value.isDisposed) return;
  const got = isTensor(value) ? "a tensor that was disposed" : describe(value);
  throw new TypeError(`Cannot ${action} as ${what} is a tensor: got ${got}`);
}

function checkNextState(next: Tree, state: Tree, action: string): void {
  if (isTensor(state)) return checkNext(next as Tensor, state, action);
  const [[leaves, treedef], [nextLeaves, nextTreedef]] = [treeFlatten(state), treeFlatten(next)];
  assertSameStructure(treedef, nextTreedef, action, "what a step gives");
  nextLeaves.forEach((leaf, i) => checkNext(leaf, leaves[i]!, action));
}

function checkNext(next: Tensor, initial: Tensor, action: string): void {
  checkFrame(next, action, "what a step gives");
  if (sameShape(next.shape, initial.shape) && next.dtype === initial.dtype) return;
  throw new TypeError(
    `Cannot ${action} as a step keeps shape and dtype: it made ${describe(next)} of ` +
      describe(initial),
  );
}
