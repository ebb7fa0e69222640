import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ROOT } from "./source.ts";

interface PublishedFile {
  readonly path: string;
  /** In bytes, as far as the list says: it rounds. */
  readonly size: number;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20 };

/** What `deno publish` would publish. */
async function publishedFiles(): Promise<PublishedFile[]> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty"],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stderr);
  assert(success, output);
  assertEquals(/slow[- ]type\w*\[|^Warning|\nWarning/.test(output), false, output);
  const root = new URL(`file://${await Deno.realPath(ROOT)}/`).href;
  return [...output.matchAll(/(file:\/\/\S+) \(([\d.]+)(B|KB|MB)\)/g)].map((match) => {
    const [, url, size, unit] = match as unknown as [string, string, string, string];
    assertStringIncludes(url, root);
    return { path: url.slice(root.length), size: Number(size) * UNITS[unit]! };
  });
}

const FILES = await publishedFiles();
const PATHS = FILES.map(({ path }) => path);

Deno.test("the package can be published, without slow types and warnings", () => {
  assert(FILES.length > 100);
  for (const entry of ["mod.ts", "deno.json", "README.md", "LICENSE", "CHANGELOG.md"]) {
    assert(PATHS.includes(entry), `${entry} is not published`);
  }
});

Deno.test("notebooks, tests, examples and tools stay at home", () => {
  const wrong = PATHS.filter((path) =>
    /^(tests|examples|benchmarks|docs|notebooks)\/|\.ipynb$|_test\.ts$/.test(path)
  );
  assertEquals(wrong, []);
  const tools = PATHS.filter((path) => path.startsWith("tools/"));
  assertEquals(tools, ["tools/requirements/engine.txt", "tools/setup.ts"]);
});

Deno.test("small samples are published, and nothing of 2 MB or more", () => {
  assert(PATHS.some((path) => /^datasets\/samples\/.*\.tfrecord$/.test(path)));
  assertEquals(FILES.filter(({ size }) => size >= 2 * UNITS.MB!), []);
});

Deno.test("what the package's own files import is published too", () => {
  const { exports } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`)) as {
    exports: Record<string, string>;
  };
  assertEquals(Object.values(exports).filter((path) => !PATHS.includes(path.slice(2))), []);
});
