/** The demo's compiled training: one step, and the warm-up of the normalisers before. */
import * as tf from "@tensorflow/tfjs";
import {
  type FlowBatch,
  type FlowSimulator,
  type FlowState,
  type FlowTrajectory,
  jit,
  type Jitted,
  random,
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
