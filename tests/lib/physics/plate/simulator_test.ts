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
