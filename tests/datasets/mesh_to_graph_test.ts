import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { type Mesh, type MeshCells, meshToGraph, readMesh, sampleUrl } from "../../datasets/mod.ts";
import { forEachEngine } from "../support/engines.ts";

function meshOf(points: number[][], ...cells: [MeshCells["type"], ...number[]][]): Mesh {
  const dim = points[0]?.length ?? 3;
  return {
    points: { shape: [points.length, dim], data: Float64Array.from(points.flat()) },
    cells: cells.map(([type, ...data]) => ({
      type,
      shape: [1, data.length],
      data: Int32Array.from(data),
    })),
    pointData: {},
    cellData: {},
  };
}

const SQUARE = [[0, 0], [3, 0], [3, 4], [0, 4]];

forEachEngine(
  "meshToGraph() gives edges in MeshGraphNets' order with sender minus receiver",
  async () => {
    const graph = meshToGraph(meshOf(SQUARE, ["triangle", 0, 1, 2], ["triangle", 0, 2, 3]));
    assertEquals([...await graph.senders.data()], [1, 2, 2, 3, 3, 0, 1, 0, 2, 0]);
    assertEquals([...await graph.receivers.data()], [0, 1, 0, 2, 0, 1, 2, 2, 3, 3]);
    assertEquals(await graph.nodes.position.array(), SQUARE);
    const displacement = [[3, 0], [0, 4], [3, 4], [-3, 0], [0, 4]];
    const back = displacement.map((row) => row.map((x) => 0 - x));
    assertEquals(await graph.edges.displacement.array(), [...displacement, ...back]);
    assertEquals(
      await graph.edges.distance.array(),
      [3, 4, 5, 3, 4, 3, 4, 5, 3, 4].map((x) => [x]),
    );
    assertEquals([...await graph.nNode.data(), ...await graph.nEdge.data()], [4, 10]);
  },
);

forEachEngine("meshToGraph() joins only the real edges of cells, shared ones once", async () => {
  const cube = [0, 1].flatMap((z) => SQUARE.map(([x, y]) => [x!, y!, z]));
  const count = async (...cells: [MeshCells["type"], ...number[]][]) =>
    (await meshToGraph(meshOf(cube, ...cells)).senders.data()).length / 2;
  assertEquals(await count(["hexahedron", 0, 1, 2, 3, 4, 5, 6, 7]), 12);
  assertEquals(await count(["quad", 0, 1, 2, 3]), 4);
  assertEquals(await count(["tetra", 0, 1, 2, 4]), 6);
  assertEquals(await count(["line", 0, 6]), 1);
  const both = await count(["hexahedron", 0, 1, 2, 3, 4, 5, 6, 7], ["tetra", 0, 1, 2, 4]);
  assertEquals(both, 12 + 3);
});

forEachEngine("meshToGraph() adds an edge from each node to itself when asked", async () => {
  const graph = meshToGraph(meshOf(SQUARE, ["line", 2, 0]), { selfEdges: true });
  assertEquals([...await graph.senders.data()], [2, 0, 0, 1, 2, 3]);
  assertEquals([...await graph.receivers.data()], [0, 2, 0, 1, 2, 3]);
  assertEquals([...await graph.edges.distance.data()], [5, 5, 0, 0, 0, 0]);
});

forEachEngine("meshToGraph() makes graphs of meshes without cells, and without points", () => {
  const graph = meshToGraph(meshOf(SQUARE));
  assertEquals([graph.nodes.position.shape, graph.edges.displacement.shape], [[4, 2], [0, 2]]);
  assertEquals(meshToGraph(meshOf([])).nodes.position.shape, [0, 3]);
});

Deno.test("meshToGraph() takes differences before rounding to float32", async () => {
  const far = meshOf([[1e8, 0], [1e8 + 1, 0]], ["line", 0, 1]);
  assertEquals([...await meshToGraph(far).edges.distance.data()], [1, 1]);
});

Deno.test("meshToGraph() of a sample obeys Euler's formula", async () => {
  // The square's triangles: V - E + F = 1.
  const mesh = await readMesh(sampleUrl("meshes", "circle_in_square.vtk"));
  const { nEdge, edges } = meshToGraph(mesh);
  const [count] = await nEdge.data();
  assertEquals(400 - count! / 2 + 762, 1);
  const [displacement, distance] = [await edges.displacement.data(), await edges.distance.data()];
  for (let e = 0; e < count!; e++) {
    assertAlmostEquals(Math.hypot(...displacement.subarray(3 * e, 3 * e + 3)), distance[e]!, 1e-6);
  }
});

Deno.test("meshToGraph() refuses points of another shape and cells of other points", () => {
  const mesh = meshOf(SQUARE, ["line", 0, 4]);
  assertThrows(() => meshToGraph(mesh), RangeError, "line 0 names node 4 of 4");
  const points = { shape: [8], data: mesh.points.data };
  assertThrows(() => meshToGraph({ ...mesh, points }), TypeError, "its points are [V, d]: got [8]");
  assertThrows(
    () => meshToGraph(Promise.resolve(mesh) as never),
    TypeError,
    "Cannot make a graph of a mesh as it has points and cells: got Promise " +
      "(pass what readMesh() gives: await readMesh(path))",
  );
});
