import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { computeStats, type Stats } from "../../datasets/compute_stats.ts";
import {
  openLagrangeBench,
  openLearningToSimulate,
  type ParticleTrajectory,
} from "../../datasets/mod.ts";
import { sampleUrl } from "../../datasets/samples/mod.ts";

/** A trajectory of particles on a line. */
function line(frames: number[][]): ParticleTrajectory {
  const particles = frames[0]!.length;
  return {
    key: 0,
    particleType: { shape: [particles], data: new Int32Array(particles) },
    position: { shape: [frames.length, particles, 1], data: new Float32Array(frames.flat()) },
  };
}

Deno.test("computeStats() averages over frames, particles and trajectories", async () => {
  // Velocities 1, 2 and 4, 4; 0, 6: mean 17/6. Accelerations 1 and 0; 6: mean 7/3.
  const stats = await computeStats([line([[0, 0], [1, 4], [3, 8]]), line([[5], [5], [11]])]);
  const velocities = [1, 2, 4, 4, 0, 6].map((v) => (v - 17 / 6) ** 2);
  const accelerations = [1, 0, 6].map((a) => (a - 7 / 3) ** 2);
  const std = (squares: number[]) => Math.sqrt(squares.reduce((a, b) => a + b) / squares.length);
  assertAlmostEquals(stats.vel_mean[0]!, 17 / 6, 1e-12);
  assertAlmostEquals(stats.vel_std[0]!, std(velocities), 1e-12);
  assertAlmostEquals(stats.acc_mean[0]!, 7 / 3, 1e-12);
  assertAlmostEquals(stats.acc_std[0]!, std(accelerations), 1e-12);
  assertEquals(Object.keys(stats), ["vel_mean", "vel_std", "acc_mean", "acc_std"]);
});

Deno.test("computeStats() gives what numpy gave for the sample's metadata", async () => {
  const data = await openLearningToSimulate(sampleUrl("n_body_springs"), "train");
  const stats = await computeStats(data) as unknown as Record<string, number[]>;
  for (const [name, values] of Object.entries(stats)) {
    const expected = data.metadata[name] as number[];
    assertEquals(values.length, 2);
    values.forEach((value, i) =>
      assertAlmostEquals(value, expected[i]!, 1e-11 * Math.abs(expected[i]!))
    );
  }
  assertEquals(Object.keys(stats).length, 6);
});

Deno.test("computeStats() keeps a small deviation beside a large mean", async () => {
  const frames = Array.from({ length: 101 }, (_, t) => [1024 * t + t % 2 / 8]);
  const { vel_mean, vel_std } = await computeStats([line(frames)]) satisfies Stats;
  assertAlmostEquals(vel_mean[0]!, 1024, 1e-9);
  assertAlmostEquals(vel_std[0]!, 1 / 8, 1e-9);
});

Deno.test("computeStats() refuses too little, unlike or not finite data", async () => {
  await assertRejects(() => computeStats([]), RangeError, "need three frames: got 0 trajectories");
  await assertRejects(() => computeStats([line([[0], [1]])]), RangeError, "need three frames");
  const plane = line([[0, 0], [1, 1], [2, 2]]);
  plane.position.shape = [3, 1, 2];
  await assertRejects(
    () => computeStats([line([[0], [1], [2]]), plane]),
    TypeError,
    "trajectory 1: expected 1 dimensions and 0 context features, got 2 and 0",
  );
  for (const bad of [NaN, Infinity]) {
    const trajectories = [line([[0], [1], [2]]), line([[0], [1], [bad]])];
    await assertRejects(() => computeStats(trajectories), RangeError, "trajectory 1 has NaN");
  }
});

Deno.test("computeStats() goes the way round in a periodic box, as LagrangeBench's statistics do", async () => {
  // 3 to 4 to 0.5 round a ring of length 5.
  const ring = await computeStats([line([[3], [4], [0.5]])], { box: 5 });
  assertEquals(ring, { vel_mean: [1.25], vel_std: [0.25], acc_mean: [0.5], acc_std: [0] });
  // LagrangeBench's own are the mean squares over both splits, each of which counts alike.
  const liquid = await openLagrangeBench(sampleUrl("lennard_jones"), "train");
  const valid = await openLagrangeBench(sampleUrl("lennard_jones"), "valid");
  const both = [
    await computeStats(liquid, { box: [5, 5, 5] }),
    await computeStats(valid, { box: 5 }),
  ];
  for (const name of ["vel_std", "acc_std"] as const) {
    liquid.metadata[name]!.forEach((std, axis) => {
      const square = both.reduce((sum, stats) => sum + stats[name][axis]! ** 2, 0) / both.length;
      assertAlmostEquals(Math.sqrt(square) / std, 1, 1e-4, `${name} ${axis}`);
    });
  }
  // Without the box they are those of jumps across it.
  assert((await computeStats(liquid)).vel_std[0]! > 10 * both[0]!.vel_std[0]!);
  for (const box of [[5, 5], 0, NaN]) {
    const compute = () => computeStats(liquid, { box });
    await assertRejects(
      compute,
      TypeError,
      "the box has a length above 0 for each of 3 dimensions",
    );
  }
});
