/** How good the simulator is on a trajectory that it has not seen, against "nothing changes". */
import * as tf from "@tensorflow/tfjs";
import {
  type FlowSimulator,
  type FlowState,
  type FlowTrajectory,
  type Frames,
  jit,
  mseAtHorizons,
  persistence,
  predictEachFrame,
  rollout,
  type StepFn,
  type Tensor,
} from "@meshwork/meshwork";

/** Horizons of the table, in steps. */
const HORIZONS = [1, 10, 20, 50] as const;

/** Mean squared errors of velocity at one horizon. */
export interface Score {
  readonly name: string;
  readonly model: number;
  readonly persistence: number;
}

/** Scores, and the rollout from the first frame. */
export interface Evaluation {
  readonly scores: readonly Score[];
  readonly rollout: Frames;
  readonly truth: Frames;
}

/** One compiled step of the simulator on a trajectory. */
export function compilePredict(
  simulator: FlowSimulator,
  state: FlowState,
  trajectory: FlowTrajectory,
): StepFn {
  const weights = simulator.weights(state);
  return jit((velocity: Tensor, frame: Tensor) =>
    simulator.predict(weights, trajectory, velocity, frame)
  );
}

/**
 * Scores a simulator: one step from every frame, then rollouts from every `stride`-th frame that
 * leaves room for the longest horizon. A score averages over rollouts, steps up to the horizon,
 * nodes and components; so does that of persistence, which repeats the rollout's first frame.
 */
export async function evaluate(
  predict: StepFn,
  trajectory: FlowTrajectory,
  stride = 7,
): Promise<Evaluation> {
  const { velocity } = trajectory;
  const truth: Frames = {
    shape: velocity.shape,
    data: await velocity.data() as Float32Array,
  };
  const numFrames = velocity.shape[0]!;
  const longest = Math.max(...HORIZONS);
  const starts: number[] = [];
  for (let start = 0; start + longest < numFrames; start += stride) starts.push(start);

  const each = await predictEachFrame(predict, velocity);
  const oneStep = {
    name: "one step, every frame",
    model: mseAtHorizons(each, truth, [numFrames - 1]).get(numFrames - 1)!,
    persistence: meanSquaredChange(truth),
  };
  const sums = new Map<number, [model: number, persistence: number]>();
  for (const start of starts) {
    const initial = tf.tidy(() => tf.gather(velocity, tf.scalar(start, "int32")));
    const frames = await rollout(predict, initial, longest, { start });
    initial.dispose();
    const model = mseAtHorizons(frames, truth, HORIZONS, start);
    const still = mseAtHorizons(persistence(truth, longest, start), truth, HORIZONS, start);
    for (const horizon of HORIZONS) {
      const [m, p] = sums.get(horizon) ?? [0, 0];
      sums.set(horizon, [m + model.get(horizon)!, p + still.get(horizon)!]);
    }
  }
  const scores = [...sums].map(([horizon, [model, still]]) => ({
    name: `rollout, ${horizon} step${horizon === 1 ? "" : "s"}`,
    model: model / starts.length,
    persistence: still / starts.length,
  }));
  const first = tf.tidy(() => tf.gather(velocity, tf.scalar(0, "int32")));
  const whole = await rollout(predict, first, numFrames - 1);
  first.dispose();
  return { scores: [oneStep, ...scores], rollout: whole, truth };
}

/** The error of persistence over one step, averaged over all frames. */
function meanSquaredChange({ shape, data }: Frames): number {
  const size = data.length / shape[0]!;
  let sum = 0;
  for (let i = size; i < data.length; i++) sum += (data[i]! - data[i - size]!) ** 2;
  return sum / (data.length - size);
}
