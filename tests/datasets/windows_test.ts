import { assertEquals, assertRejects } from "@std/assert";
import {
  openLagrangeBench,
  openLearningToSimulate,
  type ParticleTrajectory,
  sampleUrl,
  windows,
} from "../../datasets/mod.ts";
import { collect } from "./support.ts";

/** Position 100 · frame + 10 · particle + axis, so that each number says where it is from. */
function trajectory(frames: number, withContext = true): ParticleTrajectory {
  const position = Float32Array.from(
    { length: frames * 2 * 3 },
    (_, i) => 100 * Math.floor(i / 6) + 10 * (Math.floor(i / 3) % 2) + i % 3,
  );
  const context = Float32Array.from({ length: frames }, (_, frame) => frame);
  return {
    key: 4,
    particleType: { shape: [2], data: Int32Array.of(5, 3) },
    position: { shape: [frames, 2, 3], data: position },
    ...(withContext ? { stepContext: { shape: [frames, 1], data: context } } : {}),
  };
}

Deno.test("windows() gives past positions by particle, the next ones, and the context before", async () => {
  const [first, second, ...others] = await collect(windows([trajectory(4)], { length: 3 }));
  assertEquals(others, []);
  assertEquals(first!.positions, {
    shape: [2, 2, 3],
    data: Float32Array.of(0, 1, 2, 100, 101, 102, 10, 11, 12, 110, 111, 112),
  });
  assertEquals(first!.target, {
    shape: [2, 3],
    data: Float32Array.of(200, 201, 202, 210, 211, 212),
  });
  assertEquals(first!.stepContext, { shape: [1], data: Float32Array.of(1) });
  assertEquals([first!.key, first!.frame, second!.frame], [4, 2, 3]);
  assertEquals(second!.positions.data[0], 100);
});

Deno.test("windows() of T frames are T - 6 by default, and fewer with a stride", async () => {
  const count = async (frames: number, options = {}) =>
    (await collect(windows([trajectory(frames, false)], options))).length;
  assertEquals([await count(20), await count(7), await count(6)], [14, 1, 0]);
  assertEquals([await count(20, { stride: 5 }), await count(20, { length: 2 })], [3, 19]);
  const [only] = await collect(windows([trajectory(7, false)]));
  assertEquals("stepContext" in only!, false);
});

Deno.test("windows() go through all trajectories of both formats", async () => {
  const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "train");
  const keys = new Set((await collect(windows(springs))).map(({ key }) => key));
  assertEquals(keys.size, (await collect(springs)).length);
  const liquid = await openLagrangeBench(sampleUrl("lennard_jones"), "valid");
  assertEquals((await collect(windows(liquid))).length, 405 - 6);
});

Deno.test("windows() of less than two frames, and strides of none, are refused", async () => {
  for (const options of [{ length: 1 }, { stride: 0 }, { length: 2.5 }]) {
    await assertRejects(() => collect(windows([], options)), RangeError, "Cannot cut windows");
  }
});

Deno.test("a notebook shows a data set by its card", async () => {
  const springs = await openLearningToSimulate(sampleUrl("n_body_springs"), "train");
  const shown = springs as unknown as Record<symbol, () => Record<string, string>>;
  assertEquals(shown[Symbol.for("Jupyter.display")]!(), { "text/plain": springs.describe() });
});
