import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  barycentricTransfer,
  type CellType,
  jit,
  type Tensor,
  transferValues,
} from "../../../mod.ts";
import { nearestOnSimplex } from "../../../lib/spatial/simplex.ts";
import golden from "../../golden/spatial/golden.json" with { type: "json" };
import { assertRefused, each, JUNK } from "../../support/bad_input.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";
import { randomPoints } from "./points.ts";

const CASES = ["triangle", "tetra"] as const;

forEachEngine("transferValues() interpolates as SciPy's Delaunay does, inside the mesh", () => {
  for (const type of CASES) {
    const { positions, cells, targets, values, expected } = golden.transfer[type];
    const data = Int32Array.from(cells);
    const transfer = barycentricTransfer(positions, { type, data }, targets);
    const rows = jit((x: Tensor) => transferValues(transfer, x))(tf.tensor2d(values));
    const found = rows.arraySync() as number[][];
    let inside = 0;
    expected.forEach((row, i) => {
      assertEquals(transfer.distances[i] === 0, row !== null, `target ${i}`);
      row?.forEach((value, column) => assertAlmostEquals(found[i]![column]!, value, 2e-6));
      inside += Number(row !== null);
    });
    assert(inside > 10 && inside < expected.length);
  }
});

Deno.test("barycentricTransfer() takes the nearest cell of all, inside and outside", () => {
  for (const type of CASES) {
    const { positions, cells } = golden.transfer[type];
    const data = Int32Array.from(cells);
    const dim = positions[0]!.length;
    const targets = randomPoints(60, dim, 1).map((row) => row.map((x) => 2 * x - 0.5));
    const transfer = barycentricTransfer(positions, { type, data }, targets);
    targets.forEach((target, i) => {
      const distances = Array.from({ length: data.length / (dim + 1) }, (_, cell) => {
        const corners = data.subarray(cell * (dim + 1), (cell + 1) * (dim + 1));
        return nearestOnSimplex(target, Array.from(corners, (node) => positions[node]!)).distance;
      });
      const nearest = Math.min(...distances);
      assertAlmostEquals(distances[transfer.cells[i]!]!, nearest, 1e-9);
      assertAlmostEquals(transfer.distances[i]!, Math.sqrt(nearest), 1e-6);
    });
  }
});

Deno.test("barycentricTransfer() is exact for linear functions, nodes and sides included", () => {
  const { positions, cells } = golden.transfer.triangle;
  const linear = ([x, y]: number[]): number[] => [3 * x! - 2 * y! + 0.5];
  const data = Int32Array.from(cells);
  const middles = Array.from({ length: data.length / 3 }, (_, cell) => {
    const [a, b] = [positions[data[3 * cell]!]!, positions[data[3 * cell + 1]!]!];
    return a.map((x, axis) => (x + b[axis]!) / 2);
  });
  for (const targets of [positions, middles]) {
    const transfer = barycentricTransfer(positions, { type: "triangle", data }, targets);
    const found = transferValues(transfer, positions.map(linear)).arraySync() as number[][];
    targets.forEach((target, i) =>
      assertAlmostEquals(found[i]![0]!, linear(target as number[])[0]!, 2e-6)
    );
    assertEquals(transfer.distances.every((distance) => distance === 0), true);
  }
});

Deno.test("barycentricTransfer() to no points gives none; a line is a mesh of one dimension", () => {
  const line = { type: "line", data: Int32Array.of(0, 1, 1, 2) } as const;
  const none = barycentricTransfer([[0], [1], [2]], line, []);
  assertEquals(transferValues(none, [[1, 2], [3, 4], [5, 6]]).shape, [0, 2]);
  const some = barycentricTransfer([[0], [1], [2]], line, [[1.5], [-1], [1]]);
  assertEquals([...some.cells], [1, 0, 0]);
  assertEquals(transferValues(some, [10, 20, 40]).arraySync(), [30, 10, 20]);
  assertEquals([...some.distances], [0, 1, 0]);
});

forEachEngine("transferValues() is differentiable in the values", () => {
  const triangle = { type: "triangle", data: Int32Array.of(0, 1, 2) } as const;
  const transfer = barycentricTransfer([[0, 0], [1, 0], [0, 1]], triangle, [[0.2, 0.3], [1, 1]]);
  checkGradients(
    (x: Tensor) => tf.sum(tf.square(transferValues(transfer, x))),
    [tf.tensor2d([[1, 2], [3, -1], [0.5, 0]])],
  );
});

Deno.test("barycentricTransfer() says what is wrong with meshes and targets", () => {
  const text = "Cannot transfer between meshes as";
  const nodes = [[0, 0], [1, 0], [0, 1]];
  const mesh = (type: CellType, ...data: number[]) => ({ type, data: Int32Array.from(data) });
  assertThrows(
    () => barycentricTransfer(nodes, mesh("quad", 0, 1, 2, 0), []),
    RangeError,
    `${text} its cells must be one of line, triangle, tetra: got "quad" (split other cells into them)`,
  );
  assertThrows(
    () => barycentricTransfer(nodes, mesh("triangle", 0, 1, 3), []),
    RangeError,
    `${text} cells name nodes of the mesh: triangle 0 names node 3 of 3`,
  );
  assertThrows(
    () => barycentricTransfer(nodes, mesh("triangle"), [[0, 0]]),
    RangeError,
    `${text} a triangle has 3 nodes, and there must be one: got 0 indices`,
  );
  assertThrows(
    () => barycentricTransfer(nodes, mesh("triangle", 0, 1, 2), [[0, 0, 0]]),
    TypeError,
    `${text} points of both have as many coordinates: positions is [3, 2], targets [1, 3]`,
  );
  const transfer = barycentricTransfer(nodes, mesh("triangle", 0, 1, 2), [[0, 0]]);
  assertThrows(
    () => transferValues(transfer, [[1], [2]]),
    TypeError,
    `${text} values must have a row for each node, float32: values is float32 [2, 1], node 2 is named`,
  );
  assertRefused([
    ...each("positions", JUNK, (bad) => barycentricTransfer(bad, mesh("line", 0, 1), [[0, 0]])),
    ...each(
      "targets",
      JUNK,
      (bad) => barycentricTransfer(nodes, mesh("line", 0, 1), bad),
      "targets",
    ),
    ...each("values", JUNK, (bad) => transferValues(transfer, bad), "values"),
    ["NaN", () => barycentricTransfer(nodes, mesh("line", 0, 1), [[NaN, 0]]), "point 0 of targets"],
  ]);
});
