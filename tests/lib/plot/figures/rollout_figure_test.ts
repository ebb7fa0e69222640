import { assertAlmostEquals, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { type Figure, type Mesh3dTrace, rolloutFigure } from "../../../../lib/plot/mod.ts";

const wide = { points: [[0, 0], [4, 0], [4, 1], [0, 1]], triangles: [[0, 1, 2], [0, 2, 3]] };
const square = { points: [[0, 0], [1, 0], [1, 1], [0, 1]], triangles: wide.triangles };
const truth = [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]];
const prediction = [[0, 1, 2, 3], [1, 2, 3, 3], [2, 3, 4, 8]];

type Slider = { steps: { label: string; args: unknown[] }[]; currentvalue: { prefix: string } };
type Axis = { cmin: number; cmax: number; colorbar: { orientation?: string } };

const slider = (figure: Figure): Slider => (figure.layout.sliders as Slider[])[0]!;
const axis = (figure: Figure, name: string): Axis => figure.layout[name] as Axis;

Deno.test("rolloutFigure() has truth, prediction and absolute error in each frame", () => {
  const { frames, data } = rolloutFigure(wide, { truth, prediction });
  assertEquals(frames!.map((frame) => frame.name), ["0", "1", "2"]);
  assertEquals(frames![1], {
    name: "1",
    traces: [0, 1, 2],
    data: [{ intensity: [1, 2, 3, 4] }, { intensity: [1, 2, 3, 3] }, { intensity: [0, 0, 0, 1] }],
  });
  assertEquals((data[0] as Mesh3dTrace).intensity, [0, 1, 2, 3]);
  assertEquals(data.slice(0, 3).map((t) => (t as Mesh3dTrace).scene), [
    "scene",
    "scene2",
    "scene3",
  ]);
});

Deno.test("rolloutFigure() colours truth and prediction by the truth, the error by its own", () => {
  const figure = rolloutFigure(wide, { truth, prediction });
  assertEquals(
    figure.data.slice(0, 3).map((trace) => (trace as Mesh3dTrace).coloraxis),
    ["coloraxis", "coloraxis", "coloraxis2"],
  );
  assertEquals([axis(figure, "coloraxis").cmin, axis(figure, "coloraxis").cmax], [0, 5]);
  assertEquals([axis(figure, "coloraxis2").cmin, axis(figure, "coloraxis2").cmax], [0, 3]);
});

Deno.test("rolloutFigure() of vectors shows lengths, and the length of their difference", () => {
  const points = square.points.slice(0, 3);
  const mesh = { points, triangles: [[0, 1, 2]] };
  const a = { shape: [1, 3, 2], data: [3, 4, 1, 0, 0, 0] };
  const b = { shape: [1, 3, 2], data: [0, 0, 0, 1, 0, 0] };
  const [speed, , error] = rolloutFigure(mesh, { truth: a, prediction: b }).frames![0]!.data;
  assertEquals(speed, { intensity: [5, 1, 0] });
  assertEquals(error, { intensity: [5, 1.41421, 0] });
});

Deno.test("rolloutFigure() labels frames by step, or by time when dt is given", () => {
  assertEquals(slider(rolloutFigure(wide, { truth })).steps.map((s) => s.label), ["0", "1", "2"]);
  const timed = slider(rolloutFigure(wide, { truth }, { dt: 0.01 }));
  assertEquals(timed.steps.map((s) => s.label), ["0.00", "0.01", "0.02"]);
  assertEquals(timed.currentvalue.prefix, "t = ");
});

Deno.test("rolloutFigure() thins frames, which keep their own numbers", () => {
  const figure = rolloutFigure(wide, { truth, prediction }, { every: 2 });
  assertEquals(figure.frames!.map((frame) => frame.name), ["0", "2"]);
  assertEquals(slider(figure).steps[1]!.args[0], ["2"]);
});

