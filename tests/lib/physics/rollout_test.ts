import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { mseAtHorizons } from "../../../lib/physics/metrics.ts";
import { predictEachFrame, rollout } from "../../../lib/physics/rollout.ts";
import { forEachEngine } from "../../support/engines.ts";

forEachEngine("rollout() feeds each frame to the next step, with its number", async () => {
  const step = (x: tf.Tensor, frame: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(x, 10), tf.cast(frame, "float32"));
  const initial = tf.tensor2d([[0, 1]]);
  const { shape, data } = await rollout(step, initial, 3, { start: 4 });
  assertEquals(shape, [3, 1, 2]);
  assertEquals([...data], [4, 14, 45, 145, 456, 1456]);
});

forEachEngine("rollout() leaves no tensor behind, and the initial frame alone", async () => {
  const initial = tf.tensor2d([[1]]);
  const before = tf.memory().numTensors;
  await rollout((x) => tf.mul(tf.add(x, 1), 2), initial, 5);
  assertEquals(tf.memory().numTensors, before);
  assertEquals([...initial.dataSync()], [1]);
});

forEachEngine("predictEachFrame() starts anew from each true frame", async () => {
  const truth = tf.tensor3d([1, 2, 5, 6, 7, 9], [3, 2, 1]);
  const before = tf.memory().numTensors;
  const predicted = await predictEachFrame(
    (x, frame) => tf.add(x, tf.cast(frame, "float32")),
    truth,
  );
  assertEquals(tf.memory().numTensors, before);
  assertEquals(predicted.shape, [2, 2, 1]);
  assertEquals([...predicted.data], [1, 2, 6, 7]);
  const host = { shape: truth.shape, data: truth.dataSync() as Float32Array };
  // Squared errors 16, 16, 1, 4.
  assertEquals([...mseAtHorizons(predicted, host, [2])], [[2, 37 / 4]]);
});

forEachEngine("rollout() refuses a step that changes the shape, and too few steps", async () => {
  const initial = tf.zeros([2, 2]);
  await assertRejects(
    () => rollout((x) => tf.sum(x, 1), initial, 2),
    TypeError,
    "Cannot roll out as a step keeps shape and dtype: it made float32 [2] of float32 [2, 2]",
  );
  await assertRejects(
    () => rollout((x) => x, initial, 0),
    RangeError,
    "Cannot roll out as steps must be a positive integer: got number 0",
  );
  await assertRejects(
    () => predictEachFrame((x) => x, tf.zeros([1, 2, 2])),
    RangeError,
    "Cannot predict each frame as there must be two at least: got float32 [1, 2, 2]",
  );
});
