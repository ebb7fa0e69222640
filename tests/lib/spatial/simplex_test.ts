import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { randomStream } from "../../../datasets/random_stream.ts";
import { nearestOnSimplex } from "../../../lib/spatial/simplex.ts";

const TRIANGLE = [[0, 0], [4, 0], [0, 4]];

Deno.test("nearestOnSimplex() gives barycentric coordinates inside, and faces outside", () => {
  assertEquals(nearestOnSimplex([1, 2], TRIANGLE), { distance: 0, weights: [0.25, 0.25, 0.5] });
  assertEquals(nearestOnSimplex([2, -3], TRIANGLE), { distance: 9, weights: [0.5, 0.5, 0] });
  assertEquals(nearestOnSimplex([4, 4], TRIANGLE), { distance: 8, weights: [0, 0.5, 0.5] });
  assertEquals(nearestOnSimplex([7, -4], TRIANGLE), { distance: 25, weights: [0, 1, 0] });
  const inSpace = TRIANGLE.map(([x, y]) => [x!, y!, 1]);
  assertEquals(nearestOnSimplex([1, 2, 3], inSpace), { distance: 4, weights: [0.25, 0.25, 0.5] });
});

Deno.test("nearestOnSimplex() of flat simplices is the nearest of their faces", () => {
  const line = [[0, 0], [1, 0], [3, 0]];
  assertEquals(nearestOnSimplex([2, 1], line).distance, 1);
  assertEquals(nearestOnSimplex([5, 0], line), { distance: 4, weights: [0, 0, 1] });
  const point = [[1, 1], [1, 1], [1, 1]];
  const { distance, weights } = nearestOnSimplex([1, 3], point);
  assertEquals([distance, weights.reduce((a, b) => a + b)], [4, 1]);
});

Deno.test("nearestOnSimplex() is nowhere further than any other point of the simplex", () => {
  const random = randomStream(0);
  const draw = (dim: number): number[] => Array.from({ length: dim }, () => random.normal());
  for (let run = 0; run < 200; run++) {
    const dim = 1 + random.integer(3);
    const corners = Array.from({ length: 2 + random.integer(dim) }, () => draw(dim));
    const point = draw(dim);
    const { distance, weights } = nearestOnSimplex(point, corners);
    assertAlmostEquals(weights.reduce((a, b) => a + b), 1, 1e-12);
    assert(weights.every((weight) => weight >= 0));
    const to = (shares: readonly number[]): number =>
      point.reduce(
        (sum, x, axis) =>
          sum + (x - corners.reduce((at, corner, i) => at + shares[i]! * corner[axis]!, 0)) ** 2,
        0,
      );
    assertAlmostEquals(distance, to(weights), 1e-10);
    for (let other = 0; other < 50; other++) {
      const raw = corners.map(() => -Math.log(1 - random.uniform()));
      const total = raw.reduce((a, b) => a + b);
      assert(to(raw.map((x) => x / total)) >= distance - 1e-12);
    }
  }
});
