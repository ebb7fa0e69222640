/** How good the simulator is on a splash that it has not seen, against constant velocity. */
import {
  constantVelocity,
  type Frames,
  jit,
  mseAtHorizons,
  particleBatches,
  particleFrames,
  type ParticleSimulator,
  type ParticleWeights,
  type ParticleWorld,
  random,
  treeDispose,
} from "@meshwork/meshwork";
import { type ParticleTrajectory, windows } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";
import { GIVEN } from "./augmentations.ts";

/** Mean squared errors of positions: of the simulator, and where velocities stay the same. */
export interface Score {
  readonly name: string;
  readonly simulator: number;
  readonly constantVelocity: number;
}

/** Scores one step from each frame, and the rollout of a whole trajectory. */
export async function evaluate(
  simulator: ParticleSimulator,
  weights: ParticleWeights,
  world: ParticleWorld,
  trajectory: ParticleTrajectory,
): Promise<Score[]> {
  const truth = trajectory.position;
  const steps = truth.shape[0]! - GIVEN;
  const predict = jit(simulator.predict);
  const seen = await Array.fromAsync(windows([trajectory]));
  const size = truth.shape[1]!;
  const makeBatch = particleBatches(world, {
    noise: 0,
    padTo: { particles: size, edges: 14 * size },
  });
  let [one, still] = [0, 0];
  for (const window of seen) {
    const batch = makeBatch([window], random.key(0));
    const next = predict(weights, batch);
    const straight = constantVelocity(truth, 1, window.frame - 1);
    one += squaredError(await next.data() as Float32Array, window.target.data) / seen.length;
    still += squaredError(straight.data, window.target.data) / seen.length;
    treeDispose([batch, next]);
  }
  const frames = particleFrames(trajectory);
  const sixth = tf.tidy(() => tf.gather(frames.position, tf.scalar(GIVEN - 1, "int32")));
  const list = simulator.neighbors.allocate(sixth);
  const roll = jit((w: ParticleWeights, f: typeof frames, l: typeof list) =>
    simulator.rollout(w, f, l, steps)
  );
  const { position, didOverflow } = roll(weights, frames, list);
  const oneStep = { name: "one step, every frame", simulator: one, constantVelocity: still };
  // Where too little was learned, particles fall upon each other, and have too many neighbours.
  if ((await didOverflow.data())[0]) return [oneStep];
  const predicted: Frames = { shape: position.shape, data: await position.data() as Float32Array };
  const horizons = [20, 50, 100, steps].filter((h) => h <= steps);
  const model = mseAtHorizons(predicted, truth, horizons, GIVEN - 1);
  const base = mseAtHorizons(constantVelocity(truth, steps, GIVEN - 1), truth, horizons, GIVEN - 1);
  return [
    oneStep,
    ...horizons.map((h) => ({
      name: `rollout, ${h} steps`,
      simulator: model.get(h)!,
      constantVelocity: base.get(h)!,
    })),
  ];
}

function squaredError(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, x, i) => sum + (x - b[i]!) ** 2, 0) / a.length;
}
