import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { type PhaseState, verlet } from "../../../lib/physics/mod.ts";
import { grad, jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";

/** Two weights on springs of their own strengths. */
const springs = ({ position, momentum }: PhaseState, strength: Tensor): Tensor =>
  tf.mul(
    0.5,
    tf.add(tf.sum(tf.mul(strength, tf.square(position))), tf.sum(tf.square(momentum))),
  );

const start = (): PhaseState => ({
  position: tf.tensor1d([1, -0.5]),
  momentum: tf.tensor1d([0.3, 0.2]),
});

forEachEngine("verlet() is the leapfrog's formula, inside jit too", () => {
  const strength = tf.tensor1d([4, 9]);
  const step = (state: PhaseState) => verlet((s) => springs(s, strength), state, 0.1);
  const expected = [[1, 0.3, 4], [-0.5, 0.2, 9]].map(([q, p, k]) => {
    const half = p! - 0.05 * k! * q!;
    const next = q! + 0.1 * half;
    return { q: next, p: half - 0.05 * k! * next };
  });
  for (const run of [step, jit(step)]) {
    const { position, momentum } = run(start());
    assertAllClose(position, expected.map(({ q }) => q));
    assertAllClose(momentum, expected.map(({ p }) => p));
  }
});

forEachEngine("verlet() backwards undoes a step", () => {
  const energy = (state: PhaseState) => springs(state, tf.tensor1d([4, 9]));
  const there = verlet(energy, start(), 0.1);
  assertAllClose(verlet(energy, there, -0.1), start(), { atol: 1e-6 });
});

forEachEngine("verlet() is differentiable by what the energy closes over", (_t, engine) => {
  const loss = (strength: Tensor): Tensor =>
    tf.sum(tf.square(verlet((s) => springs(s, strength), start(), 0.3).position));
  checkGradients(loss, [tf.tensor1d([4, 9])]);
  if (engine === "xla") {
    const [eager, compiled] = [grad(loss), jit(grad(loss))].map((g) => g(tf.tensor1d([4, 9])));
    assertAllClose(compiled, eager);
  }
});

forEachEngine("verlet() refuses an energy that is no scalar, and leaves nothing behind", () => {
  const before = tf.memory().numTensors;
  const state = start();
  assertThrows(() => verlet(({ position }) => position, state, 0.1), TypeError, "scalar");
  const next = verlet((s) => springs(s, tf.scalar(1)), state, 0.1);
  tf.dispose([state, next]);
  assertEquals(tf.memory().numTensors, before);
});
