import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  clothSimulator,
  clothTrajectory,
  flowSimulator,
  flowTrajectory,
  jit,
  random,
  rollout,
  scanRollout,
  type Tensor,
} from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";
import { cloth, flow, frameOf, network } from "./simulator_golden.ts";

forEachEngine("scanRollout() feeds each frame to the next step, with its number", () => {
  const step = (x: Tensor, frame: Tensor): Tensor =>
    tf.add(tf.mul(x, 10), tf.cast(frame, "float32"));
  const roll = (x: Tensor): Tensor => scanRollout(step, x, 3, { start: 4 });
  const initial = tf.tensor2d([[0, 1]]);
  for (const each of [roll, jit(roll)]) {
    const before = tf.memory().numTensors;
    const frames = each(initial);
    assertEquals(tf.memory().numTensors, before + 1);
    assertEquals(frames.arraySync(), [[[4, 14]], [[45, 145]], [[456, 1456]]]);
  }
});

forEachEngine("scanRollout() calls a step once where it is compiled", (_, engine) => {
  let calls = 0;
  const roll = jit((x: Tensor) => scanRollout((x) => (calls++, tf.add(x, 1)), x, 100));
  assertEquals(roll(tf.zeros([1, 1])).dataSync().at(-1), 100);
  assertEquals(calls, engine === "xla" ? 1 : 100);
});

forEachEngine("a flow's rollout is rollout(), beyond the trajectory's end too", async () => {
  const trajectory = flowTrajectory(flow.record);
  const simulator = flowSimulator({ network, optimizer: adam(0) });
  const weights = simulator.weights(simulator.init(random.key(0)));
  const frames = jit((t: typeof trajectory) => simulator.rollout(weights, t, 5))(trajectory);
  const looped = await rollout(
    (velocity, frame) => simulator.predict(weights, trajectory, velocity, frame),
    frameOf(trajectory.velocity, 0),
    5,
  );
  assertAllClose(tf.reshape(frames, [-1]), looped.data, { rtol: 1e-4, atol: 1e-5 });
  // What is prescribed: the inflow of the last frame, from there on.
  const last = frameOf(trajectory.velocity, 1).arraySync() as number[][];
  const rolled = frames.arraySync() as number[][][];
  assertEquals(rolled.map((frame) => frame[0]), new Array(5).fill(last[0]));
});

forEachEngine("a cloth's rollout is rollout(), from its first two frames", async () => {
  const trajectory = clothTrajectory(cloth.record);
  const simulator = clothSimulator({ network, optimizer: adam(0) });
  const weights = simulator.weights(simulator.init(random.key(0)));
  const frames = jit((t: typeof trajectory) => simulator.rollout(weights, t, 5))(trajectory);
  const looped = await rollout(
    (frames) => simulator.predict(weights, trajectory.mesh, frames),
    {
      previous: frameOf(trajectory.worldPosition, 0),
      current: frameOf(trajectory.worldPosition, 1),
    },
    5,
    { frameOf: ({ current }) => current },
  );
  assertAllClose(tf.reshape(frames, [-1]), looped.data, { rtol: 1e-4, atol: 1e-5 });
  const still = { ...trajectory, worldPosition: tf.slice(trajectory.worldPosition, 0, 1) };
  assertThrows(
    () => simulator.rollout(weights, still, 5),
    RangeError,
    "Cannot roll out a cloth as it starts from two frames: got float32 [1, 6, 3]",
  );
});

Deno.test("scanRollout() says what it needs", () => {
  const x = tf.zeros([1, 1]);
  const same = (x: Tensor): Tensor => x;
  assertThrows(
    () => scanRollout(same, x, 0),
    RangeError,
    "Cannot roll out as steps must be a positive integer: got number 0",
  );
  assertThrows(
    () => scanRollout(same, x, 1, { start: 0.5 }),
    RangeError,
    "Cannot roll out as start is the number of a frame: got number 0.5",
  );
  assertThrows(() => scanRollout(null as never, x, 1), TypeError, "a step is a function: got null");
  assertThrows(
    () => scanRollout(same, [x] as never, 1),
    TypeError,
    "Cannot roll out as the initial frame is a tensor: got",
  );
  assertThrows(
    () => scanRollout(same, x, 1, { frameOf: () => undefined as never }),
    TypeError,
    "Cannot roll out as the frame of a state is a tensor: got undefined",
  );
});
