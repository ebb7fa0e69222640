import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { clothGraph, clothModel } from "../../../../lib/physics/cloth/model.ts";
import { clothSimulator } from "../../../../lib/physics/cloth/simulator.ts";
import { type ClothTrajectory, clothTrajectory } from "../../../../lib/physics/cloth/trajectory.ts";
import { key } from "../../../../lib/random/mod.ts";
import { adam } from "../../../../lib/train/mod.ts";
import { jit } from "../../../../lib/transform/mod.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";

/** A triangle with a handle, in three frames. */
const fields = {
  cells: { shape: [1, 1, 3], data: [0, 1, 2] },
  mesh_pos: { shape: [1, 3, 2], data: [0, 0, 3, 4, 0, 1] },
  node_type: { shape: [1, 3, 1], data: [3, 0, 0] },
  world_pos: {
    shape: [3, 3, 3],
    data: [
      ...[0, 0, 0, 1, 0, 0, 0, 1, 0],
      ...[0, 0, 0, 2, 0, 0, 0, 1, 2],
      ...[0, 0, 0, 5, 0, 0, 0, 1, 3],
    ],
  },
};
const load = (): ClothTrajectory => clothTrajectory(fields);
const network = { latentSize: 8, hiddenLayers: 1, steps: 2 };
const first = (): Tensor => tf.tensor1d([1], "int32");
const frame = (x: Tensor, t: number): Tensor => tf.gather(x, tf.scalar(t, "int32"));

forEachEngine("clothGraph() has velocity and type, and the ways in world and mesh", () => {
  const { mesh, worldPosition } = load();
  const frames = { previous: frame(worldPosition, 0), current: frame(worldPosition, 1) };
  const { nodes, edges } = clothGraph(mesh, frames);
  assertAllClose(nodes, [
    [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
    [1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  ]);
  // From 1 to 0, 2 to 1, 2 to 0; then the same back.
  const half = [
    [2, 0, 0, 2, 3, 4, 5],
    [-2, 1, 2, 3, -3, -3, Math.sqrt(18)],
    [0, 1, 2, Math.sqrt(5), 0, 1, 1],
  ];
  const back = half.map(([x, y, z, d, u, v, e]) => [-x!, -y!, -z!, d!, -u!, -v!, e!]);
  assertAllClose(edges, [...half, ...back]);
});

forEachEngine("the target is the acceleration, and mends gamma of the noise", () => {
  const batch = { ...load(), frames: first() };
  const clean = clothModel({ noise: { scale: 0 } }).sample(batch, key(0));
  assertAllClose(clean.target, [[0, 0, 0], [2, 0, 0], [0, 0, -1]]);
  const noisy = clothModel({ noise: { scale: 0.5, gamma: 0.1 } }).sample(batch, key(0));
  const noise = tf.slice(tf.sub(noisy.graph.nodes, clean.graph.nodes), [0, 0], [3, 3]);
  // Of next - 2 current + previous, current moves by the noise and next by 0.9 of it.
  assertAllClose(tf.sub(noisy.target, clean.target), tf.mul(noise, -1.1), { atol: 1e-5 });
  const moved = noise.arraySync() as number[][];
  assert(moved[0]!.every((x) => x === 0) && moved[1]!.every((x) => x !== 0));
});

forEachEngine("prediction undoes what the network was trained on; handles stay", () => {
  const trajectory = load();
  const model = clothModel({ network, noise: { scale: 0 } });
  const { params, normalizers } = model.init(key(1));
  const sample = model.sample({ ...trajectory, frames: first() }, key(0));
  const weights = { params, normalizers: model.accumulate(normalizers, sample) };
  const [previous, current, next] = [0, 1, 2].map((t) => frame(trajectory.worldPosition, t));
  const frames = { previous: previous!, current: current! };
  const predicted = model.predict(weights, trajectory.mesh, frames);
  assertAllClose(predicted.previous, current!);
  assertAllClose(frame(predicted.current, 0), [0, 0, 0]);
  // The loss is the squared error in deviations, of two free nodes.
  const { sum, sumSquared, shift } = weights.normalizers.output;
  const rows = sample.target.arraySync() as number[][];
  const std = [0, 1, 2].map((k) => {
    const values = rows.map((row) => row[k]!);
    const mean = values.reduce((a, b) => a + b) / 3;
    return Math.max(1e-8, Math.sqrt(values.reduce((a, x) => a + (x - mean) ** 2, 0) / 3));
  });
  assertEquals([sum, sumSquared, shift].map(({ shape }) => shape), [[3], [3], [3]]);
  const error = tf.sub(predicted.current, next!).arraySync() as number[][];
  // The middle component never moves: its deviation is the smallest there is.
  const parts = [1, 2].flatMap((i) => [0, 2].map((k) => (error[i]![k]! / std[k]!) ** 2));
  const middle = tf.tidy(() => model.loss(weights, sample).dataSync()[0]!);
  const expected = parts.reduce((a, b) => a + b) / 2;
  assert(middle >= expected * 0.999, `${middle} < ${expected}`);
});

forEachEngine("training lowers the loss of a cloth, several frames at once too", () => {
  const simulator = clothSimulator({ optimizer: adam(5e-3), network, noise: { scale: 0.01 } });
  const batch = { ...load(), frames: tf.tensor1d([1, 1], "int32") };
  assertEquals(clothModel().sample(batch, key(0)).target.shape, [6, 3]);
  const step = jit(simulator.trainStep);
  let state = simulator.init(key(2));
  const losses: number[] = [];
  for (let i = 0; i < 60; i++) {
    const [next, loss] = step(state, batch, key(3));
    losses.push(loss.dataSync()[0]!);
    state = next;
  }
  const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
  assertAlmostEquals(mean(losses.slice(-10)) / mean(losses.slice(1, 11)), 0.25, 0.25);
});

Deno.test("clothTrajectory() says what is wrong with a record", () => {
  const world = fields.world_pos;
  const cases: [unknown, typeof RangeError | typeof TypeError, string][] = [
    [undefined, TypeError, "world_pos is an array [T, N, D]: got undefined"],
    [{ ...world, shape: [9, 3] }, TypeError, "world_pos is an array [T, N, D]: got [9, 3]"],
    [
      { shape: [9, 1, 3], data: world.data },
      TypeError,
      "mesh_pos has 3 nodes, world_pos is [9, 1, 3]",
    ],
    [
      { ...world, data: world.data.with(4, NaN) },
      RangeError,
      "numbers are finite: number 4 of world_pos is NaN",
    ],
  ];
  for (const [world_pos, type, message] of cases) {
    assertThrows(() => clothTrajectory({ ...fields, world_pos }), type, message);
  }
  assertThrows(() => clothTrajectory({ ...fields, cells: undefined }), TypeError, "cells");
  assertThrows(
    () => clothModel().sample({ ...load(), frames: tf.scalar(1, "int32") }, key(0)),
    TypeError,
    "Cannot take a sample of a cloth as frames are a vector of indices: expected int32 [B], got",
  );
});
