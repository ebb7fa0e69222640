import { assertRejects, assertThrows } from "@std/assert";
import { checkFigure } from "../../../lib/plot/check_figure.ts";
import { type Figure, lossFigure, meshFigure, show, toHtml } from "../../../lib/plot/mod.ts";

const { layout } = lossFigure({ train: [1] });
/** A figure that someone has put together. */
const figureOf = (...data: unknown[]): Figure => ({ data, layout }) as unknown as Figure;

const BAD: [string, Figure][] = [
  ["as it has traces: there is none in its data", figureOf()],
  ["trace 0 (scatter) has 2 x, 1 y", figureOf({ type: "scatter", x: [1, 2], y: [1] })],
  [
    "trace 1 (scatter3d) has 1 x, 1 y, 0 z",
    figureOf({ type: "scatter", x: [1], y: [1] }, { type: "scatter3d", x: [1], y: [1], z: [] }),
  ],
  [
    "k of triangle 1 is 3, trace 0 has 3 points",
    figureOf({
      ...{ type: "mesh3d", x: [0, 1, 2], y: [0, 1, 2], z: [0, 1, 2] },
      ...{ i: [0, 0], j: [1, 1], k: [2, 3] },
    }),
  ],
  [
    "(mesh3d) has 1 i, 1 j, 2 k",
    figureOf({ type: "mesh3d", x: [0], y: [0], z: [0], i: [0], j: [0], k: [0, 0] }),
  ],
];

Deno.test("what would be a blank box is refused, wherever it is to be shown", async () => {
  for (const [text, figure] of BAD) {
    assertThrows(() => checkFigure(figure), Error, text);
    await assertRejects(() => show(figure), Error, text);
    await assertRejects(() => toHtml(figure, { plotly: "cdn" }), Error, text);
  }
});

Deno.test("packed columns are looked into", () => {
  const n = 20;
  const points = Array.from({ length: n * n }, (_, i) => [i % n, Math.floor(i / n)]);
  const triangles = Array.from({ length: n * n - n - 1 }, (_, i) => [i, i + 1, i + n]);
  const figure = meshFigure({ points, triangles });
  checkFigure(figure);
  const [mesh, lines] = figure.data as unknown as [Record<string, unknown>, unknown];
  const short = { ...mesh, x: { dtype: "f4", bdata: btoa("\0".repeat(400)) } };
  assertThrows(
    () => checkFigure(figureOf(short, lines)),
    TypeError,
    "trace 0 (mesh3d) has 100 x, 400 y, 400 z",
  );
  const all = { x: short.x, y: short.x, z: short.x };
  assertThrows(
    () => checkFigure(figureOf({ ...mesh, ...all })),
    RangeError,
    "i of triangle 100 is 100, trace 0 has 100 points",
  );
});
