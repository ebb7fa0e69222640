import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  flowSimulator,
  type FlowSimulatorOptions,
} from "../../../../lib/physics/flow/simulator.ts";
import type { FlowBatch } from "../../../../lib/physics/flow/sample.ts";
import { flowTrajectory } from "../../../../lib/physics/flow/trajectory.ts";
import { rollout } from "../../../../lib/physics/rollout.ts";
import { foldIn, key } from "../../../../lib/random/mod.ts";
import { adam, sgd } from "../../../../lib/train/mod.ts";
import { jit } from "../../../../lib/transform/mod.ts";
import { type Tensor, treeLeaves } from "../../../../lib/tree/mod.ts";
import { ENGINES, forEachEngine, useEngine } from "../../../support/engines.ts";
import { tinyFlow } from "./tiny_flow.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());
const network = { latentSize: 8, hiddenLayers: 1, steps: 2 };
const options: FlowSimulatorOptions = { optimizer: adam(1e-2), network };

function batchOf(frames: number[]): FlowBatch {
  return { ...flowTrajectory(tinyFlow(6)), frames: tf.tensor1d(frames, "int32") };
}

forEachEngine("trainStep() descends: a few steps lower the loss of the same batch", () => {
  const simulator = flowSimulator({ ...options, noise: { scale: 0 } });
  const batch = batchOf([1, 3]);
  const step = jit(simulator.trainStep);
  let state = simulator.init(key(0));
  const losses: number[] = [];
  for (let i = 0; i < 4; i++) {
    const [next, loss] = step(state, batch, key(1));
    state = next;
    losses.push(numbers(loss)[0]!);
  }
  for (let i = 1; i < 4; i++) assert(losses[i]! < losses[i - 1]!, losses.join(" > "));
  assertEquals([state.step.dtype, ...numbers(state.step)], ["int32", 4]);
});

Deno.test("trainStep() gives the same losses on every engine, with noise and symmetries", async () => {
  const all: number[][] = [];
  for (const engine of ENGINES) {
    await useEngine(engine);
    const simulator = flowSimulator({
      ...options,
      mirrorAxis: 1,
      lengthScale: 0.1,
      timeScale: 0.1,
      averageDecay: 0.9,
    });
    const step = jit(simulator.trainStep, { donate: 0 });
    let state = simulator.init(key(3));
    const losses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const [next, loss] = step(state, batchOf([i, 4 - i]), key(5));
      state = next;
      losses.push(numbers(loss)[0]!);
    }
    all.push([...losses, ...numbers(simulator.weights(state).params.decoder.layers[0]!.w)]);
  }
  for (const other of all.slice(1)) {
    other.forEach((x, i) => assertAlmostEquals(x, all[0]![i]!, 1e-4 * Math.max(1, Math.abs(x))));
  }
});

forEachEngine("trainStep() counts the batch and draws new noise at each step", () => {
  const simulator = flowSimulator({ optimizer: sgd(0), network, noise: { scale: 1 } });
  const batch = batchOf([2]);
  const start = simulator.init(key(0));
  const step = jit(simulator.trainStep);
  const [first] = step(start, batch, key(1));
  const [second] = step(first, batch, key(1));
  assertEquals(numbers(second.normalizers.nodes.count), [12]);
  const speeds = [first, second].map((s) => numbers(s.normalizers.nodes.sum)[0]!);
  assert(Math.abs(speeds[1]! - 2 * speeds[0]!) > 1e-3);
});

forEachEngine("accumulate() lets the normalisers see a batch and nothing else change", () => {
  const simulator = flowSimulator(options);
  const start = simulator.init(key(0));
  const state = simulator.accumulate(start, batchOf([0, 1, 2]), key(1));
  assertEquals(numbers(state.normalizers.output.count), [18]);
  assertEquals(numbers(state.normalizers.edges.numAccumulations), [1]);
  assertEquals(numbers(state.step), [0]);
  const weights = (s: typeof state): number[] => numbers(s.params.encoder.nodes.layers[0]!.w);
  assertEquals(weights(state), weights(start));
});

forEachEngine("loss() is what trainStep() descends, for the key with the step folded in", () => {
  const simulator = flowSimulator({ ...options, mirrorAxis: 1 });
  const batch = batchOf([2]);
  const state = simulator.init(key(0));
  const [next, loss] = simulator.trainStep(state, batch, key(1));
  const weights = { params: state.params, normalizers: next.normalizers };
  const again = numbers(simulator.loss(weights, batch, foldIn(key(1), 0)))[0]!;
  assertAlmostEquals(again, numbers(loss)[0]!, 1e-4);
});

forEachEngine("weights() are the moving average, which forgets where it began", () => {
  const simulator = flowSimulator({ ...options, averageDecay: 0.5 });
  const step = jit(simulator.trainStep);
  let state = simulator.init(key(0));
  const w = (s: typeof state): number => numbers(s.params.decoder.layers[0]!.w)[0]!;
  let expected = w(state);
  for (let t = 0; t < 3; t++) {
    [state] = step(state, batchOf([t]), key(1));
    const decay = Math.min(0.5, (1 + t) / (10 + t));
    expected = decay * expected + (1 - decay) * w(state);
  }
  const average = simulator.weights(state).params.decoder.layers[0]!.w;
  assertAlmostEquals(numbers(average)[0]!, expected, 1e-5);
  assert(Math.abs(w(state) - expected) > 1e-4);
});

forEachEngine("rollout() of predict() keeps boundary rows from the truth", async () => {
  const simulator = flowSimulator(options);
  const batch = batchOf([1]);
  const [state] = simulator.trainStep(simulator.init(key(0)), batch, key(1));
  const weights = simulator.weights(state);
  const predict = jit(simulator.predict);
  const start = tf.gather(batch.velocity, tf.scalar(1, "int32"));
  const { shape, data } = await rollout(
    (velocity, frame) => predict(weights, batch, velocity, frame),
    start,
    3,
    { start: 1 },
  );
  assertEquals(shape, [3, 6, 2]);
  const truth = numbers(batch.velocity);
  data.forEach((x, i) => {
    const isBoundary = i % 12 < 6;
    if (isBoundary) assertEquals(x, truth[24 + i]);
    else assert(Number.isFinite(x));
  });
});

forEachEngine("trainStep() leaves no tensor behind but the new state and the loss", () => {
  const simulator = flowSimulator({ ...options, averageDecay: 0.9 });
  const [state, batch, seed] = [simulator.init(key(0)), batchOf([1]), key(1)];
  const before = tf.memory().numTensors;
  const [next] = simulator.trainStep(state, batch, seed);
  assertEquals(tf.memory().numTensors, before + treeLeaves(next).length + 1);
});

Deno.test("flowSimulator() refuses a decay outside [0, 1)", () => {
  assertThrows(
    () => flowSimulator({ ...options, averageDecay: 1 }),
    RangeError,
    "Cannot make a learned simulator as averageDecay is null or in [0, 1): got 1",
  );
});
