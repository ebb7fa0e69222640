import { assert, assertEquals, assertThrows } from "@std/assert";
import { type Figure, type Mesh3dTrace, motionFigure } from "../../../../lib/plot/mod.ts";

const triangles = [[0, 1, 2]];
const still = [[0, 0, 0], [1, 0, 0], [0, 1, 0]];
const lifted = still.map(([x, y]) => [x!, y!, 5]);
const flat = [[[0, 0], [1, 0], [0, 1]], [[2, 0], [3, 0], [2, 1]]];

type Axis = { range?: [number, number] };
type Scene = { xaxis: Axis; yaxis: Axis; zaxis: Axis };
const sceneOf = ({ layout }: Figure, name = "scene"): Scene => layout[name] as Scene;
const headings = ({ layout }: Figure): string[] => layout.annotations!.map(({ text }) => text);

Deno.test("motionFigure() moves the nodes, and colours them by the frame's values", () => {
  const position = [still, lifted];
  const field = [[0, 1, 2], [3, 4, 5]];
  const figure = motionFigure(triangles, { truth: { position, field } }, { dt: 0.5 });
  assertEquals(figure.data.length, 1);
  const [surface] = figure.data as [Mesh3dTrace];
  assertEquals([surface.z, surface.intensity], [[0, 0, 0], [0, 1, 2]]);
  assertEquals(figure.frames![1]!.data, [
    { x: [0, 1, 0], y: [0, 0, 1], z: [5, 5, 5], intensity: [3, 4, 5] },
  ]);
  const { cmin, cmax } = figure.layout.coloraxis as Record<string, number>;
  assertEquals([cmin, cmax], [0, 5]);
  const [slider] = figure.layout.sliders as { steps: { label: string }[] }[];
  assertEquals(slider!.steps.map(({ label }) => label), ["0.0", "0.5"]);
});

Deno.test("motionFigure() has motions side by side, and axes that hold all of them", () => {
  const high = still.map(([x, y]) => [x!, y!, -5]);
  const figure = motionFigure(triangles, {
    truth: { position: [still, lifted] },
    prediction: { position: [still, high] },
  });
  assertEquals(headings(figure), ["truth", "prediction"]);
  assertEquals((figure.data as Mesh3dTrace[]).map(({ scene }) => scene), ["scene", "scene2"]);
  assertEquals(figure.frames![1]!.traces, [0, 1]);
  const ranges = ["scene", "scene2"].map((name) => sceneOf(figure, name).zaxis.range!);
  assertEquals(ranges[0], ranges[1]);
  assert(ranges[0]![0] <= -5 && ranges[0]![1] >= 5);
});

Deno.test("motionFigure() in the plane takes the outline along", () => {
  const figure = motionFigure(triangles, { flow: { position: flat } }, { every: 1 });
  assertEquals(figure.data.map(({ type }) => type), ["mesh3d", "scatter3d"]);
  const [surface, outline] = figure.frames![1]!.data as { x: number[] }[];
  assertEquals(surface!.x, [2, 3, 2]);
  assert(outline!.x.every((x) => x === null || x >= 2));
  assertEquals(sceneOf(figure).xaxis.range, [0, 3]);
  const thinned = motionFigure(triangles, { flow: { position: flat } }, { every: 2 });
  assertEquals(thinned.frames!.map(({ name }) => name), ["0"]);
});

Deno.test("motionFigure() stops a motion where it is lost, and says so", () => {
  const lost = [[NaN, 0, 0], [1, 0, 0], [0, 1, 0]];
  const field = [[0, 1, 2], [0, NaN, 2], [0, 1, 2]];
  const figure = motionFigure(triangles, { a: { position: [still, lost, still], field } });
  assertEquals(headings(figure), ["a: not finite from step 1 on"]);
  assertEquals(figure.frames!.map(({ data }) => data[0]), [
    { x: [0, 1, 0], y: [0, 0, 1], z: [0, 0, 0], intensity: [0, 1, 2] },
    { x: [0, 1, 0], y: [0, 0, 1], z: [0, 0, 0], intensity: [0, 2, 2] },
    { x: [0, 1, 0], y: [0, 0, 1], z: [0, 0, 0], intensity: [0, 1, 2] },
  ]);
});

Deno.test("motionFigure() says what does not fit", () => {
  const position = [still, lifted];
  const cases: [() => unknown, typeof RangeError | typeof TypeError, string][] = [
    [() => motionFigure(triangles, {}), RangeError, "Cannot draw a motion as there must be one"],
    [
      () => motionFigure(triangles, { a: { position: still } }),
      TypeError,
      "positions are [T, V, 2] or [T, V, 3]: a has [3, 3]",
    ],
    [
      () => motionFigure(triangles, { a: { position, field: [[1, 2, 3]] } }),
      TypeError,
      "a has positions of 2, a field of 1",
    ],
    [
      () => motionFigure(triangles, { a: { position }, b: { position: [still] } }),
      TypeError,
      "a has 2 frames of 3 nodes in 3 dimensions, b has 1 frames of 3 nodes in 3 dimensions",
    ],
    [
      () => motionFigure(triangles, { a: { position: [[[NaN, 0, 0], ...still.slice(1)]] } }),
      RangeError,
      "it begins with finite positions: those of a are not",
    ],
    [
      () => motionFigure(triangles, { a: { position } }, { every: 0.5 }),
      RangeError,
      "Cannot draw a motion as `every` is a whole number of frames from 1: got 0.5",
    ],
    [() => motionFigure([[0, 1, 3]], { a: { position } }), RangeError, "triangle 0 has index 3"],
  ];
  for (const [call, type, message] of cases) assertThrows(call, type, message);
});
