import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  hamiltonFlow,
  jit,
  leapfrog,
  type PhaseIntegrator,
  type PhaseState,
  rungeKutta,
  scan,
  symplecticEuler,
  type Tensor,
  yoshida,
} from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

/** A pendulum: its energy is no quadratic one, so that no integrator keeps it by chance. */
const energy = ({ position, momentum }: PhaseState): Tensor =>
  tf.sub(tf.mul(0.5, tf.sum(tf.square(momentum))), tf.sum(tf.cos(position)));
const pendulum = hamiltonFlow(energy);
const start = (): PhaseState => ({ position: tf.tensor1d([1.5]), momentum: tf.tensor1d([0.2]) });

const INTEGRATORS: [string, PhaseIntegrator, order: number][] = [
  ["symplecticEuler", symplecticEuler, 1],
  ["leapfrog", leapfrog, 2],
  ["yoshida", yoshida, 4],
  ["rungeKutta", rungeKutta, 4],
];

/** The pendulum in float64, by very small steps of Runge and Kutta's method. */
function exact(time: number): number[] {
  let [q, p] = [1.5, 0.2];
  const dt = time / 2000;
  const change = (q: number, p: number): [number, number] => [p, -Math.sin(q)];
  for (let i = 0; i < 2000; i++) {
    const [a, b] = change(q, p);
    const [c, d] = change(q + dt / 2 * a, p + dt / 2 * b);
    const [e, f] = change(q + dt / 2 * c, p + dt / 2 * d);
    const [g, h] = change(q + dt * e, p + dt * f);
    [q, p] = [q + dt / 6 * (a + 2 * c + 2 * e + g), p + dt / 6 * (b + 2 * d + 2 * f + h)];
  }
  return [q, p];
}

/** How far so many steps lead from the truth at time 3. */
function errorOf(integrator: PhaseIntegrator, steps: number): number {
  let state = start();
  for (let i = 0; i < steps; i++) state = integrator(pendulum, state, 3 / steps);
  const [q, p] = exact(3);
  return Math.hypot(state.position.dataSync()[0]! - q!, state.momentum.dataSync()[0]! - p!);
}

forEachEngine("twice as many steps lead nearer, as the integrator's order says", () => {
  for (const [name, integrator, order] of INTEGRATORS) {
    const rate = Math.log2(errorOf(integrator, 8) / errorOf(integrator, 16));
    assert(Math.abs(rate - order) < 0.25, `${name}: 2^${rate} times nearer, expected 2^${order}`);
  }
});

forEachEngine("symplectic steps keep the energy near, Runge and Kutta's lose it", () => {
  const drift = (integrator: PhaseIntegrator): number => {
    const roll = jit((state: PhaseState) =>
      scan(
        (s: PhaseState) => {
          const next = integrator(pendulum, s, 0.8);
          return [next, energy(next)];
        },
        state,
        200,
      )[1]
    );
    const before = energy(start()).dataSync()[0]!;
    return Math.max(...roll(start()).dataSync().map((after) => Math.abs(after - before)));
  };
  assert(drift(symplecticEuler) < 0.37);
  assert(drift(leapfrog) < 0.14);
  assert(drift(yoshida) < 0.03);
  assert(drift(rungeKutta) > 0.25);
});

forEachEngine("the leapfrog and Yoshida's steps can be undone", () => {
  for (const integrator of [leapfrog, yoshida]) {
    const there = integrator(pendulum, start(), 0.5);
    assertAllClose(integrator(pendulum, there, -0.5), start(), { atol: 1e-5 });
  }
});

forEachEngine("steps leave nothing behind but a state, and refuse what is no time", () => {
  for (const [, integrator] of INTEGRATORS) {
    const state = start();
    const before = tf.memory().numTensors;
    const next = integrator(pendulum, state, 0.1);
    assertEquals(tf.memory().numTensors, before + 2);
    tf.dispose([next.position, next.momentum]);
    for (const dt of [NaN, Infinity, "0.1" as never]) {
      assertThrows(
        () => integrator(pendulum, state, dt),
        RangeError,
        "Cannot move bodies as dt is a finite number: got",
      );
    }
  }
});
