import { assertStringIncludes } from "@std/assert";
import { CHROMIUM, NO_BROWSER, renderPage } from "../support/browser.ts";
import { skipUnless } from "../support/skip.ts";
import { ROOT } from "./source.ts";

const SCRIPT = `
  import { grad, init } from "@meshwork/meshwork";
  import * as tf from "@tensorflow/tfjs";

  const { engine } = await init({ engine: "cpu" });
  const second = grad(grad((x) => tf.mul(x, tf.square(x))));
  document.body.textContent = engine + ": " + second(tf.scalar(2)).dataSync()[0];
`;

/** One page with the script and all that it imports. */
async function bundlePage(folder: string): Promise<string> {
  const [script, bundle, page] = ["page.ts", "page.js", "page.html"].map((n) => `${folder}/${n}`);
  await Deno.writeTextFile(script!, SCRIPT);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform=browser", "--no-lock", `--config=${ROOT}/deno.json`],
      ...["--output", bundle!, script!],
    ],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(`Cannot bundle the page: ${new TextDecoder().decode(stderr)}`);
  const code = (await Deno.readTextFile(bundle!)).replaceAll("</script", "<\\/script");
  await Deno.writeTextFile(page!, `<body>waiting<script type="module">${code}</script></body>`);
  return page!;
}

Deno.test({
  name: "the package runs in a browser: an engine starts and differentiates twice",
  ...skipUnless(CHROMIUM !== null, NO_BROWSER),
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      assertStringIncludes(await renderPage(await bundlePage(folder)), "cpu: 12");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
