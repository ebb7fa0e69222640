import { assertEquals, assertGreater } from "@std/assert";
import {
  attentionFigure,
  confusionFigure,
  degreeFigure,
  graphFigure,
  lossFigure,
  meshFigure,
  motionFigure,
  particlesFigure,
  phaseFigure,
  rolloutFigure,
  table,
  toHtml,
} from "../../../lib/plot/mod.ts";
import { CHROMIUM, NO_BROWSER, renderPage } from "../../support/browser.ts";
import { skipUnless } from "../../support/skip.ts";

const mesh = { points: [[0, 0], [3, 0], [3, 1], [0, 1]], triangles: [[0, 1, 2], [0, 2, 3]] };
const frames = Array.from({ length: 3 }, (_, t) => [t, t + 1, t + 2, t + 3]);
const long = Array.from({ length: 100 }, (_, n) => 1 / (n + 1));
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
  phase: phaseFigure({ position: circle, momentum: circle.toReversed() }),
  motion: motionFigure(mesh.triangles, {
    truth: {
      position: [0, 1].map((z) => mesh.points.map((at) => [...at, z])),
      field: [[1, 2, 3, 4], [4, 3, 2, 1]],
    },
  }),
};

/**
 * Asks plotly what it makes of each figure once all have been drawn, how many of a thousand pixels
 * of its picture are not white, and plays an animation.
 */
const SCRIPT = `<script type="module">
  const elements = [...document.querySelectorAll("[id^=figure-]")];
  while (!elements.every((e) => e._fullLayout)) await new Promise((r) => setTimeout(r, 100));
  await Plotly.animate(elements[1], ["2"], { mode: "immediate", frame: { duration: 0 } });
  const shown = elements[1].data[0].intensity;
  const reports = [];
  const inked = async (element) => {
    const { width, height } = element._fullLayout;
    const picture = new Image();
    picture.src = await Plotly.toImage(element, { format: "png", width, height });
    await new Promise((r) => picture.onload = r);
    const context = Object.assign(document.createElement("canvas"), { width, height })
      .getContext("2d");
    context.drawImage(picture, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer);
    return Math.round(1000 * pixels.filter((p) => p !== 0xffffffff).length / pixels.length);
  };
  for (const element of elements) {
    const { data, layout, _transitionData } = element;
    // Other codes are also given for packed arrays and for keys that this trace has no use for.
    const problems = (Plotly.validate(data, layout) ?? []).filter((p) => p.code === "schema");
    reports.push({
      problems,
      frames: _transitionData._frames.length,
      inked: await inked(element),
    });
  }
  const result = document.createElement("pre");
  result.id = "result";
  result.textContent = JSON.stringify({ reports, shown });
  document.body.append(result);
</script>`;

Deno.test({
  name: "plotly knows every key of every figure, and draws and plays them in a page",
  ...skipUnless(CHROMIUM !== null, NO_BROWSER),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      const page = await toHtml(Object.values(figures), { tables: [table(["a"], [[1]])] });
      await Deno.writeTextFile(`${folder}/page.html`, page.replace("</body>", `${SCRIPT}</body>`));
      const drawn = await renderPage(`${folder}/page.html`);
      const result = drawn.match(/<pre id="result">(.*?)<\/pre>/)?.[1] ?? "null";
      const { reports, shown } = JSON.parse(result) as {
        reports: { problems: unknown[]; frames: number; inked: number }[];
        shown: number[];
      };
      assertEquals(shown, [2, 3, 4, 5]);
      Object.keys(figures).forEach((name, n) => {
        const { problems, frames, inked } = reports[n]!;
        const moving = { rollout: 3, particles: 2, motion: 2 }[name] ?? 0;
        assertEquals([name, problems, frames], [name, [], moving]);
        assertGreater(inked, 15, `${name} is blank`);
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
