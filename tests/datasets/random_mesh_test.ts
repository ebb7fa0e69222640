import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { randomMesh } from "../../datasets/mod.ts";

for (const [points, size] of [[4, [1, 1]], [5, [1, 1]], [300, [1, 1]], [500, [4, 0.5]]] as const) {
  Deno.test(`randomMesh() of ${points} points covers a rectangle with sides ${size.join(" and ")}`, async () => {
    const mesh = await randomMesh({ points, size, seed: 1 });
    const { data: xy } = mesh.points;
    const { data: corners } = mesh.cells[0]!;
    assertEquals(new Set(corners).size, points);
    let area = 0;
    const signs = new Set<number>();
    for (let i = 0; i < corners.length; i += 3) {
      const [a, b, c] = [corners[i]!, corners[i + 1]!, corners[i + 2]!];
      const twice = (xy[2 * b]! - xy[2 * a]!) * (xy[2 * c + 1]! - xy[2 * a + 1]!) -
        (xy[2 * c]! - xy[2 * a]!) * (xy[2 * b + 1]! - xy[2 * a + 1]!);
      signs.add(Math.sign(twice));
      area += Math.abs(twice) / 2;
    }
    assertAlmostEquals(area, size[0] * size[1], 1e-9);
    assertEquals(signs.size, 1);
  });
}

Deno.test("randomMesh() is Delaunay: no point lies in the circle of a triangle", async () => {
  const mesh = await randomMesh({ points: 120, seed: 2 });
  const { data: xy } = mesh.points;
  const { data: corners } = mesh.cells[0]!;
  for (let i = 0; i < corners.length; i += 3) {
    const [[ax, ay], [bx, by], [cx, cy]] = [0, 1, 2].map((k) => {
      const point = corners[i + k]!;
      return [xy[2 * point]!, xy[2 * point + 1]!] as const;
    }) as [readonly [number, number], readonly [number, number], readonly [number, number]];
    const d = 2 * (ax * (by - cy) + bx * (cy - ay) + cx * (ay - by));
    const [a2, b2, c2] = [ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy];
    const x = (a2 * (by - cy) + b2 * (cy - ay) + c2 * (ay - by)) / d;
    const y = (a2 * (cx - bx) + b2 * (ax - cx) + c2 * (bx - ax)) / d;
    const radius = Math.hypot(ax - x, ay - y);
    for (let p = 0; p < 120; p++) {
      assert(Math.hypot(xy[2 * p]! - x, xy[2 * p + 1]! - y) > radius - 1e-9);
    }
  }
});

Deno.test("randomMesh() marks the border, spreads points, and is the same by the seed", async () => {
  const mesh = await randomMesh({ points: 200, seed: 3 });
  const { data: xy } = mesh.points;
  const types = mesh.pointData.node_type!.data as Int32Array;
  let least = Infinity;
  types.forEach((type, p) => {
    const isBorder = [xy[2 * p]!, xy[2 * p + 1]!].some((value) => value === 0 || value === 1);
    assertEquals(type, isBorder ? 6 : 0);
    for (let q = 0; q < p; q++) {
      least = Math.min(least, Math.hypot(xy[2 * p]! - xy[2 * q]!, xy[2 * p + 1]! - xy[2 * q + 1]!));
    }
  });
  // The spacing of equal triangles would be 0.076; of points drawn freely the nearest two are 0.003
  // apart.
  assert(least > 0.02, `${least}`);
  assertEquals(await randomMesh({ points: 200, seed: 3 }), mesh);
});

Deno.test("randomMesh() refuses what is no rectangle of points", async () => {
  const few = () => randomMesh({ points: 3, seed: 0 });
  await assertRejects(few, RangeError, "4 points or more and sides above 0: got 3 points");
  const flat = () => randomMesh({ points: 10, size: [1, 0], seed: 0 });
  await assertRejects(flat, RangeError, "sides 1 and 0");
});
