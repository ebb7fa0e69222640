/**
 * Takes screenshots of what people look at: a figure of each kind, light and dark, and two rendered
 * notebooks. They are in `out/screenshots` then. Needs Chromium.
 *
 *     deno task screenshots
 *
 * @module
 */
import { runChromium } from "../../lib/plot/chromium.ts";
import { toHtml } from "../../lib/plot/mod.ts";
import { allFigures } from "./figures.ts";

const OUT = new URL("../../out/screenshots/", import.meta.url).pathname;
const RUNNER = new URL("../notebooks/run.ts", import.meta.url).pathname;
const NOTEBOOKS = ["01_graphs_and_message_passing", "03_padding_batching_jit"];
const WIDTH = 1060;

/** Takes a screenshot of a page, from its top on. */
async function screenshot(page: string, picture: string, height: number): Promise<void> {
  await runChromium([
    ...["--hide-scrollbars", "--virtual-time-budget=30000", `--window-size=${WIDTH},${height}`],
    ...[`--screenshot=${picture}`, `file://${page}`],
  ]);
  console.log(picture);
}

async function main(): Promise<void> {
  await Deno.mkdir(OUT, { recursive: true });
  const figures = Object.entries(await allFigures());
  for (const theme of ["light", "dark"] as const) {
    // A page of all of them would be taller than a picture can be, and have too many scenes.
    for (let at = 0; at < figures.length; at += 5) {
      const some = figures.slice(at, at + 5).map(([, figure]) => figure);
      const name = `${OUT}figures_${1 + at / 5}_${theme}`;
      await Deno.writeTextFile(`${name}.html`, await toHtml(some, { theme }));
      const height = some.reduce((sum, { layout }) => sum + layout.height + 60, 80);
      await screenshot(`${name}.html`, `${name}.png`, height);
    }
  }
  const paths = NOTEBOOKS.map((name) => `${RUNNER}/../../../notebooks/${name}.ipynb`);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", RUNNER, "--html", "--output", OUT, ...paths],
  });
  if (!(await command.spawn().status).success) throw new Error("Cannot go on as a notebook failed");
  for (const name of NOTEBOOKS) await screenshot(`${OUT}${name}.html`, `${OUT}${name}.png`, 5200);
}

if (import.meta.main) await main();
