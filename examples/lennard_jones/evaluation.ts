/** How good the simulator is on a run that it has not seen, against simple guesses. */
import {
  constantVelocity,
  type Frames,
  jit,
  mseAtHorizons,
  type ParticleFrames,
  particleFrames,
  type ParticleSimulator,
  type ParticleWeights,
  treeDispose,
  unwrapFrames,
} from "@meshwork/meshwork";
import type { ParticleTrajectory } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";

/** Frames that are given, and frames to predict. */
const [GIVEN, HORIZON] = [6, 20];

/** Mean squared errors of positions over 20 steps: of the simulator, and of simple guesses. */
export interface Result {
  readonly simulator: number;
  readonly constantVelocity: number;
  readonly constantAcceleration: number;
}

/** Frames that follow the one at `start`, where each acceleration is that of the last one. */
function constantAcceleration({ shape, data }: Frames, steps: number, start: number): Frames {
  const size = data.length / shape[0]!;
  const at = (back: number, i: number): number => data[(start - back) * size + i % size]!;
  return {
    shape: [steps, ...shape.slice(1)],
    data: Float32Array.from({ length: steps * size }, (_, i) => {
      const k = Math.floor(i / size) + 1;
      const velocity = at(0, i) - at(1, i);
      const change = velocity - (at(1, i) - at(2, i));
      return at(0, i) + k * velocity + k * (k + 1) / 2 * change;
    }),
  };
}

/** The errors of rollouts from every tenth frame. */
export async function evaluate(
  { neighbors, rollout }: ParticleSimulator,
  weights: ParticleWeights,
  { particleType, position }: ParticleTrajectory,
  box: readonly number[],
): Promise<Result> {
  const size = position.data.length / position.shape[0]!;
  const truth = unwrapFrames(position, box);
  // Room for all pairs, whatever comes.
  const list = neighbors.allocate(tf.tensor2d([[1, 1, 1], [1.1, 1, 1], [1, 1.1, 1]]));
  const roll = jit((weights: ParticleWeights, frames: ParticleFrames, sixth: tf.Tensor) =>
    rollout(weights, frames, neighbors.update(sixth, list), HORIZON)
  );
  const sums = { simulator: 0, constantVelocity: 0, constantAcceleration: 0 };
  let count = 0;
  for (let start = GIVEN - 1; start + HORIZON < position.shape[0]!; start += 10, count++) {
    const data = position.data.slice((start + 1 - GIVEN) * size, (start + 1) * size);
    const given = particleFrames({ particleType, position: { shape: [GIVEN, 3, 3], data } });
    const sixth = tf.tensor2d(data.slice(-size), [3, 3]);
    const rolled = roll(weights, given, sixth);
    // The shortest way from the last frame that was given on, whose path may have left the box.
    const path = new Float32Array((HORIZON + 1) * size);
    path.set(truth.data.subarray(start * size, (start + 1) * size));
    path.set(await rolled.position.data(), size);
    const predicted: Frames = {
      shape: [HORIZON, 3, 3],
      data: unwrapFrames({ shape: [HORIZON + 1, 3, 3], data: path }, box).data.subarray(size),
    };
    const error = (frames: Frames): number =>
      mseAtHorizons(frames, truth, [HORIZON], start).get(HORIZON)!;
    sums.simulator += error(predicted);
    sums.constantVelocity += error(constantVelocity(truth, HORIZON, start));
    sums.constantAcceleration += error(constantAcceleration(truth, HORIZON, start));
    treeDispose([given, sixth, rolled]);
  }
  return {
    simulator: sums.simulator / count,
    constantVelocity: sums.constantVelocity / count,
    constantAcceleration: sums.constantAcceleration / count,
  };
}
