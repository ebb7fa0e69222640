/** A simulator of bodies that learns, and its rollout as one program. @module */
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../../tensor/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import { losses } from "../../train/mod.ts";
import { scan } from "../../transform/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import {
  type LearnedSimulator,
  learnedSimulator,
  type LearnedSimulatorOptions,
  type SimulatorState,
  type SimulatorWeights,
} from "../learned_simulator.ts";
import { repeatIds, repeatRows } from "../repeat.ts";
import { leapfrog, type PhaseIntegrator, type PhaseState } from "../symplectic.ts";
import type { BodiesNetwork, BodiesParams } from "./network.ts";
import type { BodiesFrames, BodiesGraph } from "./trajectory.ts";

/** Systems and the frames of them to learn from. */
export type BodiesBatch = BodiesFrames & {
  /** int32 `[B]`, each from 0 to T - 2. */
  readonly frames: Tensor;
};

/** Options of {@linkcode bodiesSimulator}. */
export interface BodiesSimulatorOptions extends LearnedSimulatorOptions {
  /** What moves the bodies: a `hamiltonianNetwork` or a `forceNetwork`. */
  readonly network: BodiesNetwork;
  /** The time between two frames. */
  readonly dt: number;
  /** How a step is made; `leapfrog` by default. */
  readonly integrator?: PhaseIntegrator;
}

/** All that a prediction needs: a tree of tensors. */
export type BodiesWeights = SimulatorWeights<BodiesParams, null>;

/** All that training carries from step to step: one tree of tensors. */
export type BodiesState = SimulatorState<BodiesParams, null>;

/** A simulator as pure functions: give `trainStep`, `loss`, `predict` and `rollout` to `jit`. */
export interface BodiesSimulator extends LearnedSimulator<BodiesParams, null, BodiesBatch> {
  /** The state after a step. */
  predict(weights: BodiesWeights, graph: BodiesGraph, state: PhaseState): PhaseState;
  /**
   * The states after each of so many steps, float32 `[steps, N, D]` each: one program inside
   * `jit`.
   *
   * @throws {RangeError} If `steps` is no number of steps.
   */
  rollout(
    weights: BodiesWeights,
    graph: BodiesGraph,
    start: PhaseState,
    steps: number,
  ): PhaseState;
}

/**
 * Makes a simulator of bodies: a network that moves them, and an integrator through which it
 * learns. The loss is the mean squared error of a step in position and momentum, over `dt` each, so
 * that it does not shrink with the step; it is averaged over components, bodies and frames, and
 * both are added.
 *
 * @param options The network, the time between frames, the integrator, the optimiser.
 * @returns Pure functions over a state.
 * @throws {RangeError} If `dt` is not positive, or another option is out of its range.
 *
 * @example A training step, and a rollout
 * ```ts
 * import { adam, bodiesFrames, bodiesSimulator, hamiltonianNetwork } from "@meshwork/meshwork";
 * import { jit, type PhaseState, random } from "@meshwork/meshwork";
 * import { simulateBodies } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const data = bodiesFrames([simulateBodies({ dt: 0.1, numFrames: 3 })]);
 * const simulator = bodiesSimulator({
 *   network: hamiltonianNetwork({ latentSize: 8 }),
 *   dt: 0.1,
 *   optimizer: adam(1e-3),
 * });
 * const batch = { ...data, frames: tf.tensor1d([0, 1], "int32") };
 * const [state] = jit(simulator.trainStep)(simulator.init(random.key(0)), batch, random.key(1));
 * const roll = jit((start: PhaseState) =>
 *   simulator.rollout(simulator.weights(state), data.graph, start, 7)
 * );
 * const [position, momentum] = [data.position, data.momentum].map((x) => tf.unstack(x)[0]!);
 * assertEquals(roll({ position: position!, momentum: momentum! }).position.shape, [7, 5, 2]);
 * ```
 */
export function bodiesSimulator(options: BodiesSimulatorOptions): BodiesSimulator {
  const { network, dt, integrator = leapfrog } = options;
  if (!(Number.isFinite(dt) && dt > 0)) {
    throw new RangeError(
      `Cannot make a simulator of bodies as dt is the time between frames: got ${describe(dt)}`,
    );
  }
  const step = (params: BodiesParams, graph: BodiesGraph, state: PhaseState): PhaseState =>
    integrator(network.flow(params, graph), state, dt);
  const predict: BodiesSimulator["predict"] = ({ params }, graph, state) =>
    tidy(() => step(params, graph, state));
  const model = {
    init: (key: Tensor): BodiesWeights => ({ params: network.init(key), normalizers: null }),
    sample: (batch: BodiesBatch): BodiesBatch => batch,
    accumulate: (): null => null,
    loss: ({ params }: BodiesWeights, { graph, frames, ...truth }: BodiesBatch): Tensor =>
      tf.tidy(() => {
        checkFrames(frames);
        const following = tf.add(frames, tf.scalar(1, "int32"));
        const pick = (x: Tensor, at: Tensor): Tensor =>
          tf.reshape(tf.gather(x, at), [-1, x.shape[2]!]);
        const [state, expected] = [frames, following].map((at) => ({
          position: pick(truth.position, at),
          momentum: pick(truth.momentum, at),
        })) as [PhaseState, PhaseState];
        const next = step(params, repeatGraph(graph, frames.shape[0]!), state);
        const error = (field: keyof PhaseState): Tensor =>
          losses.meanSquaredError(tf.div(next[field], dt), tf.div(expected[field], dt));
        return tf.add(error("position"), error("momentum"));
      }),
  };
  return {
    ...learnedSimulator(model, options),
    predict,
    rollout: (weights, graph, start, steps) => {
      checkPositiveInteger(steps, "roll out bodies", "steps");
      return tidy(() =>
        scan(
          (state: PhaseState) => {
            const next = predict(weights, graph, state);
            return [next, next] as const;
          },
          start,
          steps,
        )[1]
      );
    },
  };
}

function checkFrames(frames: Tensor): void {
  if (frames.dtype === "int32" && frames.rank === 1) return;
  throw new TypeError(
    `Cannot take a sample of bodies as frames are a vector of indices: expected int32 [B], got ` +
      describe(frames),
  );
}

/** Several copies of the bodies side by side, for several frames at once. */
function repeatGraph(
  { mass, edges, senders, receivers }: BodiesGraph,
  copies: number,
): BodiesGraph {
  const numBodies = mass.shape[0]!;
  return {
    mass: repeatRows(mass, copies),
    edges: repeatRows(edges, copies),
    senders: repeatIds(senders, copies, numBodies),
    receivers: repeatIds(receivers, copies, numBodies),
  };
}
