import { assertEquals, assertThrows } from "@std/assert";
import { phaseFigure, type ScatterTrace } from "../../../../lib/plot/mod.ts";

Deno.test("phaseFigure() draws position against momentum, a panel for each dimension", () => {
  const position = { shape: [2, 1, 2], data: [1, 2, 3, 4] };
  const momentum = { shape: [2, 1, 2], data: [5, 6, 7, 8] };
  const curves = phaseFigure({ position, momentum }, { labels: ["moon"] }).data as ScatterTrace[];
  assertEquals(curves.map(({ name, x, y, xaxis }) => [name, x, y, xaxis]), [
    ["moon", [1, 3], [5, 7], "x"],
    ["start", [1], [5], "x"],
    ["moon", [2, 4], [6, 8], "x2"],
    ["start", [2], [6], "x2"],
  ]);
});

Deno.test("phaseFigure() says from which step on a path is not finite", () => {
  const figure = phaseFigure({ position: [1, 2, 3], momentum: [0, NaN, NaN] });
  assertEquals((figure.data[0] as ScatterTrace).y, [0, null, null]);
  assertEquals(figure.layout.annotations![0]!.text, "left out: not finite from step 1 on");
});

Deno.test("phaseFigure() thins long paths", () => {
  const long = new Float32Array(5000);
  const figure = phaseFigure({ position: long, momentum: long });
  const { x } = figure.data[0] as ScatterTrace;
  assertEquals("bdata" in x && atob(x.bdata).length / 4, 1667);
  assertEquals(figure.layout.annotations?.[0]?.text, "one in 3 steps is drawn");
});

Deno.test("phaseFigure() says what is wrong", () => {
  assertThrows(
    () => phaseFigure({ position: [1, 2], momentum: [1] }),
    TypeError,
    "Cannot draw phase space as each position has a momentum: got [2] and [1]",
  );
  assertThrows(
    () => phaseFigure({ position: [], momentum: [] }),
    RangeError,
    "as it has steps, 1 to 20 bodies and 1 to 3 dimensions, [T], [T, B] or [T, B, D]: got [0]",
  );
  assertThrows(
    () => phaseFigure({ position: [1], momentum: [1] }, { labels: [] }),
    TypeError,
    "as there must be a label for each of 1 bodies: got 0",
  );
});
