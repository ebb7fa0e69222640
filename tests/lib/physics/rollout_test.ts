import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { mseAtHorizons } from "../../../lib/physics/metrics.ts";
import { predictEachFrame, rollout } from "../../../lib/physics/rollout.ts";
import { jit } from "../../../lib/transform/mod.ts";
import { treeDispose } from "../../../lib/tree/mod.ts";
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

/** x' = 2x + a - x₋₁ with a = -1: what falls, one unit a step faster. */
type Fall = { readonly previous: tf.Tensor; readonly current: tf.Tensor };
const fall = ({ previous, current }: Fall): Fall => ({
  previous: current,
  current: tf.sub(tf.sub(tf.mul(current, 2), 1), previous),
});
const frameOf = ({ current }: Fall): tf.Tensor => current;

forEachEngine(
  "rollout() carries a state of several frames, and leaves nothing behind",
  async () => {
    const start = (): Fall => ({ previous: tf.tensor2d([[0, 9]]), current: tf.tensor2d([[5, 9]]) });
    for (const step of [fall, jit(fall)]) {
      const initial = start();
      const before = tf.memory().numTensors;
      const { shape, data } = await rollout(step, initial, 3, { frameOf });
      assertEquals(shape, [3, 1, 2]);
      assertEquals([...data], [9, 8, 12, 6, 14, 3]);
      treeDispose(initial);
      assertEquals(tf.memory().numTensors, before - 2);
    }
  },
);

Deno.test("rollout() refuses a state that changes, and a frame that is none", async () => {
  const initial: Fall = { previous: tf.zeros([2, 1]), current: tf.zeros([2, 1]) };
  const refused: [(state: Fall) => unknown, string][] = [
    [({ current }) => ({ previous: current, current: tf.sum(current) }), "keeps shape and dtype"],
    [({ current }) => ({ current }), "all trees must have one structure"],
  ];
  for (const [step, message] of refused) {
    await assertRejects(
      () => rollout(step as typeof fall, initial, 2, { frameOf }),
      TypeError,
      `Cannot roll out as`,
    ).then(({ message: text }) => assertStringIncludes(text, message));
  }
  await assertRejects(
    () => rollout(fall, initial, 2, { frameOf: () => undefined as never }),
    TypeError,
    "Cannot roll out as what a step gives is a tensor: got undefined",
  );
  assertEquals([...initial.current.dataSync()], [0, 0]);
});

forEachEngine("rollout() gives a step that changes nothing the same frame again", async () => {
  const initial = tf.tensor2d([[1]]);
  assertEquals([...(await rollout((x) => x, initial, 2)).data], [1, 1]);
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
