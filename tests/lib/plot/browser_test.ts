import { assertEquals, assertGreater, assertRejects } from "@std/assert";
import {
  attentionFigure,
  confusionFigure,
  degreeFigure,
  graphFigure,
  lossFigure,
  meshFigure,
  particlesFigure,
  phaseFigure,
  rolloutFigure,
  table,
  toHtml,
  toPng,
  withTheme,
} from "../../../lib/plot/mod.ts";
import { CHROMIUM, NO_BROWSER } from "../../support/browser.ts";
import { lookAtFigures } from "../../support/look_at_figures.ts";
import { skipUnless } from "../../support/skip.ts";

const mesh = { points: [[0, 0], [3, 0], [3, 1], [0, 1]], triangles: [[0, 1, 2], [0, 2, 3]] };
const frames = Array.from({ length: 3 }, (_, t) => [t, t + 1, t + 2, t + 3]);
const long = Array.from({ length: 100 }, (_, n) => 1 / (n + 1));
/** As many triangles as a mesh may have and still be displayed. */
const large = Array.from({ length: 224 }, (_, a) => a);
const largeMesh = {
  points: [...large, 224].flatMap((y) => [...large, 224].map((x) => [x, y])),
  triangles: large.flatMap((y) =>
    large.flatMap((x) => {
      const at = 225 * y + x;
      return [[at, at + 1, at + 226], [at, at + 226, at + 225]];
    })
  ),
};
const graph = { senders: [0, 1, 1, 2], receivers: [1, 0, 2, 2], nNode: [3] };
const circle = long.map((_, t) => Math.cos(t / 10));

const figures = {
  field: meshFigure(mesh, { field: [1, NaN, 3, 4], name: "u", wireframe: true }),
  rollout: rolloutFigure(mesh, { truth: frames }, { dt: 0.1 }),
  loss: lossFigure({ train: long, valid: [1, 0] }, { smoothing: 0.9, title: "Loss" }),
  graph: graphFigure(graph, {
    nodeColor: [1, NaN, 2],
    nodeSize: [1, 2, 3],
    edgeColor: [1, 2, 3, 4],
    edgeWidth: [1, 2, 3, 4],
  }),
  graphInSpace: graphFigure(graph, { dimension: 3, arrows: true, edgeColor: [1, 2, 3, 4] }),
  particles: particlesFigure([[[0, 0], [1, 1]], [[0, 1], [1, 0]]], { color: [1, 2] }),
  particlesInSpace: particlesFigure([[0, 0, 0], [1, 2, 3]]),
  confusion: confusionFigure({ truth: [0, 0, 1], predicted: [0, 1, 1] }),
  degrees: degreeFigure(graph),
  attention: attentionFigure(graph, [[1, 1], [1, 0.5], [0.5, 0.2], [0.5, 0.3]]),
  largeMesh: meshFigure(largeMesh, { field: largeMesh.points.map(([x, y]) => x! * y!) }),
  marks: meshFigure({ points: mesh.points, quads: [[0, 1, 2, 3]] }, {
    vectors: [[1, 0], [0, 1], [1, 1], [NaN, 0]],
    nodeTypes: [0, 4, 5, 6],
  }),
  surface: meshFigure({
    points: [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]],
    tetrahedra: [[0, 1, 2, 3]],
  }, { vectors: [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]] }),
  phase: phaseFigure({ position: circle, momentum: circle.toReversed() }),
};

/** Each figure as it is, and then each in the dark. */
const drawn = [
  ...Object.values(figures),
  ...Object.values(figures).map((figure) => withTheme(figure, "dark")),
];

/** The second figure, a rollout, is played to its end; the page asks itself if it got there. */
const PLAY = `
  await Plotly.animate(elements[1], ["2"], { mode: "immediate", frame: { duration: 0 } });
  if (elements[1].data[0].intensity.join() !== "2,3,4,5") throw new Error("did not play");
`;

Deno.test({
  name:
    "plotly knows every key of every figure, and draws and plays them in a page, light and dark",
  ...skipUnless(CHROMIUM !== null, NO_BROWSER),
  async fn() {
    const page = await toHtml(drawn, { tables: [table(["a"], [[1]])] });
    const reports = await lookAtFigures(page, PLAY);
    const names = Object.keys(figures);
    assertEquals(reports.length, 2 * names.length);
    reports.forEach(({ problems, frames, paper, inked }, n) => {
      const name = names[n % names.length]!;
      const moving = { rollout: 3, particles: 2 }[name] ?? 0;
      assertEquals([name, problems, frames], [name, [], moving]);
      assertEquals(paper, n < names.length ? "#ffffff" : "#15181c");
      assertGreater(inked, 5, `${name} is blank: ${inked} of 1000 pixels`);
    });
  },
});

Deno.test({
  name: "toPng() draws a figure in its own size",
  ...skipUnless(CHROMIUM !== null, NO_BROWSER),
  async fn() {
    const bytes = await toPng(lossFigure({ train: [1, 0.5] }, { width: 1100 }), { scale: 0.5 });
    const [width, height] = [16, 20].map((at) => new DataView(bytes.buffer).getUint32(at));
    assertEquals([width, height], [550, 180]);
  },
});

Deno.test("toPng() refuses scales and themes that there are none of", async () => {
  const figure = lossFigure({ train: [1] });
  await assertRejects(
    () => toPng(figure, { scale: 0 }),
    RangeError,
    "Cannot make a picture as scale is a positive number: got 0",
  );
  await assertRejects(() => toPng(figure, { theme: "blue" as never }), RangeError, "got blue");
});
