import { assertEquals, assertRejects } from "@std/assert";
import { currentPathSource, EngineError, type PathSource } from "../../../lib/base/mod.ts";
import {
  chosenPlugin,
  ENGINE_VERSION,
  engineFolder,
  findPlugin,
  PLUGIN_FILE,
} from "../../../lib/xla/plugin_path.ts";

function source(os: PathSource["os"], variables: Record<string, string>): PathSource {
  return { os, env: (name) => variables[name] };
}

Deno.test("engineFolder() follows the custom of each operating system", () => {
  const below = `meshwork/engine/${ENGINE_VERSION}`;
  const cases: [PathSource, string | null][] = [
    [source("linux", { HOME: "/home/ada" }), `/home/ada/.cache/${below}`],
    [source("linux", { HOME: "/home/ada", XDG_CACHE_HOME: "/var/ada" }), `/var/ada/${below}`],
    // A relative or empty folder is to be ignored.
    [source("linux", { HOME: "/home/ada", XDG_CACHE_HOME: "ada" }), `/home/ada/.cache/${below}`],
    [source("linux", { HOME: "/home/ada", XDG_CACHE_HOME: "" }), `/home/ada/.cache/${below}`],
    [source("darwin", { HOME: "/Users/ada" }), `/Users/ada/Library/Caches/${below}`],
    [source("windows", { LOCALAPPDATA: "C:\\Ada\\Local" }), `C:\\Ada\\Local/${below}`],
    [source("linux", {}), null],
    [source("windows", { HOME: "/home/ada" }), null],
  ];
  for (const [each, folder] of cases) assertEquals(engineFolder(each), folder);
});

Deno.test("ENGINE_VERSION is the version that the requirement pins, with a hash", async () => {
  const text = await Deno.readTextFile(
    new URL("../../../tools/requirements/engine.txt", import.meta.url),
  );
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  assertEquals(lines.length, 1);
  assertEquals(
    lines[0]!.replace(/[0-9a-f]{64}$/, "<hash>"),
    [
      `lammps-jax-pjrt-cpu==${ENGINE_VERSION}`,
      "--hash=sha256:<hash>",
    ].join(" "),
  );
});

Deno.test("findPlugin() takes the chosen plugin, there or not, before the installed one", async () => {
  const chosen = source("linux", { MESHWORK_PJRT_PLUGIN: "/a/cuda.so", HOME: "/home/ada" });
  assertEquals(chosenPlugin(chosen), "/a/cuda.so");
  assertEquals(await findPlugin(chosen), "/a/cuda.so");
  assertEquals(chosenPlugin(source("linux", { MESHWORK_PJRT_PLUGIN: "" })), null);
});

Deno.test("findPlugin() finds the installed plugin, and null where there is none", async () => {
  const cache = await Deno.makeTempDir();
  try {
    const installed = source("linux", { XDG_CACHE_HOME: cache });
    assertEquals(await findPlugin(installed), null);
    const folder = engineFolder(installed)!;
    await Deno.mkdir(`${folder}/${PLUGIN_FILE}`, { recursive: true });
    // A folder of that name is no plugin.
    assertEquals(await findPlugin(installed), null);
    await Deno.remove(`${folder}/${PLUGIN_FILE}`);
    await Deno.writeTextFile(`${folder}/${PLUGIN_FILE}`, "");
    assertEquals(await findPlugin(installed), `${folder}/${PLUGIN_FILE}`);
    assertEquals(await findPlugin(source("linux", {})), null);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
});

Deno.test("findPlugin() finds nothing below a file, where a folder should be", async () => {
  const file = await Deno.makeTempFile();
  assertEquals(await findPlugin(source("linux", { XDG_CACHE_HOME: file })), null);
  await Deno.remove(file);
});

Deno.test({
  name: "findPlugin() says which permission it lacks",
  permissions: { env: false, read: false },
  fn: async () => {
    await assertRejects(
      () => findPlugin(),
      EngineError,
      "Cannot look for files of this project as Deno does not permit it: Requires env access",
    );
    await assertRejects(
      () => findPlugin(source("linux", { HOME: "/home/ada" })),
      EngineError,
      "Requires read access",
    );
  },
});

Deno.test("currentPathSource() reads the running process", () => {
  assertEquals(currentPathSource().os, Deno.build.os);
  assertEquals(currentPathSource().env("HOME"), Deno.env.get("HOME"));
});
