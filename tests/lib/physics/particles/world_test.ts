import { assertEquals, assertThrows } from "@std/assert";
import {
  type ParticleMetadata,
  particleWorld,
  searchOf,
} from "../../../../lib/physics/particles/world.ts";

const metadata: ParticleMetadata = {
  dim: 2,
  bounds: [[1, 3], [2, 7]],
  default_connectivity_radius: 0.5,
  ...{ vel_mean: [1, 2], vel_std: [3, 4], acc_mean: [5, 6], acc_std: [7, 8] },
};

Deno.test("particleWorld() has walls, or a box that is periodic along some axes", () => {
  const { walls, box, velocity } = particleWorld(metadata);
  assertEquals([walls, box], [[[1, 3], [2, 7]], null]);
  assertEquals(velocity, { mean: [1, 2], std: [3, 4] });
  const round = particleWorld({ ...metadata, periodic_boundary_conditions: [true, false] });
  assertEquals([round.walls, round.box, round.origin], [null, [2, Infinity], [1, 2]]);
});

Deno.test("a radius that reaches round a small box joins all, in a search without a box", () => {
  const periodic_boundary_conditions = [true, true];
  const wide = particleWorld({ ...metadata, periodic_boundary_conditions });
  assertEquals(searchOf(wide), { radius: 0.5, box: [2, 5] });
  const small = { ...metadata, periodic_boundary_conditions, default_connectivity_radius: 1 };
  assertEquals(searchOf(particleWorld(small)), { radius: 2 * Math.hypot(2, 5), box: null });
});

Deno.test("particleWorld() says what is missing or wrong", () => {
  const cases: [Partial<ParticleMetadata>, string][] = [
    [{ dim: 0 }, "dim is a number of dimensions: got number 0"],
    [
      { default_connectivity_radius: -1 },
      "default_connectivity_radius is a positive length: got number -1",
    ],
    [{ bounds: [[0, 1]] }, "bounds are two numbers for each of 2 dimensions"],
    [{ vel_mean: [1] }, "vel_mean is 2 numbers"],
    [{ acc_std: [NaN, 1] }, "acc_std is 2 numbers"],
    [{ acc_std: [0, 1] }, "deviations are positive: acc_std is [0,1]"],
    [{ context_mean: [1] }, "context_std is 1 numbers"],
    [{ periodic_boundary_conditions: [true] }, "a periodic box has bounds"],
  ];
  for (const [wrong, message] of cases) {
    assertThrows(
      () => particleWorld({ ...metadata, ...wrong }),
      message.includes("[0,1]") || message.includes(": got") ? RangeError : TypeError,
      `Cannot make a world of particles as ${message}`,
    );
  }
});
