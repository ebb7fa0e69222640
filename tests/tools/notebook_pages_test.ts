import { assertEquals, assertGreater } from "@std/assert";
import { pythonEnv, PythonError } from "../../tools/notebooks/python_env.ts";
import { CHROMIUM, NO_BROWSER } from "../support/browser.ts";
import { withFolder } from "../support/folder.ts";
import { lookAtFigures } from "../support/look_at_figures.ts";
import { skipUnless } from "../support/skip.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
/** Short ones, and how many figures each shows. */
const NOTEBOOKS = { "01_graphs_and_message_passing": 4, "03_padding_batching_jit": 2 };

/** Why pages cannot be made on this machine, or null. */
const obstacle = CHROMIUM === null
  ? NO_BROWSER
  : await pythonEnv("pages").then(() => null, (error) => {
    if (error instanceof PythonError) return error.message;
    throw error;
  });

Deno.test({
  name: "rendered notebooks show their figures, light and dark",
  ...skipUnless(obstacle === null, obstacle ?? ""),
  fn: () =>
    withFolder(async (folder) => {
      const paths = Object.keys(NOTEBOOKS).map((name) => `${ROOT}notebooks/${name}.ipynb`);
      const runner = `${ROOT}tools/notebooks/run.ts`;
      const { success, stdout } = await new Deno.Command(Deno.execPath(), {
        args: ["run", "-A", runner, "--html", "--output", folder, ...paths],
      }).output();
      assertEquals(success, true, new TextDecoder().decode(stdout));
      for (const [name, count] of Object.entries(NOTEBOOKS)) {
        const light = await Deno.readTextFile(`${folder}/${name}.html`);
        const dark = light.replace('data-jp-theme-light="true"', 'data-jp-theme-light="false"');
        for (const [page, paper] of [[light, "#ffffff"], [dark, "#15181c"]] as const) {
          const reports = await lookAtFigures(page);
          assertEquals(reports.map((report) => report.paper), new Array(count).fill(paper));
          for (const { inked } of reports) assertGreater(inked, 5, `${name}: a figure is blank`);
        }
      }
    }),
});
