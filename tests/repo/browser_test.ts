import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { CHROMIUM, NO_BROWSER, renderPage } from "../support/browser.ts";
import { runModel } from "../support/page_model.ts";
import { skipUnless } from "../support/skip.ts";
import { ROOT } from "./source.ts";

/** A page cannot fetch files beside it, so wasm's come as data. */
const WASM_FILES = ["", "-simd", "-threaded-simd"].map((kind) => `tfjs-backend-wasm${kind}.wasm`);

/** Runs the model, and writes what it gives, or what went wrong, into the page. */
const script = (engine: string, wasmPaths: Record<string, string>): string => `
  import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
  import { runModel } from ${JSON.stringify(`${ROOT}/tests/support/page_model.ts`)};

  if ("${engine}" === "wasm") setWasmPaths(${JSON.stringify(wasmPaths)});
  runModel("${engine}").then(
    (text) => document.body.textContent = "result: " + text + ".",
    (error) => document.body.textContent = "failed: " + error.stack,
  );
`;

/** tfjs's wasm programs as data URLs, by name. */
async function wasmPaths(): Promise<Record<string, string>> {
  const folder = new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  const entries = WASM_FILES.map(async (name) => {
    const bytes = await Deno.readFile(new URL(`dist/${name}`, folder));
    return [name, `data:application/wasm;base64,${bytes.toBase64()}`];
  });
  return Object.fromEntries(await Promise.all(entries));
}

async function bundle(platform: string, output: string, entry: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", `--platform=${platform}`, "--no-lock", `--config=${ROOT}/deno.json`],
      ...["--output", output, entry],
    ],
    cwd: ROOT,
  }).output();
  if (!success) throw new Error(`Cannot bundle ${entry}: ${new TextDecoder().decode(stderr)}`);
}

/** One page with the script and all that it imports. */
async function bundlePage(folder: string, engine: string): Promise<string> {
  const [entry, output, page] = ["page.ts", "page.js", "page.html"].map((n) => `${folder}/${n}`);
  const paths = engine === "wasm" ? await wasmPaths() : {};
  await Deno.writeTextFile(entry!, script(engine, paths));
  await bundle("browser", output!, entry!);
  const code = (await Deno.readTextFile(output!)).replaceAll("</script", "<\\/script");
  await Deno.writeTextFile(page!, `<body>waiting<script type="module">${code}</script></body>`);
  return page!;
}

for (const engine of ["cpu", "wasm"]) {
  Deno.test({
    name: `a graph network and its gradient run in a browser as here, on ${engine}`,
    ...skipUnless(CHROMIUM !== null, NO_BROWSER),
    async fn() {
      const folder = await Deno.makeTempDir();
      try {
        const text = await renderPage(await bundlePage(folder, engine));
        const expected = await runModel(engine);
        assertMatch(expected, new RegExp(`^${engine} 12\\.000 (-?[0-9.]+ ?){13}$`));
        assertStringIncludes(text, `result: ${expected}.`);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

Deno.test("mod.ts bundles for a browser without Deno, Node, arquero or plotly", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await bundle("browser", `${folder}/mod.js`, `${ROOT}/mod.ts`);
    const code = await Deno.readTextFile(`${folder}/mod.js`);
    const imports = [...code.matchAll(/^\s*(?:import|export)\b[^;]*?\bfrom "([^"]+)"/gm)];
    assertEquals(imports.map(([, specifier]) => specifier), []);
    for (const absent of ["ColumnTable", "plotly", "uwdata"]) {
      assertEquals(code.includes(absent), false, absent);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
