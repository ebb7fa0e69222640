import { assert, assertEquals, assertThrows } from "@std/assert";
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
    "Cannot draw a mesh as its triangles must have shape [C, 3]: got [1, 4] (pass {quads} or",
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
    "Cannot draw a mesh as it is empty: points [0], no cells to draw",
  );
  assertThrows(
    () => readMeshInput({ points: [[0, 0], [1, 1]] }),
    RangeError,
    "Cannot draw a mesh as it is empty: points [2, 2], no cells to draw",
  );
  assertThrows(
    () => readMeshInput({ points, tetrahedra: [[0, 1, 2, 3]] }),
    TypeError,
    "Cannot draw a mesh as tetrahedra have points in space: got [V, 2]",
  );
  assertThrows(
    () => readMeshInput({ points, quads: [[0, 1, 2, 9]] }),
    RangeError,
    "Cannot draw a mesh as its quads must index its 4 points: quad 0 has index 9",
  );
  assertThrows(
    () => readMeshInput({ points: [[0, 1], [1, 1], [2, 1]], triangles: [[0, 1, 2]] }),
    RangeError,
    "Cannot draw a mesh as its points must span an area",
  );
});

Deno.test("quads are two triangles each, and their diagonals no edges", () => {
  const points = [[0, 0], [1, 0], [1, 1], [0, 1], [2, 0]];
  const mesh = readMeshInput({ points, quads: [[0, 1, 2, 3]], triangles: [[1, 4, 2]] });
  assertEquals([...mesh.triangles], [1, 4, 2, 0, 1, 2, 0, 2, 3]);
  const pairs = (which: "all" | "boundary"): string[] => {
    const edges = meshEdges(mesh, which);
    return Array.from(
      { length: edges.length / 2 },
      (_, e) => [edges[2 * e]!, edges[2 * e + 1]!].sort().join(""),
    ).sort();
  };
  assertEquals(pairs("all"), ["01", "03", "12", "14", "23", "24"]);
  assertEquals(pairs("boundary"), ["01", "03", "14", "23", "24"]);
});

Deno.test("of tetrahedra the surface is drawn, seen from outside", () => {
  const points = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, -1]];
  const tetrahedra = [[0, 1, 2, 3], [0, 2, 1, 4]];
  const mesh = readMeshInput({ points, tetrahedra });
  const faces = Array.from(
    { length: mesh.numTriangles },
    (_, c) => [...mesh.triangles.subarray(3 * c, 3 * c + 3)],
  );
  // All but the face 0, 1, 2 that both share.
  assertEquals(faces.map((face) => face.toSorted().join("")).sort(), [
    ...["013", "014", "023", "024", "123", "124"],
  ]);
  const middle = [0.25, 0.25, 0];
  for (const face of faces) {
    const [a, b, c] = face.map((node) => points[node]!);
    const minus = (p: number[], q: number[]) => p.map((x, k) => x - q[k]!);
    const [u, v] = [minus(b!, a!), minus(c!, a!)];
    const normal = [0, 1, 2].map((k) =>
      u[(k + 1) % 3]! * v[(k + 2) % 3]! - u[(k + 2) % 3]! * v[(k + 1) % 3]!
    );
    const outwards = minus(a!, middle).reduce((sum, x, k) => sum + x * normal[k]!, 0);
    assert(outwards > 0, `${face}`);
  }
});
