/** The motion that follows from an energy. @module */
import type { Tensor } from "../tree/mod.ts";
import { hamiltonFlow, leapfrog, type PhaseState } from "./symplectic.ts";

/**
 * A step of Verlet's integrator (leapfrog) of Hamilton's equations: half a kick, a drift, half a
 * kick.
 *
 * It is symplectic, so the energy stays close to what it was over many steps, and reversible: a
 * step of `-dt` undoes one of `dt`. The forces are gradients of the energy, so training a learned
 * energy through a step takes gradients of gradients (Sanchez-Gonzalez et al. 2019, "Hamiltonian
 * graph networks with ODE integrators", arXiv:1909.12790).
 *
 * @param energy The Hamiltonian, a float32 scalar: potential of the position plus kinetic of the
 *   momentum. Energies of independent systems may be summed.
 * @param state Positions and momenta, float32 of one shape.
 * @param dt The time of the step, in the unit that the energy's derivatives have.
 * @returns The state after the step, of the same shape.
 * @throws {TypeError} If the energy is no scalar.
 * @throws {RangeError} If `dt` is not finite.
 *
 * @example A weight on a spring keeps its energy
 * ```ts
 * import { type PhaseState, verlet } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const energy = ({ position, momentum }: PhaseState) =>
 *   tf.mul(0.5, tf.add(tf.sum(tf.square(position)), tf.sum(tf.square(momentum))));
 * let state: PhaseState = { position: tf.tensor1d([1]), momentum: tf.tensor1d([0]) };
 * for (let i = 0; i < 100; i++) state = verlet(energy, state, 0.1);
 * assertAlmostEquals(energy(state).dataSync()[0]!, 0.5, 2e-3);
 * ```
 */
export function verlet(
  energy: (state: PhaseState) => Tensor,
  state: PhaseState,
  dt: number,
): PhaseState {
  return leapfrog(hamiltonFlow(energy), state, dt);
}
