import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { randomWalkNoise } from "../../../../lib/physics/particles/noise.ts";
import { key } from "../../../../lib/random/mod.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import { forEachEngine } from "../../../support/engines.ts";
import { golden } from "./golden.ts";

/** The deviation of each frame, over all rows of `[N, W, 1]`. */
const deviations = (x: Tensor): number[] =>
  Array.from(tf.sqrt(tf.mean(tf.square(tf.squeeze(x, [2])), 0)).dataSync());

forEachEngine("randomWalkNoise() has the deviations of GNS's, in velocity and position", () => {
  const [count, scale] = [20000, 6.7e-4];
  const noise = randomWalkNoise(key(0), [count, 6, 1], tf.ones([count]), scale);
  const position = deviations(noise).map((x) => x / scale);
  assertEquals(position[0], 0);
  golden.noise.position.forEach((x, i) => assertAlmostEquals(position[i + 1]! / x, 1, 0.03));
  const velocity = tf.sub(tf.slice(noise, [0, 1, 0]), tf.slice(noise, [0, 0, 0], [count, 5, 1]));
  const spread = deviations(velocity).map((x) => x / scale);
  golden.noise.velocity.forEach((x, i) => assertAlmostEquals(spread[i]! / x, 1, 0.03));
  assertAlmostEquals(spread[4]!, 1, 0.03);
});

forEachEngine("randomWalkNoise() spares what is masked, and depends on the key alone", () => {
  const draw = (seed: number): number[][][] =>
    randomWalkNoise(key(seed), [2, 3, 1], tf.tensor1d([0, 1]), 1).arraySync() as number[][][];
  // Signs of zero aside.
  assertEquals(draw(1)[0]!.flat().every((x) => x === 0), true);
  assertEquals(draw(1), draw(1));
  assertEquals(draw(1)[1]![2]![0] === draw(2)[1]![2]![0], false);
});

Deno.test("randomWalkNoise() refuses negative scales and single positions", () => {
  assertThrows(
    () => randomWalkNoise(key(0), [1, 6, 2], tf.ones([1]), -1),
    RangeError,
    "Cannot add noise as its scale is not negative and a window has two positions or more: scale " +
      "is number -1, the window has number 6",
  );
  assertThrows(
    () => randomWalkNoise(key(0), [1, 1, 2], tf.ones([1]), 1),
    RangeError,
    "has number 1",
  );
});
