import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { type Figure, type Mesh3dTrace, meshFigure } from "../../../../lib/plot/mod.ts";

/** A rectangle, 4 by 2, of two triangles. */
const mesh = { points: [[0, 0], [4, 0], [4, 2], [0, 2]], triangles: [[0, 1, 2], [0, 2, 3]] };

type Scene = {
  domain: { x: number[]; y: number[] };
  aspectratio: { x: number; y: number };
  camera: { projection: { type: string }; eye: unknown; up: unknown };
};
type ColorAxis = { cmin: number; cmax: number; colorscale: unknown; colorbar: { title: unknown } };

function coloraxis(figure: Figure): ColorAxis {
  return figure.layout.coloraxis as ColorAxis;
}

Deno.test("meshFigure() gives each node its value and each triangle its corners", () => {
  const figure = meshFigure(mesh, { field: [1, 2, 3, 4], wireframe: false });
  const [trace, ...rest] = figure.data as Mesh3dTrace[];
  assertEquals(rest, []);
  assertEquals([trace!.x, trace!.y, trace!.z], [[0, 4, 4, 0], [0, 0, 2, 2], [0, 0, 0, 0]]);
  assertEquals([trace!.i, trace!.j, trace!.k], [[0, 0], [1, 2], [2, 3]]);
  assertEquals(trace!.intensity, [1, 2, 3, 4]);
  assertEquals(trace!.coloraxis, "coloraxis");
  assertEquals([coloraxis(figure).cmin, coloraxis(figure).cmax], [1, 4]);
});

Deno.test("meshFigure() shows the length of vectors", () => {
  const field = { shape: [4, 2], data: [3, 4, 0, 1, 0, -2, 0, 0] };
  assertEquals((meshFigure(mesh, { field }).data[0] as Mesh3dTrace).intensity, [5, 1, 2, 0]);
});

Deno.test("meshFigure() looks at a plane from above, to scale, filling the panel", () => {
  const { layout } = meshFigure(mesh, { field: [1, 2, 3, 4] });
  const scene = layout.scene as Scene;
  assertEquals(scene.camera.projection.type, "orthographic");
  assertEquals([scene.camera.eye, scene.camera.up], [{ x: 0, y: 0, z: 2 }, { x: 0, y: 1, z: 0 }]);
  assertAlmostEquals(scene.aspectratio.x / scene.aspectratio.y, 2);
  // Two units reach from the bottom of a scene to its top.
  assertAlmostEquals(scene.aspectratio.y, 2 * 0.985);
});

Deno.test("meshFigure() without a field draws all edges of a plain mesh", () => {
  const [surface, edges] = meshFigure(mesh).data;
  assertEquals(typeof (surface as Mesh3dTrace).color, "string");
  assertEquals((surface as Mesh3dTrace).intensity, undefined);
  assertEquals(edges!.type, "scatter3d");
  assertEquals((edges!.x as number[]).length, 5 * 3);
});

Deno.test("meshFigure() outlines a plane field and, when asked, draws its edges", () => {
  const field = [1, 2, 3, 4];
  const count = (figure: Figure): number => (figure.data[1]!.x as unknown[]).length / 3;
  assertEquals(count(meshFigure(mesh, { field })), 4);
  assertEquals(count(meshFigure(mesh, { field, wireframe: true })), 5);
});

Deno.test("meshFigure() draws a surface in space with perspective", () => {
  const points = [[0, 0, 0], [1, 0, 1], [0, 1, 1]];
  const figure = meshFigure({ points, triangles: [[0, 1, 2]] }, { field: [0, 1, 1] });
  assertEquals(figure.data.length, 1);
  assertEquals((figure.data[0] as Mesh3dTrace).z, [0, 1, 1]);
  assertEquals((figure.layout.scene as { aspectmode: string }).aspectmode, "data");
});

Deno.test("meshFigure() leaves out what is not finite, and says so", () => {
  const figure = meshFigure(mesh, { field: [1, NaN, 3, 4], wireframe: false });
  const trace = figure.data[0] as Mesh3dTrace;
  assertEquals([trace.i, trace.j, trace.k], [[0], [2], [3]]);
  assertEquals(figure.layout.annotations?.[0]?.text, "1 triangles without a finite value");
});

Deno.test("meshFigure() takes the range, scale, name, title and width it is given", () => {
  const figure = meshFigure(mesh, {
    field: [1, 2, 3, 4],
    range: [-1, 1],
    colorscale: "RdBu",
    name: "u",
    title: "A field",
    width: 500,
  });
  const { cmin, cmax, colorscale, colorbar } = coloraxis(figure);
  assertEquals([cmin, cmax, colorscale], [-1, 1, "RdBu"]);
  assertEquals((colorbar.title as { text: string }).text, "u");
  assertEquals(figure.layout.title?.text, "A field");
  assertEquals(figure.layout.width, 500);
});

