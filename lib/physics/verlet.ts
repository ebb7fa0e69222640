/** The motion that follows from an energy. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { grad } from "../transform/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";

/** Where bodies are and how they move: two tensors of one shape, such as `[N, D]`. */
export type PhaseState = { readonly position: Tensor; readonly momentum: Tensor };

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
  { position, momentum }: PhaseState,
  dt: number,
): PhaseState {
  if (!Number.isFinite(dt)) {
    throw new RangeError(`Cannot move bodies as dt is a finite number: got ${describe(dt)}`);
  }
  return tidy(() => {
    const gradient = grad(energy);
    const kick = (q: Tensor, p: Tensor): Tensor =>
      tf.sub(p, tf.mul(dt / 2, gradient({ position: q, momentum: p }).position));
    const half = kick(position, momentum);
    const next = tf.add(position, tf.mul(dt, gradient({ position, momentum: half }).momentum));
    return { position: next, momentum: kick(next, half) };
  });
}
