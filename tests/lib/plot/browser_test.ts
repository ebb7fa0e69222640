import { assertEquals } from "@std/assert";
import { lossFigure, meshFigure, rolloutFigure, table, toHtml } from "../../../lib/plot/mod.ts";
import { CHROMIUM, NO_BROWSER, renderPage } from "../../support/browser.ts";
import { skipUnless } from "../../support/skip.ts";

const mesh = { points: [[0, 0], [3, 0], [3, 1], [0, 1]], triangles: [[0, 1, 2], [0, 2, 3]] };
const frames = Array.from({ length: 3 }, (_, t) => [t, t + 1, t + 2, t + 3]);
const long = Array.from({ length: 100 }, (_, n) => 1 / (n + 1));

const figures = {
  field: meshFigure(mesh, { field: [1, NaN, 3, 4], name: "u", wireframe: true }),
  rollout: rolloutFigure(mesh, { truth: frames }, { dt: 0.1 }),
  loss: lossFigure({ train: long, valid: [1, 0] }, { smoothing: 0.9, title: "Loss" }),
};

/** Asks plotly what it makes of each figure once all have been drawn, and plays an animation. */
const SCRIPT = `<script type="module">
  const elements = [...document.querySelectorAll("[id^=figure-]")];
  while (!elements.every((e) => e._fullLayout)) await new Promise((r) => setTimeout(r, 100));
  const reports = [];
  for (const { data, layout, _transitionData } of elements) {
    // Other codes are also given for packed arrays and for keys that this trace has no use for.
    const problems = (Plotly.validate(data, layout) ?? []).filter((p) => p.code === "schema");
    reports.push({ problems, frames: _transitionData._frames.length });
  }
  await Plotly.animate(elements[1], ["2"], { mode: "immediate", frame: { duration: 0 } });
  const shown = elements[1].data[0].intensity;
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
      const frameCounts = [0, 3, 0];
      assertEquals(JSON.parse(result), {
        reports: frameCounts.map((frames) => ({ problems: [], frames })),
        shown: [2, 3, 4, 5],
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