Deno.test("rolloutFigure() without a prediction animates the truth alone", () => {
  const figure = rolloutFigure(wide, { truth }, { name: "speed" });
  assertEquals(figure.data.filter((trace) => trace.type === "mesh3d").length, 1);
  assertEquals(figure.layout.annotations?.map((a) => a.text), ["speed"]);
  assertEquals(figure.layout.coloraxis2, undefined);
});

Deno.test("rolloutFigure() stacks wide meshes and puts others side by side", () => {
  const scenes = (figure: Figure): { domain: { x: number[]; y: number[] } }[] =>
    ["scene", "scene2", "scene3"].map((name) => figure.layout[name] as never);
  const stacked = scenes(rolloutFigure(wide, { truth, prediction }));
  assertEquals(stacked.map((s) => s.domain.x), [[0, 1], [0, 1], [0, 1]]);
  assertGreater(stacked[0]!.domain.y[0]!, stacked[1]!.domain.y[1]!);
  const beside = rolloutFigure(square, { truth, prediction });
  assertGreater(scenes(beside)[1]!.domain.x[0]!, scenes(beside)[0]!.domain.x[1]!);
  assertAlmostEquals(scenes(beside)[2]!.domain.x[1]!, 1);
  assertEquals(axis(beside, "coloraxis").colorbar.orientation, "h");
});

Deno.test("rolloutFigure() shows a diverged prediction at the end of the scale, and says so", () => {
  const bad = [prediction[0]!, [1, NaN, 3, Infinity], [2, 3, 4, 5]];
  const figure = rolloutFigure(wide, { truth, prediction: bad }, { name: "u" });
  assertEquals(figure.frames![1]!.data[1], { intensity: [1, 5, 3, 5] });
  assertEquals(
    figure.layout.annotations?.[1]?.text,
    "<b>Prediction</b>  not finite from step 1 on",
  );
  const gap = rolloutFigure(wide, { truth: bad, prediction: truth });
  assertEquals(gap.layout.annotations?.[0]?.text, "<b>Truth</b>  not finite from step 1 on");
});

Deno.test("rolloutFigure() of 100 frames of 1,200 nodes takes at most 2.5 MB", () => {
  const [columns, rows] = [60, 20];
  const points = Array.from({ length: columns * rows }, (_, n) => [n % columns, n / columns | 0]);
  const triangles = points.flatMap(([x, y], n) =>
    x! < columns - 1 && y! < rows - 1
      ? [[n, n + 1, n + columns], [n + 1, n + columns + 1, n + columns]]
      : []
  );
  const data = Float32Array.from({ length: 100 * 1200 * 2 }, (_, n) => Math.sin(n));
  const field = { shape: [100, 1200, 2], data };
  const figure = rolloutFigure({ points, triangles }, { truth: field, prediction: field });
  assertGreater(2_500_000, JSON.stringify(figure).length);
});

Deno.test("rolloutFigure() says what is wrong with its frames", () => {
  assertThrows(
    () => rolloutFigure(wide, { truth: [[1, 2, 3]] }),
    TypeError,
    "Cannot draw a rollout as the truth must have a value for each of the mesh's 4 nodes in each " +
      "frame, [T, 4] or [T, 4, C]: got [1, 3]",
  );
  assertThrows(
    () => rolloutFigure(wide, { truth, prediction: truth.slice(1) }),
    TypeError,
    "truth and prediction must have the same shape: truth has 3 frames of 1 components, " +
      "prediction 2 frames of 1 components",
  );
  assertThrows(
    () => rolloutFigure(wide, { truth }, { every: 0.5 }),
    RangeError,
    "Cannot draw a rollout as `every` is a whole number of frames from 1: got 0.5",
  );
  assertThrows(
    () => rolloutFigure(wide, { truth: [[NaN, NaN, NaN, NaN]] }),
    RangeError,
    "Cannot draw a rollout's truth as none of its values is finite",
  );
});
