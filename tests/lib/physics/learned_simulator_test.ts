/**
 * What learnedSimulator() does for any model; the tests of flowSimulator() try it on a real one.
 */
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { secondOrder } from "../../../lib/physics/integrator.ts";
import { learnedSimulator, type SimulatorModel } from "../../../lib/physics/learned_simulator.ts";
import { foldIn, key, normal } from "../../../lib/random/mod.ts";
import { adam, sgd } from "../../../lib/train/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { type Tensor, treeLeaves } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());

/** Particles as GNS has them: windows of six frames, embedded types, statistics known before. */
type Params = { readonly embedding: Tensor; readonly velocity: Tensor };
type Batch = { readonly windows: Tensor; readonly type: Tensor };
type Sample = Batch & { readonly target: Tensor };

const ACCELERATION_STD = 0.5;

/**
 * Accelerations that depend on a particle's type and its last velocity; noise walks over a window.
 */
function particles(noise: number): SimulatorModel<Params, null, Batch, Sample> {
  return {
    init: () => ({
      params: { embedding: tf.zeros([2, 1]), velocity: tf.scalar(0) },
      normalizers: null,
    }),
    sample: ({ windows, type }, key) => {
      const walk = tf.cumsum(tf.mul(normal(key, windows.shape), noise), 0);
      const noisy = tf.unstack(tf.add(windows, walk));
      const target = secondOrder.target(noisy[6]!, noisy[5]!, noisy[4]!);
      return { windows: tf.stack(noisy.slice(0, 6)), type, target };
    },
    accumulate: () => null,
    loss: ({ params }, { windows, type, target }) => {
      const [previous, current] = tf.unstack(tf.slice(windows, [4]));
      const drag = tf.mul(tf.sub(current!, previous!), params.velocity);
      const predicted = tf.add(tf.gather(params.embedding, type), drag);
      return tf.mean(tf.square(tf.sub(predicted, tf.div(target, ACCELERATION_STD))));
    },
  };
}

/** Two particles that fall, the second one twice as fast. */
function falling(): Batch {
  const frames = Array.from({ length: 7 }, (_, t) => [[-t * t / 2], [-t * t]]);
  return { windows: tf.tensor3d(frames), type: tf.tensor1d([0, 1], "int32") };
}

forEachEngine("learnedSimulator() trains a model without normalisers, with embedded types", () => {
  const simulator = learnedSimulator(particles(0), { optimizer: adam(0.3) });
  const step = jit(simulator.trainStep, { donate: 0 });
  let state = simulator.init(key(0));
  for (let i = 0; i < 60; i++) [state] = step(state, falling(), key(1));
  const { params: { embedding, velocity }, normalizers } = simulator.weights(state);
  assertEquals(normalizers, null);
  assertEquals(numbers(state.step), [60]);
  // Velocities are -4.5 and -9, accelerations -1 and -2 over a deviation of 0.5.
  const [v] = numbers(velocity);
  assertAlmostEquals(numbers(embedding)[0]! - 4.5 * v!, -2, 0.1);
  assertAlmostEquals(numbers(embedding)[1]! - 9 * v!, -4, 0.1);
});

forEachEngine("trainStep() folds its counter into the key, loss() does not", () => {
  const simulator = learnedSimulator(particles(1), { optimizer: sgd(0) });
  const start = simulator.init(key(0));
  const [first, loss] = simulator.trainStep(start, falling(), key(1));
  const [, next] = simulator.trainStep(first, falling(), key(1));
  const expected = [0, 1].map((t) => simulator.loss(start, falling(), foldIn(key(1), t)));
  [loss, next].forEach((x, i) => assertAlmostEquals(numbers(x)[0]!, numbers(expected[i]!)[0]!));
  assert(numbers(loss)[0] !== numbers(next)[0]);
});

forEachEngine("accumulate() gives the normalisers a sample, and counts no step", () => {
  /** What a model may count of samples: here the largest one, as of neighbours that need room. */
  const counting: SimulatorModel<Tensor, Tensor, Tensor, Tensor> = {
    init: () => ({ params: tf.scalar(1), normalizers: tf.scalar(0) }),
    sample: (batch) => tf.clone(batch),
    accumulate: (most, sample) => tf.maximum(most, tf.max(sample)),
    loss: ({ params, normalizers }) => tf.mul(params, normalizers),
  };
  const simulator = learnedSimulator(counting, { optimizer: sgd(0.5) });
  let state = simulator.init(key(0));
  for (const most of [3, 2]) {
    state = simulator.accumulate(state, tf.tensor1d([1, most]), key(0));
  }
  assertEquals([numbers(state.normalizers), numbers(state.step)], [[3], [0]]);
  const [next, loss] = simulator.trainStep(state, tf.tensor1d([4]), key(0));
  // The step's own sample is counted before the loss.
  assertEquals([numbers(loss), numbers(next.params)], [[4], [-1]]);
});

forEachEngine("weights() are the average, which moves as 1 - (1 + t) / (10 + t) at first", () => {
  const simulator = learnedSimulator(particles(0), { optimizer: sgd(0.01), averageDecay: 0.99 });
  let state = simulator.init(key(0));
  const read = (s: typeof state): number => numbers(s.params.velocity)[0]!;
  let expected = read(state);
  const before = tf.memory().numTensors;
  for (let t = 0; t < 3; t++) {
    [state] = simulator.trainStep(state, falling(), key(1));
    expected += 9 / (10 + t) * (read(state) - expected);
  }
  assertAlmostEquals(numbers(simulator.weights(state).params.velocity)[0]!, expected, 1e-5);
  // A state, a loss, and the test's own batch and key, for each step.
  assertEquals(tf.memory().numTensors - before, 3 * (treeLeaves(state).length + 1 + 2 + 1));
});

Deno.test("learnedSimulator() refuses a decay outside [0, 1)", () => {
  for (const averageDecay of [1, -0.1, NaN]) {
    assertThrows(
      () => learnedSimulator(particles(0), { optimizer: sgd(1), averageDecay }),
      RangeError,
      `Cannot make a learned simulator as averageDecay is null or in [0, 1): got ${averageDecay}`,
    );
  }
});
