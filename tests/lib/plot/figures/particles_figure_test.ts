import { assertEquals, assertThrows } from "@std/assert";
import { particlesFigure, type ScatterTrace } from "../../../../lib/plot/mod.ts";

type Axis = { range: number[]; scaleanchor?: string };

Deno.test("particlesFigure() draws particles to scale, coloured by their values", () => {
  const figure = particlesFigure([[0, 0], [10, 20]], { color: [1, 2], name: "speed" });
  const { x, y, marker } = figure.data[0] as ScatterTrace;
  assertEquals([x, y, marker!.color], [[0, 10], [0, 20], [1, 2]]);
  assertEquals((figure.layout.xaxis as Axis).range, [-0.5, 10.5]);
  assertEquals((figure.layout.yaxis as Axis).scaleanchor, "x");
  assertEquals(figure.frames, undefined);
});

Deno.test("particlesFigure() plays frames within bounds that hold all of them", () => {
  const positions = { shape: [3, 1, 2], data: [0, 0, 1, 1, 2, 4] };
  const figure = particlesFigure(positions, { dt: 0.5, every: 2 });
  assertEquals(figure.frames!.map(({ name, data }) => [name, data]), [
    ["0", [{ x: [0], y: [0] }]],
    ["2", [{ x: [2], y: [4] }]],
  ]);
  assertEquals((figure.layout.yaxis as Axis).range, [-0.2, 4.2]);
  const [slider] = figure.layout.sliders as { steps: { label: string }[] }[];
  assertEquals(slider!.steps.map(({ label }) => label), ["0.0", "1.0"]);
});

Deno.test("particlesFigure() takes bounds, and a third dimension", () => {
  const figure = particlesFigure([[0, 1, 2]], { bounds: [[0, 1], [0, 2], [0, 3]] });
  assertEquals(figure.data[0]!.type, "scatter3d");
  assertEquals((figure.layout.scene as { zaxis: Axis }).zaxis.range, [0, 3]);
});

Deno.test("particlesFigure() leaves out what is not finite, and says from when on", () => {
  const figure = particlesFigure([[[0, 0], [1, 1]], [[0, 0], [NaN, 1]]]);
  assertEquals(figure.frames![1]!.data[0], { x: [0, null], y: [0, 1] });
  assertEquals(
    figure.layout.annotations![0]!.text,
    "left out: positions that are not finite, from frame 1 on",
  );
});

Deno.test("particlesFigure() says from when on particles are out of bounds", () => {
  const figure = particlesFigure([[[0, 0]], [[2, 0]]], { bounds: [[0, 1], [0, 1]] });
  assertEquals(figure.layout.annotations![0]!.text, "out of bounds from frame 1 on");
});

Deno.test("particlesFigure() says what is wrong", () => {
  assertThrows(
    () => particlesFigure([1, 2, 3]),
    TypeError,
    "Cannot draw particles as positions are [N, D] or [T, N, D] with 2 or 3 coordinates: got [3]",
  );
  assertThrows(
    () => particlesFigure({ shape: [0, 2], data: [] }),
    RangeError,
    "Cannot draw particles as there are none: got [0, 2]",
  );
  assertThrows(
    () => particlesFigure([[NaN, NaN]]),
    RangeError,
    "Cannot draw particles as none of their positions is finite",
  );
  assertThrows(
    () => particlesFigure([[0, 0]], { color: [1, 2] }),
    TypeError,
    "Cannot draw colours of particles as it must have a value for each of the 1 particles",
  );
  assertThrows(
    () => particlesFigure([[0, 0]], { bounds: [[0, 1]] }),
    TypeError,
    "as bounds are [2, 2], least and greatest of each axis: got [1, 2]",
  );
  assertThrows(
    () => particlesFigure([[0, 0]], { bounds: [[0, 1], [NaN, 1]] }),
    RangeError,
    "as bounds go from a lesser to a greater coordinate: got [NaN, 1]",
  );
  assertThrows(
    () => particlesFigure([[0, 0]], { every: 0 }),
    RangeError,
    "as `every` is a whole number of frames from 1: got 0",
  );
});
