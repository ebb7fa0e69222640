/** Training the demo's simulator: one compiled step in a loop that can be stopped and resumed. */
import * as tf from "@tensorflow/tfjs";
import {
  type FlowBatch,
  type FlowSimulator,
  type FlowState,
  type FlowTrajectory,
  jit,
  type Jitted,
  listenForInterrupt,
  loadCheckpoint,
  random,
  saveCheckpoint,
  type Tensor,
  treeDispose,
} from "@meshwork/meshwork";

/** One step from a state to the next and its loss; everything else is fixed when it is compiled. */
export type TrainStep = Jitted<[state: FlowState], [state: FlowState, loss: Tensor]>;

/** Draws the frame to learn from at a step, and the key for the noise on it. */
function drawBatch(
  trajectory: FlowTrajectory,
  key: Tensor,
  step: Tensor,
): { batch: FlowBatch; noiseKey: Tensor } {
  const [frameKey, noiseKey] = tf.unstack(random.split(key));
  const numPairs = trajectory.velocity.shape[0]! - 1;
  const frame = random.uniform(random.foldIn(frameKey!, step), [1], { maxval: numPairs });
  const frames = tf.cast(tf.floor(frame), "int32");
  return { batch: { ...trajectory, frames }, noiseKey: noiseKey! };
}

/**
 * The training step as one program: draws a frame by the state's counter, adds noise, and runs
 * forward, backward, optimiser and normalisers. The old state's memory becomes the new state's.
 */
export function compileTrainStep(
  simulator: FlowSimulator,
  trajectory: FlowTrajectory,
  seed: number,
): TrainStep {
  const key = random.key(seed);
  return jit((state: FlowState) => {
    const { batch, noiseKey } = drawBatch(trajectory, key, state.step);
    return simulator.trainStep(state, batch, noiseKey);
  }, { donate: 0 });
}

/** A state whose normalisers have seen `count` batches, so that the first step knows the scales. */
export function warmUp(
  simulator: FlowSimulator,
  trajectory: FlowTrajectory,
  initial: FlowState,
  seed: number,
  count: number,
): FlowState {
  const key = tf.tidy(() => random.foldIn(random.key(seed), 1));
  const accumulate = jit((state: FlowState, step: Tensor) => {
    const { batch, noiseKey } = drawBatch(trajectory, key, step);
    return simulator.accumulate(state, batch, random.foldIn(noiseKey, step));
  }, { donate: 0 });
  let state = initial;
  for (let i = 0; i < count; i++) {
    const step = tf.scalar(i, "int32");
    const next = accumulate(state, step);
    treeDispose([state, step]);
    state = next;
  }
  key.dispose();
  return state;
}

/** Where a training run is kept, and how it is watched. */
export interface TrainOptions {
  readonly steps: number;
  readonly checkpoint: string;
  /** Called when the first step is done. */
  readonly started?: () => void;
  /** Called every `reportEvery` steps with the number of steps done and the last loss. */
  readonly report?: (done: number, loss: number) => void | Promise<void>;
  readonly reportEvery?: number;
  /** Milliseconds between two checkpoints. */
  readonly saveEvery?: number;
}

/**
 * Trains until all steps are done or someone interrupts; the state is kept in both cases.
 *
 * @returns The last state, and whether it is the end.
 */
export async function train(
  step: TrainStep,
  initial: FlowState,
  options: TrainOptions,
): Promise<{ state: FlowState; done: number; finished: boolean }> {
  const { steps, checkpoint, started, report, reportEvery = 25, saveEvery = 20_000 } = options;
  using interrupt = listenForInterrupt();
  let state = initial;
  const start = (await state.step.data())[0]!;
  let done = start;
  let savedAt = performance.now();
  while (done < steps && !interrupt.requested) {
    const [next, loss] = step(state);
    treeDispose(state);
    state = next;
    done++;
    if (done === start + 1) {
      await loss.data();
      started?.();
    }
    if (done % reportEvery === 0 || done === steps) {
      const value = (await loss.data())[0]!;
      if (!Number.isFinite(value)) {
        throw new Error(
          `Cannot go on training as the loss is ${value} at step ${done} ` +
            `(the checkpoint before it is kept: ${checkpoint})`,
        );
      }
      await report?.(done, value);
    }
    loss.dispose();
    await interrupt.pause();
    if (performance.now() - savedAt > saveEvery) {
      await saveCheckpoint(checkpoint, state);
      savedAt = performance.now();
    }
  }
  await saveCheckpoint(checkpoint, state);
  return { state, done, finished: done >= steps };
}

/** The state of an interrupted run, or null where there is none. */
export async function resumeState(path: string): Promise<FlowState | null> {
  try {
    return (await loadCheckpoint(path)).tree as FlowState;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
