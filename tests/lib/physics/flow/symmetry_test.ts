import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { drawFlowSymmetry, interpolateFrames } from "../../../../lib/physics/flow/symmetry.ts";
import { key } from "../../../../lib/random/mod.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import { forEachEngine } from "../../../support/engines.ts";

const numbers = (x: Tensor): number[] => Array.from(x.dataSync());

forEachEngine("drawFlowSymmetry() changes nothing unless it is asked to", () => {
  const { position, velocity, clock, phase } = drawFlowSymmetry(key(0), 3, 2, {});
  assertEquals([position, velocity, clock, phase], [null, null, null, null]);
});

forEachEngine("drawFlowSymmetry() mirrors some copies along the axis, velocity as position", () => {
  const { position, velocity } = drawFlowSymmetry(key(0), 64, 2, { mirrorAxis: 1 });
  assertEquals(position!.shape, [64, 1, 2]);
  const rows = position!.reshape([64, 2]).arraySync() as number[][];
  assert(rows.every(([x, y]) => x === 1 && Math.abs(y!) === 1));
  const mirrored = rows.filter(([, y]) => y === -1).length;
  assert(mirrored > 16 && mirrored < 48, `${mirrored} of 64`);
  assertEquals(numbers(velocity!), numbers(position!));
});

forEachEngine("drawFlowSymmetry() scales velocity by length times clock", () => {
  const options = { lengthScale: 0.1, timeScale: 0.2 };
  const { position, velocity, clock, phase } = drawFlowSymmetry(key(1), 50, 2, options);
  const [lengths, speeds, clocks] = [position!, velocity!, clock!].map(numbers);
  clocks!.forEach((q, i) => {
    const b = lengths![2 * i]!;
    assertEquals(lengths![2 * i + 1], b);
    assertAlmostEquals(speeds![2 * i]!, b * q, 1e-6);
    assert(b > 1 / 1.1001 && b < 1.1001 && q > 1 / 1.2001 && q < 1.2001);
  });
  assert(new Set(lengths).size > 40);
  assert(numbers(phase!).every((t) => t >= 0 && t < 1));
});

forEachEngine("interpolateFrames() gives stored frames at whole numbers", () => {
  const frames = tf.tensor3d([3, 1, 4, 1, 5, 9], [6, 1, 1]);
  assertEquals(numbers(interpolateFrames(frames, tf.tensor1d([1, 2, 3, 4]))), [1, 4, 1, 5]);
});

forEachEngine("interpolateFrames() is exact for parabolas, in each frame's shape", () => {
  const parabola = (t: number): number[] => [t * t, 3 - t, 0.5 * t * t + t, 7];
  const frames = tf.tensor3d([0, 1, 2, 3, 4, 5].flatMap(parabola), [6, 2, 2]);
  const times = [1.25, 2.5, 3.9];
  const between = interpolateFrames(frames, tf.tensor1d(times));
  assertEquals(between.shape, [3, 2, 2]);
  const expected = times.flatMap(parabola);
  numbers(between).forEach((x, i) => assertAlmostEquals(x, expected[i]!, 1e-5));
});

forEachEngine(
  "drawFlowSymmetry() refuses other axes, and interpolation fewer than four frames",
  () => {
    assertThrows(
      () => drawFlowSymmetry(key(0), 1, 2, { mirrorAxis: 2 }),
      RangeError,
      "Cannot draw a symmetry as mirrorAxis is one of 2 axes and scales are not negative: " +
        "mirrorAxis is 2, lengthScale is 0, timeScale is 0",
    );
    assertThrows(() => drawFlowSymmetry(key(0), 1, 2, { timeScale: -1 }), RangeError);
    assertThrows(
      () => interpolateFrames(tf.zeros([3, 1, 1]), tf.tensor1d([1])),
      RangeError,
      "Cannot interpolate frames as a cubic needs four: got float32 [3, 1, 1] (set timeScale to 0)",
    );
  },
);
