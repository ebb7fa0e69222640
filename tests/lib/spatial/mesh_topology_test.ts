import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Cells, cellsToEdges } from "../../../lib/spatial/mod.ts";

function edgesOf(cells: Cells | Cells[], numNodes?: number): string[] {
  const options = numNodes === undefined ? {} : { numNodes };
  const { senders, receivers } = cellsToEdges(cells, options);
  return Array.from(senders, (sender, e) => `${sender}>${receivers[e]}`);
}

Deno.test("cellsToEdges() gives MeshGraphNets' order for two triangles", () => {
  // Columns of corners in turn: (0,1) (2,1) | (1,2) (1,3) | (2,0) (3,2); (1,2) comes twice.
  assertEquals(edgesOf({ type: "triangle", data: Int32Array.of(0, 1, 2, 2, 1, 3) }), [
    ...["1>0", "2>1", "3>1", "2>0", "3>2"],
    ...["0>1", "1>2", "1>3", "0>2", "2>3"],
  ]);
});

Deno.test("cellsToEdges() joins all six pairs of a tetrahedron", () => {
  assertEquals(edgesOf({ type: "tetra", data: Int32Array.of(3, 1, 2, 0) }).slice(0, 6), [
    ...["3>1", "2>1", "3>2", "3>0", "1>0", "2>0"],
  ]);
});

Deno.test("cellsToEdges() joins quads around, not across, and hexahedra along 12 edges", () => {
  const quad: Cells = { type: "quad", data: Int32Array.of(0, 1, 2, 3) };
  assertEquals(edgesOf(quad).slice(0, 4), ["1>0", "2>1", "3>2", "3>0"]);
  const cube: Cells = { type: "hexahedron", data: Int32Array.of(0, 1, 2, 3, 4, 5, 6, 7) };
  const { senders, receivers } = cellsToEdges(cube);
  assertEquals(senders.length, 24);
  const degrees = new Array<number>(8).fill(0);
  receivers.forEach((node) => degrees[node]!++);
  assertEquals(degrees, new Array<number>(8).fill(3));
});

Deno.test("cellsToEdges() of several blocks of cells keeps an edge they share once", () => {
  const cells: Cells[] = [
    { type: "line", data: Int32Array.of(4, 0) },
    { type: "triangle", data: Int32Array.of(0, 1, 4) },
  ];
  assertEquals(edgesOf(cells), ["4>0", "1>0", "4>1", "0>4", "0>1", "1>4"]);
});

Deno.test("cellsToEdges() gives no edge from a node to itself, and nothing for no cells", () => {
  assertEquals(edgesOf({ type: "triangle", data: Int32Array.of(2, 2, 5) }), ["5>2", "2>5"]);
  assertEquals(edgesOf({ type: "triangle", data: new Int32Array(0) }), []);
  assertEquals(edgesOf([]), []);
});

Deno.test("cellsToEdges() of a triangulated grid obeys Euler's formula", () => {
  const n = 60;
  const triangles: number[] = [];
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      const corner = y * (n + 1) + x;
      triangles.push(corner, corner + 1, corner + n + 1);
      triangles.push(corner + 1, corner + n + 2, corner + n + 1);
    }
  }
  const data = Int32Array.from(triangles);
  const { senders, receivers } = cellsToEdges({ type: "triangle", data });
  const vertices = (n + 1) ** 2;
  // V - E + F = 1 for a disc.
  assertEquals(senders.length / 2, vertices + 2 * n * n - 1);
  const seen = new Set(senders.map((sender, e) => sender * vertices + receivers[e]!));
  assertEquals(seen.size, senders.length);
  assert(senders.subarray(0, senders.length / 2).every((sender, e) => sender > receivers[e]!));
});

Deno.test("cellsToEdges() names the cell whose index is out of range", () => {
  const cells: Cells = { type: "triangle", data: Int32Array.of(0, 1, 2, 1, 2, 9) };
  assertThrows(
    () => cellsToEdges(cells, { numNodes: 4 }),
    RangeError,
    "Cannot find the edges of cells as cells name nodes of the mesh: triangle 1 names node 9 of 4",
  );
  assertThrows(
    () => cellsToEdges({ type: "line", data: Int32Array.of(0, -1) }),
    RangeError,
    "line 0 names node -1",
  );
});

Deno.test("cellsToEdges() refuses broken cells and unknown types", () => {
  assertThrows(
    () => cellsToEdges({ type: "quad", data: Int32Array.of(0, 1, 2) }),
    RangeError,
    "as a quad has 4 nodes: got 3 indices, which is no multiple",
  );
  assertThrows(
    () => cellsToEdges({ type: "wedge" as "line", data: Int32Array.of(0) }),
    RangeError,
    'got "wedge", expected one of line, triangle, quad, tetra, hexahedron',
  );
});
