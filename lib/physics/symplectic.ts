/** Steps in time of positions and momenta. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { grad } from "../transform/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";

/** Where bodies are and how they move: two tensors of one shape, such as `[N, D]`. */
export type PhaseState = { readonly position: Tensor; readonly momentum: Tensor };

/** How positions and momenta change in time: written down, from an energy, or learned. */
export interface PhaseFlow {
  /** The change of the position, `[N, D]` in the unit of positions over time. */
  velocity(state: PhaseState): Tensor;
  /** The change of the momentum, `[N, D]`. */
  force(state: PhaseState): Tensor;
}

/** A step of `dt`, in the unit of time that the flow has. */
export type PhaseIntegrator = (flow: PhaseFlow, state: PhaseState, dt: number) => PhaseState;

/**
 * Hamilton's equations: `q' = ∂H/∂p`, `p' = -∂H/∂q`.
 *
 * @param energy The Hamiltonian, a float32 scalar. Energies of independent systems may be summed.
 * @returns The flow; gradients can be taken of it again, as training a learned energy does.
 * @throws {TypeError} The functions, if the energy is no scalar.
 *
 * @example A weight on a spring
 * ```ts
 * import { hamiltonFlow, type PhaseState } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const { velocity, force } = hamiltonFlow(({ position, momentum }: PhaseState) =>
 *   tf.add(tf.sum(tf.square(position)), tf.sum(tf.square(momentum)))
 * );
 * const state = { position: tf.tensor1d([3]), momentum: tf.tensor1d([1]) };
 * assertEquals([velocity(state).dataSync()[0], force(state).dataSync()[0]], [2, -6]);
 * ```
 */
export function hamiltonFlow(energy: (state: PhaseState) => Tensor): PhaseFlow {
  const gradient = grad(energy);
  return {
    velocity: (state) => tidy(() => gradient(state).momentum),
    force: (state) => tidy(() => tf.neg(gradient(state).position)),
  };
}

/** The momentum after a push. */
const kick = ({ force }: PhaseFlow, state: PhaseState, dt: number): PhaseState => ({
  ...state,
  momentum: tf.add(state.momentum, tf.mul(dt, force(state))),
});

/** The position after a way. */
const drift = ({ velocity }: PhaseFlow, state: PhaseState, dt: number): PhaseState => ({
  ...state,
  position: tf.add(state.position, tf.mul(dt, velocity(state))),
});

/** A step whose numbers are checked, and which leaves nothing behind. */
const integrator = (step: PhaseIntegrator): PhaseIntegrator => (flow, state, dt) => {
  if (!Number.isFinite(dt)) {
    throw new RangeError(`Cannot move bodies as dt is a finite number: got ${describe(dt)}`);
  }
  return tidy(() => {
    const { position, momentum } = step(flow, state, dt);
    return { position: tf.clone(position), momentum: tf.clone(momentum) };
  });
};

/**
 * Semi-implicit Euler, of first order: a kick, then a drift with the new momentum. Symplectic where
 * the velocity depends on the momentum alone and the force on the position alone, so that the
 * energy stays close to what it was over many steps.
 *
 * @example
 * ```ts
 * import { symplecticEuler } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const spring = {
 *   velocity: ({ momentum }: { momentum: tf.Tensor }) => momentum,
 *   force: ({ position }: { position: tf.Tensor }) => tf.neg(position),
 * };
 * const state = { position: tf.tensor1d([1]), momentum: tf.tensor1d([0]) };
 * const { position, momentum } = symplecticEuler(spring, state, 0.5);
 * assertEquals([position.dataSync()[0], momentum.dataSync()[0]], [0.75, -0.5]);
 * ```
 */
export const symplecticEuler: PhaseIntegrator = integrator((flow, state, dt) =>
  drift(flow, kick(flow, state, dt), dt)
);

/**
 * The leapfrog, or velocity Verlet, of second order: half a kick, a drift, half a kick. Symplectic
 * as {@linkcode symplecticEuler} is, and reversible: a step of `-dt` undoes one of `dt`.
 *
 * @example
 * ```ts
 * import { leapfrog } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const free = {
 *   velocity: ({ momentum }: { momentum: tf.Tensor }) => momentum,
 *   force: ({ position }: { position: tf.Tensor }) => tf.onesLike(position),
 * };
 * const state = { position: tf.tensor1d([0]), momentum: tf.tensor1d([1]) };
 * assertEquals(leapfrog(free, state, 2).position.dataSync()[0], 4); // 1 · 2 + ½ · 2²
 * ```
 */
export const leapfrog: PhaseIntegrator = integrator((flow, state, dt) =>
  kick(flow, drift(flow, kick(flow, state, dt / 2), dt), dt / 2)
);

/** The outer steps of Yoshida's three, and the inner one, which goes back. */
const OUTER = 1 / (2 - Math.cbrt(2));
const INNER = 1 - 2 * OUTER;

/**
 * Yoshida's integrator, of fourth order: three leapfrogs, the middle one backwards in time (Yoshida
 * 1990, "Construction of higher order symplectic integrators"). Symplectic as the leapfrog is.
 *
 * @example A quarter of a turn, in one step
 * ```ts
 * import { yoshida } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const spring = {
 *   velocity: ({ momentum }: { momentum: tf.Tensor }) => momentum,
 *   force: ({ position }: { position: tf.Tensor }) => tf.neg(position),
 * };
 * const state = { position: tf.tensor1d([1]), momentum: tf.tensor1d([0]) };
 * assertAlmostEquals(yoshida(spring, state, 0.1).position.dataSync()[0]!, Math.cos(0.1), 1e-6);
 * ```
 */
export const yoshida: PhaseIntegrator = integrator((flow, state, dt) =>
  [OUTER, INNER, OUTER].reduce((state, part) => leapfrog(flow, state, part * dt), state)
);

/**
 * The classical method of Runge and Kutta, of fourth order. It is not symplectic: the energy is
 * lost or won steadily, if slowly. For flows that follow from no energy.
 *
 * @example
 * ```ts
 * import { rungeKutta } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const spring = {
 *   velocity: ({ momentum }: { momentum: tf.Tensor }) => momentum,
 *   force: ({ position }: { position: tf.Tensor }) => tf.neg(position),
 * };
 * const state = { position: tf.tensor1d([1]), momentum: tf.tensor1d([0]) };
 * assertAlmostEquals(rungeKutta(spring, state, 0.1).position.dataSync()[0]!, Math.cos(0.1), 1e-6);
 * ```
 */
export const rungeKutta: PhaseIntegrator = integrator((flow, state, dt) => {
  const changeAt = (at: PhaseState): PhaseState => ({
    position: flow.velocity(at),
    momentum: flow.force(at),
  });
  const moved = (by: number, change: PhaseState): PhaseState => ({
    position: tf.add(state.position, tf.mul(by, change.position)),
    momentum: tf.add(state.momentum, tf.mul(by, change.momentum)),
  });
  const first = changeAt(state);
  const second = changeAt(moved(dt / 2, first));
  const third = changeAt(moved(dt / 2, second));
  const fourth = changeAt(moved(dt, third));
  const mean = (of: (change: PhaseState) => Tensor): Tensor =>
    tf.div(
      tf.addN([of(first), tf.mul(2, of(second)), tf.mul(2, of(third)), of(fourth)]),
      6,
    );
  return moved(dt, {
    position: mean(({ position }) => position),
    momentum: mean(({ momentum }) => momentum),
  });
});
