import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  jit,
  type PlateFrame,
  plateSimulator,
  type PlateTrajectory,
  plateTrajectory,
  random,
  rollout,
} from "../../../../mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { frameOf, plate } from "../simulator_golden.ts";

const simulator = plateSimulator({
  optimizer: adam(1e-2),
  network: { latentSize: 8, hiddenLayers: 1, steps: 2 },
  radius: plate.radius,
  noise: { scale: 0.003 },
  capacityMultiplier: 3,
});
const load = (): PlateTrajectory => plateTrajectory(plate.record, simulator.worldEdges);

forEachEngine("a rollout is predictions of predictions, beyond the trajectory's end too", () => {
  const trajectory = load();
  const weights = simulator.weights(simulator.init(random.key(0)));
  const roll = jit((trajectory: PlateTrajectory) => simulator.rollout(weights, trajectory, 4));
  const { worldPosition, stress, didOverflow } = roll(trajectory);
  assertEquals(didOverflow.dataSync()[0], 0);
  let state: PlateFrame = {
    worldPosition: frameOf(trajectory.worldPosition, 0),
    stress: frameOf(trajectory.stress, 0),
    worldEdges: trajectory.worldEdges,
  };
  for (let step = 0; step < 4; step++) {
    state = simulator.predict(weights, trajectory, state, tf.scalar(step, "int32"));
    assertAllClose(frameOf(worldPosition, step), state.worldPosition, { atol: 1e-5 });
    assertAllClose(frameOf(stress, step), state.stress, { rtol: 1e-4, atol: 1e-4 });
  }
  // The obstacle is where the trajectory has it, in its last frame from there on.
  const rolled = worldPosition.arraySync() as number[][][];
  const last = frameOf(trajectory.worldPosition, 1).arraySync() as number[][];
  for (const frame of rolled) assertEquals(frame.slice(5), last.slice(5));
});

forEachEngine("a loop of predictions gives the same, and leaves nothing behind", async () => {
  const trajectory = load();
  const weights = simulator.weights(simulator.init(random.key(0)));
  const first = (x: tf.Tensor): tf.Tensor => frameOf(x, 0);
  const initial: PlateFrame = {
    worldPosition: first(trajectory.worldPosition),
    stress: first(trajectory.stress),
    worldEdges: trajectory.worldEdges,
  };
  const before = tf.memory().numTensors;
  const looped = await rollout(
    (plate: PlateFrame, frame) => simulator.predict(weights, trajectory, plate, frame),
    initial,
    3,
    { frameOf: ({ worldPosition }) => worldPosition },
  );
  assertEquals(tf.memory().numTensors, before);
  const { worldPosition } = simulator.rollout(weights, trajectory, 3);
  assertAllClose(tf.reshape(worldPosition, [-1]), looped.data, { atol: 1e-5 });
});

forEachEngine("a plate may lie in the plane, of triangles", () => {
  const flat = plateSimulator({
    optimizer: adam(0),
    network: { latentSize: 4, hiddenLayers: 1, steps: 1 },
    dimension: 2,
    radius: 0.5,
  });
  const at = [0, 0, 1, 0, 0, 1, 0.3, 1.2, 2, 2, 3, 3];
  const trajectory = plateTrajectory({
    cells: { shape: [1, 1, 3], data: [0, 1, 2] },
    mesh_pos: { shape: [1, 6, 2], data: at },
    node_type: { shape: [1, 6, 1], data: [3, 0, 0, 1, 1, 1] },
    world_pos: { shape: [2, 6, 2], data: [...at, ...at] },
    stress: { shape: [2, 6, 1], data: new Float32Array(12) },
  }, flat.worldEdges);
  // The obstacle's node 3 touches node 2, and nothing else touches.
  assertEquals(trajectory.worldEdges.numEdges.dataSync()[0], 2);
  const weights = flat.weights(flat.init(random.key(0)));
  assertEquals(flat.rollout(weights, trajectory, 2).worldPosition.shape, [2, 6, 2]);
});

forEachEngine("training lowers the loss of a plate", () => {
  const batch = { ...load(), frames: tf.tensor1d([0, 0], "int32") };
  const step = jit(simulator.trainStep);
  let state = simulator.init(random.key(1));
  const losses: number[] = [];
  for (let i = 0; i < 30; i++) {
    const [next, loss] = step(state, batch, random.key(2));
    losses.push(loss.dataSync()[0]!);
    state = next;
  }
  const mean = (values: number[]): number => values.reduce((a, b) => a + b) / values.length;
  assert(mean(losses.slice(-5)) < mean(losses.slice(1, 6)) / 2, losses.join());
  assertEquals(state.normalizers.didOverflow.dataSync()[0], 0);
});

Deno.test("a rollout of a plate needs a number of steps", () => {
  const weights = simulator.weights(simulator.init(random.key(0)));
  assertThrows(
    () => simulator.rollout(weights, load(), 0),
    RangeError,
    "Cannot roll out a plate as steps must be a positive integer: got number 0",
  );
});
