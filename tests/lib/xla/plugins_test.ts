import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { EngineError } from "../../../lib/base/mod.ts";
import { startBest } from "../../../lib/xla/install.ts";
import {
  bestPlugins,
  currentPluginSource,
  locatePlugin,
  type PluginSource,
  withoutDevice,
} from "../../../lib/xla/plugins.ts";
import { engineFolder, PLUGIN_FILE } from "../../../lib/xla/plugin_path.ts";

const CUDA12 = "jax_plugins/xla_cuda12/xla_cuda_plugin.so";
const CUDA13 = "jax_plugins/xla_cuda13/xla_cuda_plugin.so";

/** A machine of these files and variables, with Python's packages in `/a` and `/b`. */
function machine(files: string[], variables: Record<string, string> = {}): PluginSource {
  return {
    os: "linux",
    env: (name) => variables[name],
    exists: (path) => files.includes(path),
    packageFolders: () => Promise.resolve(["/a", "/b"]),
  };
}

/** A cache folder in which setup has put the CPU plugin. */
async function withCpuPlugin(use: (cache: string, plugin: string) => Promise<void>): Promise<void> {
  const cache = await Deno.makeTempDir();
  const folder = engineFolder(machine([], { XDG_CACHE_HOME: cache }))!;
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.writeTextFile(`${folder}/${PLUGIN_FILE}`, "");
    await use(cache, `${folder}/${PLUGIN_FILE}`);
  } finally {
    await Deno.remove(cache, { recursive: true });
  }
}

Deno.test("locatePlugin() finds plugins where pip puts them, the newest CUDA first", async () => {
  const both = machine([`/b/${CUDA12}`, `/b/${CUDA13}`, "/a/libtpu/libtpu.so"]);
  assertEquals(await locatePlugin("cuda", both), `/b/${CUDA13}`);
  assertEquals(await locatePlugin("cuda", machine([`/b/${CUDA12}`])), `/b/${CUDA12}`);
  assertEquals(await locatePlugin("tpu", both), "/a/libtpu/libtpu.so");
  const chosen = machine([], { TPU_LIBRARY_PATH: "/own/libtpu.so" });
  assertEquals(await locatePlugin("tpu", chosen), "/own/libtpu.so");
  assertEquals(await locatePlugin("/any/plugin.so", machine([])), "/any/plugin.so");
});

Deno.test("locatePlugin() and bestPlugins() say what to install where there is none", async () => {
  const message =
    "Cannot start the xla engine as its plugin is not installed (run `deno task setup`";
  await assertRejects(() => locatePlugin("cpu", machine([])), EngineError, message);
  await assertRejects(() => bestPlugins(machine([])), EngineError, message);
  await assertRejects(() => locatePlugin("tpu", machine([])), EngineError, "`pip install libtpu`");
});

Deno.test("bestPlugins() looks for the plugins of devices that the machine has", async () => {
  await withCpuPlugin(async (cache, cpu) => {
    const best = (...files: string[]) => bestPlugins(machine(files, { XDG_CACHE_HOME: cache }));
    // A plugin alone, without its device, is not tried.
    assertEquals(await best(`/a/${CUDA13}`, "/a/libtpu/libtpu.so"), { paths: [cpu], notes: [] });
    assertEquals(await best("/dev/nvidiactl", `/a/${CUDA13}`), {
      paths: [`/a/${CUDA13}`, cpu],
      notes: [],
    });
    const { paths, notes } = await best("/dev/accel0");
    assertEquals(paths, [cpu]);
    assertEquals(notes, [
      "This machine has a TPU: to use it, install its plugin (`pip install libtpu`)",
    ]);
  });
});

Deno.test("bestPlugins() takes the chosen plugin alone, by name or path", async () => {
  await withCpuPlugin(async (cache, cpu) => {
    const chosen = (MESHWORK_PJRT_PLUGIN: string) =>
      bestPlugins(
        machine(["/dev/nvidiactl", `/a/${CUDA13}`], {
          XDG_CACHE_HOME: cache,
          MESHWORK_PJRT_PLUGIN,
        }),
      );
    assertEquals((await chosen("cpu")).paths, [cpu]);
    assertEquals((await chosen("cuda")).paths, [`/a/${CUDA13}`]);
    assertEquals((await chosen("/own.so")).paths, ["/own.so"]);
    await assertRejects(() => chosen("tpu"), EngineError, "Cannot start the tpu plugin");
  });
});

Deno.test("startBest() starts the first that starts, and tells why better ones did not", () => {
  const start = (path: string): string => {
    if (path === "good") return "client";
    throw new EngineError(`${path} has no device`);
  };
  assertEquals(startBest({ paths: ["bad", "good", "other"], notes: ["a note"] }, start), {
    client: "client",
    plugin: "good",
    notes: ["a note", "bad has no device"],
  });
  let message = "";
  try {
    startBest({ paths: ["bad", "worse"], notes: [] }, start);
  } catch (error) {
    message = (error as Error).message;
  }
  assertEquals(message, "worse has no device");
});

Deno.test("withoutDevice() says what to look at when a plugin finds no device", () => {
  // What jax-cuda13-pjrt 0.11.2 and libtpu 0.0.52 report on a machine that has none.
  const gpu = withoutDevice(
    `/a/${CUDA13}`,
    new Error("… FAILED_PRECONDITION: No visible GPU devices."),
  )!;
  assertEquals(
    gpu.message,
    `Cannot start the cuda plugin as it found no NVIDIA GPU: /a/${CUDA13} reports "No visible GPU ` +
      'devices" (see that `nvidia-smi` lists one, that CUDA_VISIBLE_DEVICES does not hide it, and in ' +
      "a container that it was started with GPUs; or use the CPU: " +
      'init({engine: "xla", plugin: "cpu"}))',
  );
  const tpu = withoutDevice(
    "/a/libtpu/libtpu.so",
    new Error("… NOT_FOUND: TPU initialization failed: No jellyfish device found."),
  )!;
  assertStringIncludes(tpu.message, "Cannot start the tpu plugin as it found no TPU: ");
  assertEquals(withoutDevice(`/a/${CUDA13}`, new Error("out of memory")), null);
  assertEquals(withoutDevice("/a/own.so", new Error("No visible GPU devices")), null);
});

Deno.test("currentPluginSource() sees the running machine", () => {
  const { exists } = currentPluginSource();
  assertEquals([exists(Deno.execPath()), exists("/no/such/file")], [true, false]);
});
