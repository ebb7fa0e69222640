import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { type Schedule, schedules } from "../../../lib/train/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { golden } from "./optax.ts";

const SCHEDULES: Readonly<Record<keyof typeof golden.schedules, Schedule>> = {
  "constant": schedules.constant(0.3),
  "exponentialDecay": schedules.exponentialDecay(0.1, 10, 0.5),
  "exponentialDecay, options": schedules.exponentialDecay(0.1, 10, 0.5, {
    transitionBegin: 5,
    staircase: true,
    endValue: 0.02,
  }),
  "exponentialDecay, growth": schedules.exponentialDecay(0.1, 10, 2, { endValue: 0.5 }),
  "cosineDecay": schedules.cosineDecay(0.1, 50),
  "cosineDecay, options": schedules.cosineDecay(0.1, 50, { alpha: 0.1, exponent: 2 }),
  "warmupCosineDecay": schedules.warmupCosineDecay(0.01, 0.1, 10, 60, { endValue: 0.001 }),
  "linear": schedules.linear(0.1, 0.01, 40),
  "polynomial": schedules.polynomial(0.1, 0.01, 3, 40, { transitionBegin: 10 }),
  "piecewiseConstant": schedules.piecewiseConstant(0.1, { 20: 0.5, 10: 0.1 }),
  "join": schedules.join([schedules.constant(0.2), schedules.linear(0.1, 0, 10)], [5]),
};

forEachEngine("schedules give what Optax's give, for steps that are int32 tensors", () => {
  for (const [name, schedule] of Object.entries(SCHEDULES)) {
    const values = golden.steps.map((step) => schedule(tf.scalar(step, "int32")));
    const expected = golden.schedules[name as keyof typeof golden.schedules];
    assertAllClose(tf.stack(values), new Float32Array(expected), { rtol: 2e-6, atol: 1e-8 });
  }
});

forEachEngine("schedules change at their boundaries and end at their ends inside jit too", () => {
  // Compiled code multiplies by 1 / n, and of these n / n is not 1.
  for (const n of [41, 47, 49, 55, 61, 82]) {
    const stairs = schedules.exponentialDecay(1, n, 0.5, { staircase: true });
    const root = schedules.polynomial(1, 0, 0.5, n);
    const line = schedules.linear(1, 0, n);
    const at = jit((before: tf.Tensor, end: tf.Tensor) =>
      tf.stack([stairs(before), stairs(end), root(end), line(end), root(tf.add(end, 1000))])
    );
    const values = at(tf.scalar(n - 1, "int32"), tf.scalar(n, "int32")).dataSync();
    assertEquals(Array.from(values), [1, 0.5, 0, 0, 0], `after ${n} steps`);
  }
});

forEachEngine("schedules take numbers too, and give float32 scalars", () => {
  for (const schedule of Object.values(SCHEDULES)) {
    const value = schedule(7);
    assertEquals([value.dtype, value.shape], ["float32", []]);
    assertAllClose(value, schedule(tf.scalar(7, "int32")));
  }
});

Deno.test("schedules refuse numbers that make no schedule", () => {
  assertThrows(
    () => schedules.exponentialDecay(0.1, 0, 0.5),
    RangeError,
    "Cannot make schedules.exponentialDecay() as transitionSteps must be positive: got number 0",
  );
  assertThrows(() => schedules.exponentialDecay(0.1, 10, -1), RangeError, "decayRate must be pos");
  assertThrows(() => schedules.cosineDecay(0.1, -5), RangeError, "decaySteps must be positive");
  assertThrows(
    () => schedules.warmupCosineDecay(0, 0.1, 10, 10),
    RangeError,
    "decaySteps - warmupSteps must be positive: got number 0",
  );
  assertThrows(() => schedules.linear(NaN, 0, 10), RangeError, "initValue must be a finite number");
  assertThrows(() => schedules.constant(Infinity), RangeError, "value must be a finite number");
  assertThrows(
    () => schedules.join([schedules.constant(1)], [5]),
    RangeError,
    "Cannot join schedules as a boundary lies between each two: got 1 schedules and 1 boundaries",
  );
});
