import { assertEquals, assertThrows } from "@std/assert";
import { edgeColumns, finiteTriangles, meshEdges, readMeshInput } from "../../../lib/plot/mesh.ts";

/** A unit square of two triangles. */
const square = {
  points: [[0, 0], [1, 0], [1, 1], [0, 1]],
  triangles: [[0, 1, 2], [0, 2, 3]],
};

Deno.test("readMeshInput() takes a mesh apart", () => {
  const mesh = readMeshInput(square);
  assertEquals(mesh.dimension, 2);
  assertEquals([mesh.numPoints, mesh.numTriangles], [4, 2]);
  assertEquals(mesh.columns.map((c) => Array.from(c)), [[0, 1, 1, 0], [0, 0, 1, 1], [0, 0, 0, 0]]);
  assertEquals(mesh.box.map((b) => [...b]), [[0, 1], [0, 1], [0, 0]]);
});

Deno.test("readMeshInput() takes the static fields of a record, with their leading 1", () => {
  const mesh = readMeshInput({
    points: { shape: [1, 3, 2], data: new Float32Array([0, 0, 1, 0, 0, 1]) },
    triangles: { shape: [1, 1, 3], data: new Int32Array([0, 1, 2]) },
  });
  assertEquals([mesh.numPoints, mesh.numTriangles], [3, 1]);
});

Deno.test("meshEdges() has each edge once, and of the boundary only those of one triangle", () => {
  const mesh = readMeshInput(square);
  assertEquals(Array.from(meshEdges(mesh, "all")), [0, 1, 0, 2, 1, 2, 2, 3, 0, 3]);
  assertEquals(Array.from(meshEdges(mesh, "boundary")), [0, 1, 1, 2, 2, 3, 0, 3]);
});

Deno.test("meshEdges() finds the rim of a hole, and what a fan of triangles leaves open", () => {
  // A ring of eight triangles between an outer and an inner square.
  const ring = readMeshInput({
    points: [[0, 0], [3, 0], [3, 3], [0, 3], [1, 1], [2, 1], [2, 2], [1, 2]],
    triangles: [0, 1, 2, 3].flatMap((k) => {
      const next = (k + 1) % 4;
      return [[k, next, k + 4], [next, next + 4, k + 4]];
    }),
  });
  const rims = Array.from(meshEdges(ring, "boundary"));
  const pairs = rims.flatMap((node, n) => n % 2 ? [] : [`${node}-${rims[n + 1]}`]).sort();
  assertEquals(pairs, ["0-1", "0-3", "1-2", "2-3", "4-5", "4-7", "5-6", "6-7"]);
  assertEquals(meshEdges(ring, "all").length / 2, 16);
  const fan = readMeshInput({
    points: [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1]],
    triangles: [[0, 1, 2], [0, 2, 3], [0, 3, 4]],
  });
  assertEquals(Array.from(meshEdges(fan, "boundary")), [0, 1, 1, 2, 2, 3, 3, 4, 0, 4]);
});

Deno.test("edgeColumns() puts a gap after each segment", () => {
  const mesh = readMeshInput(square);
  const [x, y] = edgeColumns(mesh, Int32Array.from([0, 1, 2, 3]));
  assertEquals(Array.from(x!), [0, 1, NaN, 1, 0, NaN]);
  assertEquals(Array.from(y!), [0, 0, NaN, 1, 1, NaN]);
});

Deno.test("finiteTriangles() leaves out triangles with a node that has no value", () => {
  const mesh = readMeshInput(square);
  assertEquals(Array.from(finiteTriangles(mesh, [0, NaN, 1, 2])), [0, 2, 3]);
});

Deno.test("readMeshInput() says what is wrong with a mesh", () => {
  const { points, triangles } = square;
  assertThrows(
    () => readMeshInput(null as never),
    TypeError,
    "Cannot draw a mesh as it has points and triangles: got null",
  );
  assertThrows(
    () => readMeshInput({ points, triangles: [[0, 1, 2], [0, 2, 4]] }),
    RangeError,
    "Cannot draw a mesh as its triangles must index its 4 points: triangle 1 has index 4",
  );
  assertThrows(
    () => readMeshInput({ points, triangles: [[0, 1, 0.5]] }),
    RangeError,
    "triangle 0 has index 0.5",
  );
  assertThrows(
    () => readMeshInput({ points, triangles: [[0, 1, 2, 3]] }),
    TypeError,
    "Cannot draw a mesh as its triangles must have shape [C, 3]: got [1, 4] (split other cells",
  );
  assertThrows(
    () => readMeshInput({ points: [[0], [1]], triangles }),
    TypeError,
    "Cannot draw a mesh as its points must have shape [V, 2] or [V, 3]: got [2, 1]",
  );
  assertThrows(
    () => readMeshInput({ points: [[0, 0], [1, NaN], [1, 1]], triangles: [[0, 1, 2]] }),
    RangeError,
    "Cannot draw a mesh as its coordinates must be finite: point 1 has NaN",
  );
  assertThrows(
    () => readMeshInput({ points: [], triangles: [] }),
    RangeError,
    "Cannot draw a mesh as it is empty: points [0], triangles [0]",
  );
  assertThrows(
    () => readMeshInput({ points: [[0, 1], [1, 1], [2, 1]], triangles: [[0, 1, 2]] }),
    RangeError,
    "Cannot draw a mesh as its points must span an area",
  );
});
