import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { adam, scaleByLearningRate } from "../../../lib/train/mod.ts";
import { increment } from "../../../lib/train/scale.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

forEachEngine("scaleByLearningRate() gives a schedule the number of steps taken", () => {
  const rate = scaleByLearningRate((step) => tf.add(1, tf.cast(step as tf.Tensor, "float32")));
  let state = rate.init(null);
  for (const expected of [-5, -10, -15]) {
    const [updates, next] = rate.update([tf.scalar(5)], state);
    assertAllClose(updates, [expected]);
    state = next;
  }
});

forEachEngine("a count of steps stays at the largest int32", () => {
  const last = tf.scalar(2 ** 31 - 1, "int32");
  assertEquals(increment(last).dataSync()[0], 2 ** 31 - 1);
  assertEquals(increment(tf.scalar(2 ** 24, "int32")).dataSync()[0], 2 ** 24 + 1);
  assertEquals(increment(last).dtype, "int32");
});

forEachEngine("optimisers refuse a learning rate that is neither number nor schedule", () => {
  for (const rate of [NaN, undefined, "0.1"]) {
    assertThrows(
      () => adam(rate as number),
      TypeError,
      "Cannot make an optimiser as its learning rate is a finite number or a schedule: got",
    );
  }
});
