import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import type { Frames } from "../../../lib/physics/metrics.ts";
import {
  kineticEnergy,
  kineticEnergyError,
  sinkhornDistance,
} from "../../../lib/physics/particle_metrics.ts";

const { sinkhorn } = JSON.parse(
  Deno.readTextFileSync(new URL("../../golden/physics/golden.json", import.meta.url)),
) as {
  sinkhorn: Record<"predicted" | "truth", number[][]> & Record<"epsilon" | "ott" | "pot", number>;
};
const cloud = (rows: number[][]): Frames => ({
  shape: [rows.length, rows[0]!.length],
  data: Float32Array.from(rows.flat()),
});
const frames = (shape: number[], ...data: number[]): Frames => ({
  shape,
  data: Float32Array.from(data),
});

Deno.test("kineticEnergy() sums over particles and components, for each transition", () => {
  const path = frames([3, 2, 2], 0, 0, 1, 1, 3, 4, 1, 1, 3, 4, 1, 3);
  assertEquals([...kineticEnergy(path)], [12.5, 2]);
  const still = frames([3, 2, 2], ...new Array<number>(12).fill(1));
  assertEquals(kineticEnergyError(still, path), (12.5 ** 2 + 2 ** 2) / 2);
  assertEquals(kineticEnergyError(path, path), 0);
});

Deno.test("sinkhornDistance() is the divergence of OTT and of POT's plan, both ways", () => {
  const { epsilon, ott, pot } = sinkhorn;
  const [a, b] = [cloud(sinkhorn.predicted), cloud(sinkhorn.truth)];
  const options = { epsilon, iterations: 2000 };
  for (const divergence of [ott, pot]) {
    assertAlmostEquals(sinkhornDistance(a, b, options), divergence, 1e-9);
    assertAlmostEquals(sinkhornDistance(b, a, options), divergence, 1e-9);
  }
});

Deno.test("sinkhornDistance() does not know which particle is which, and grows with distance", () => {
  const a = cloud([[0, 0], [1, 0], [0, 1]]);
  const shuffled = cloud([[0, 1], [0, 0], [1, 0]]);
  assertAlmostEquals(sinkhornDistance(a, shuffled), 0, 1e-9);
  const moved = (by: number): number =>
    sinkhornDistance(a, cloud([[0, by], [1, by], [0, 1 + by]]), { epsilon: 0.01 });
  assertAlmostEquals(moved(0.1), 0.01, 1e-4);
  assert(moved(0.2) > moved(0.1));
  assertEquals(sinkhornDistance(cloud([[1, 1]]), cloud([[1, 1]])), 0);
});

Deno.test("metrics of particles say what they cannot compare", () => {
  assertThrows(
    () => kineticEnergy(frames([2, 2], 1, 2, 3, 4)),
    TypeError,
    "positions are [T, N, D]",
  );
  assertThrows(
    () => kineticEnergyError(frames([2, 1, 1], 1, 2), frames([3, 1, 1], 1, 2, 3)),
    TypeError,
    "Cannot compare kinetic energies as there are as many frames and particles: predicted is " +
      "[2, 1, 1], the truth is [3, 1, 1]",
  );
  assertThrows(
    () => kineticEnergyError(frames([1, 1, 1], 1), frames([1, 1, 1], 1)),
    RangeError,
    "a velocity takes two frames: got [1, 1, 1]",
  );
  const one = cloud([[1, 1]]);
  assertThrows(() => sinkhornDistance(one, cloud([[1]])), TypeError, "they are [N, D] and [M, D]");
  assertThrows(
    () => sinkhornDistance(one, one, { epsilon: -1 }),
    RangeError,
    "Cannot compare clouds of particles as none is empty and options are positive: there are 1 and " +
      "1 particles, epsilon is -1, iterations is 200",
  );
});
