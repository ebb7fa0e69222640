import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { frameNoise, type NoisyFrame } from "../../../lib/physics/noise.ts";
import { key, normal } from "../../../lib/random/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { forEachEngine } from "../../support/engines.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());
const frame = (): NoisyFrame => ({
  current: tf.tensor2d([[1, 2], [3, 4], [5, 6]]),
  next: tf.tensor2d([[10, 20], [30, 40], [50, 60]]),
});

forEachEngine(
  "frameNoise() moves only the nodes of the mask, by scale times a normal number",
  () => {
    const noisy = frameNoise(key(4), frame(), tf.tensor1d([1, 0, 1]), { scale: 0.5 });
    const noise = numbers(normal(key(4), [3, 2]));
    const expected = [1, 2, 3, 4, 5, 6].map((x, i) => [2, 3].includes(i) ? x : x + 0.5 * noise[i]!);
    numbers(noisy.current).forEach((x, i) => assertAlmostEquals(x, expected[i]!, 1e-6));
    assert(numbers(noisy.current)[0] !== 1);
  },
);

forEachEngine("frameNoise() with gamma 1 leaves the next frame", () => {
  const noisy = frameNoise(key(4), frame(), tf.ones([3]), { scale: 0.5 });
  assertEquals(numbers(noisy.next), [10, 20, 30, 40, 50, 60]);
});

forEachEngine("frameNoise() moves the next frame by (1 - gamma) of the noise", () => {
  const { current, next } = frame();
  const noisy = frameNoise(key(4), { current, next }, tf.ones([3]), { scale: 0.5, gamma: 0.1 });
  const noise = numbers(tf.sub(noisy.current, current));
  numbers(tf.sub(noisy.next, next)).forEach((moved, i) =>
    assertAlmostEquals(moved, 0.9 * noise[i]!, 1e-5)
  );
});

forEachEngine("frameNoise() of scale 0 changes nothing", () => {
  const noisy = frameNoise(key(4), frame(), tf.ones([3]), { scale: 0, gamma: 0.5 });
  assertEquals(numbers(noisy.current), [1, 2, 3, 4, 5, 6]);
  assertEquals(numbers(noisy.next), [10, 20, 30, 40, 50, 60]);
});

forEachEngine("frameNoise() refuses negative noise and shapes that do not fit", () => {
  const mask = tf.ones([3]);
  assertThrows(
    () => frameNoise(key(0), frame(), mask, { scale: -1 }),
    RangeError,
    "Cannot add noise as its scale is not negative and gamma in [0, 1]: scale is -1, gamma is 1",
  );
  assertThrows(() => frameNoise(key(0), frame(), mask, { scale: 1, gamma: 2 }), RangeError);
  assertThrows(
    () => frameNoise(key(0), frame(), tf.ones([3, 1]), { scale: 1 }),
    TypeError,
    "Cannot add noise as a frame is two fields [N, D] and a mask [N]: current is float32 [3, 2], " +
      "next is float32 [3, 2], the mask is float32 [3, 1]",
  );
});
