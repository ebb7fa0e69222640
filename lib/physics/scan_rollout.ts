/** A simulator run on its own predictions, as one program. @module */
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { scan } from "../transform/mod.ts";
import type { Tensor, Tree } from "../tree/mod.ts";
import {
  checkFrame,
  checkStart,
  checkStep,
  type RolloutOptions,
  type StateRolloutOptions,
  type StepFn,
} from "./rollout.ts";

const ACTION = "roll out";

/** `scan` for states of a type that is not known here. */
type ScanStates<S> = (
  follow: (state: S, number: Tensor) => readonly [S, Tensor],
  initial: S,
  numbers: Tensor,
) => [S, Tensor];

/**
 * Runs a step on its own results again and again, by `scan`: inside `jit` all steps are one
 * program, that hands nothing to the host in between. It may go on beyond the end of the truth.
 *
 * `rollout` does the same as a loop of calls, each of which can be looked at.
 *
 * @param step The frame that follows a frame, such as `simulator.predict` with weights and
 * trajectory filled in; see `rollout`.
 * @param initial The frame to begin with, float32 `[N, D]`; or a state, with `frameOf`.
 * @param steps How many frames to predict.
 * @param options The number of the initial frame; the frame of a state.
 * @returns The predicted frames, float32 `[steps, N, D]`, without the initial one.
 * @throws {RangeError} If `steps` is not a positive integer.
 * @throws {TypeError} If the step changes structure, shapes or dtypes.
 *
 * @example Doubling
 * ```ts
 * import { jit, scanRollout, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const roll = jit((x: Tensor) => scanRollout((x) => tf.mul(x, 2), x, 3));
 * assertEquals(roll(tf.tensor2d([[1]])).arraySync(), [[[2]], [[4]], [[8]]]);
 * ```
 */
export function scanRollout(
  step: StepFn,
  initial: Tensor,
  steps: number,
  options?: RolloutOptions,
): Tensor;
/**
 * With `frameOf`: a state is a tree of tensors, such as the last two frames, or a window of six.
 */
export function scanRollout<S extends Tree>(
  step: StepFn<S>,
  initial: S,
  steps: number,
  options: StateRolloutOptions<S>,
): Tensor;
export function scanRollout<S extends Tree>(
  step: StepFn<S>,
  initial: S,
  steps: number,
  options: RolloutOptions & Partial<StateRolloutOptions<S>> = {},
): Tensor {
  const { start = 0, frameOf = (state: S) => state as Tensor } = options;
  checkPositiveInteger(steps, ACTION, "steps");
  checkStart(start, ACTION);
  checkStep(step, ACTION);
  if (!options.frameOf) checkFrame(initial, ACTION, "the initial frame");
  const follow = (state: S, number: Tensor): readonly [S, Tensor] => {
    const next = step(state, number);
    const frame = frameOf(next);
    checkFrame(frame, ACTION, "the frame of a state");
    return [next, tf.clone(frame)];
  };
  return tidy(() => {
    const numbers: Tensor = tf.range(start, start + steps, 1, "int32");
    return (scan as ScanStates<S>)(follow, initial, numbers)[1];
  });
}