Deno.test("meshFigure() gives a constant field a range that colours can show", () => {
  const { cmin, cmax } = coloraxis(meshFigure(mesh, { field: [2, 2, 2, 2] }));
  assertGreater(2, cmin);
  assertGreater(cmax, 2);
});

Deno.test("meshFigure() keeps a mesh of 100,000 triangles within a few megabytes", () => {
  const n = 225;
  const points = Float32Array.from(
    { length: n * n * 2 },
    (_, k) => k % 2 ? Math.floor(k / 2 / n) : (k >> 1) % n,
  );
  const triangles: number[] = [];
  for (let a = 0; a < n * (n - 1); a++) {
    if (a % n < n - 1) triangles.push(a, a + 1, a + n, a + 1, a + n + 1, a + n);
  }
  const figure = meshFigure({
    points: { shape: [n * n, 2], data: points },
    triangles: { shape: [triangles.length / 3, 3], data: triangles },
  }, { field: points.subarray(0, n * n) });
  assertGreater(triangles.length / 3, 100_000);
  assertGreater(3_000_000, JSON.stringify(figure).length);
});

Deno.test("meshFigure() draws vectors as arrows, the longest of them a twentieth of the mesh", () => {
  const vectors = [[1, 0], [0, 0.5], [NaN, 1], [0, 0]];
  const figure = meshFigure(mesh, { vectors, wireframe: false });
  const arrows = figure.data[1] as unknown as Record<"x" | "y", (number | null)[]>;
  const unit = 0.05 * Math.hypot(4, 2);
  const close = (found: number | null, wanted: number) => assertAlmostEquals(found!, wanted, 1e-5);
  // Shaft, barb, tip, barb, gap; then the next one that is finite.
  close(arrows.x[1]!, unit);
  close(arrows.y[2]!, 0.15 * unit);
  assertEquals(arrows.x[5], null);
  assertEquals(arrows.x[6], 4);
  close(arrows.y[7]!, 0.5 * unit);
  assertEquals(arrows.x.length, 18);
  assertEquals(figure.layout.annotations?.[0]?.text, "1 vectors that are not finite");
  const space = { points: [[0, 0, 0], [1, 0, 0], [0, 1, 0]], triangles: [[0, 1, 2]] };
  const { data } = meshFigure(space, { vectors: [[0, 0, 1], [0, 0, 1], [0, 0, 1]] });
  assertEquals(data.map(({ type }) => type), ["mesh3d", "scatter3d", "cone"]);
});

Deno.test("meshFigure() marks nodes by their type, each named in the legend", () => {
  const figure = meshFigure(mesh, {
    nodeTypes: [[0], [4], [6], [4]],
    nodeTypeNames: { 6: "wall" },
  });
  const marks = figure.data.slice(2) as unknown as Record<"x" | "name", unknown>[];
  assertEquals(marks.map(({ name, x }) => [name, x]), [["type 4", [4, 0]], ["wall", [4]]]);
});

Deno.test("meshFigure() says what is wrong with vectors and types", () => {
  assertThrows(
    () => meshFigure(mesh, { vectors: [1, 2, 3, 4] }),
    TypeError,
    "Cannot draw vectors as there is one for each node, [4, 2]: got [4]",
  );
  assertThrows(
    () => meshFigure(mesh, { nodeTypes: [1, 2] }),
    TypeError,
    "Cannot draw node types as there is one for each of the 4 nodes: got [2]",
  );
  assertThrows(
    () => meshFigure(mesh, { nodeTypes: [0, 1, NaN, 2] }),
    RangeError,
    "Cannot draw node types as they are whole numbers from 0: node 2 has NaN",
  );
});

Deno.test("meshFigure() says what is wrong with a field", () => {
  assertThrows(
    () => meshFigure(mesh, { field: [1, 2, 3] }),
    TypeError,
    "Cannot draw a field as it must have a value for each of the mesh's 4 nodes, [4] or [4, C]: " +
      "got [3]",
  );
  assertThrows(
    () => meshFigure(mesh, { field: [NaN, NaN, Infinity, NaN] }),
    RangeError,
    "Cannot draw a field as none of its values is finite (look for NaN where it was computed)",
  );
  assertThrows(
    () => meshFigure(mesh, { field: [1, 2, 3, 4], range: [2, 1] }),
    RangeError,
    "its range must go from a lesser to a greater value: got [2, 1]",
  );
});
