import { assertEquals, assertGreater, assertStrictEquals, assertThrows } from "@std/assert";
import { EngineError } from "../../../../lib/base/mod.ts";
import { loadPlugin } from "../../../../lib/xla/pjrt/mod.ts";
import { checkVersion } from "../../../../lib/xla/pjrt/plugin.ts";
import { skipUnless } from "../../../support/skip.ts";
import { clientTest, plugin } from "./cpu_client.ts";

const REMEDY = "(run `deno task setup`, ";

function loadingFails(path: string, reason: string): void {
  const error = assertThrows(() => loadPlugin(path), EngineError, reason);
  assertEquals(error.message.startsWith(`Cannot load the XLA plugin ${path} as `), true);
  assertEquals(error.message.includes(REMEDY), true);
  assertEquals(error.message.includes("MESHWORK_PJRT_PLUGIN"), true);
  assertEquals(error.message.includes("\n"), false);
}

Deno.test("loadPlugin() says that a file is missing", () => {
  loadingFails("/no/such/plugin.so", "there is no such file");
});

Deno.test("loadPlugin() refuses a folder", () => {
  loadingFails(Deno.cwd(), "it is not a file");
});

Deno.test("loadPlugin() refuses a text file", async () => {
  const path = await Deno.makeTempFile({ suffix: ".so" });
  await Deno.writeTextFile(path, "This is not a plugin.\n");
  loadingFails(path, "it is not a PJRT plugin: ");
  await Deno.remove(path);
});

Deno.test({
  name: "loadPlugin() refuses a library without GetPjrtApi",
  ...skipUnless(libm() !== null, "libm.so.6 was not found"),
  fn: () => loadingFails(libm()!, "GetPjrtApi"),
});

function libm(): string | null {
  const paths = ["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/libm.so.6", "/usr/lib/libm.so.6"];
  return paths.find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  }) ?? null;
}

Deno.test("checkVersion() refuses another major and a minor too old, and says what is needed", () => {
  for (const version of [[1, 90], [0, 12]] as const) {
    assertThrows(
      () => checkVersion("/a/plugin.so", version),
      EngineError,
      `/a/plugin.so has ${version[0]}.${
        version[1]
      }, this library needs 0.70 or a later 0.x ${REMEDY}`,
    );
  }
  checkVersion("/a/plugin.so", [0, 70]);
  checkVersion("/a/plugin.so", [0, 200]);
});

clientTest("loadPlugin() loads a path once and tells the version of its API", () => {
  const loaded = plugin();
  assertStrictEquals(loadPlugin(loaded.path), loaded);
  const [major, minor] = loaded.apiVersion;
  assertEquals(major, 0);
  assertGreater(minor, 69);
});

clientTest("createClient() makes the virtual devices that are asked for", (client) => {
  assertEquals(client.platform, "cpu");
  assertEquals(client.devices.map(({ id, kind }) => ({ id, kind })), [
    { id: 0, kind: "cpu" },
    { id: 1, kind: "cpu" },
    { id: 2, kind: "cpu" },
    { id: 3, kind: "cpu" },
  ]);
  assertEquals(client.devices[2]!.description, "CpuDevice(id=2)");
  const single = plugin().createClient({ deviceCount: 1 });
  assertEquals(single.devices.length, 1);
  single.close();
});

clientTest("createClient() refuses a number of devices that is none", () => {
  for (const deviceCount of [0, -1, 1.5, NaN]) {
    assertThrows(
      () => plugin().createClient({ deviceCount }),
      RangeError,
      `Cannot start a client as deviceCount must be a whole number >= 1: ${deviceCount}`,
    );
  }
});

clientTest("several workers load the plugin and run at the same time", async () => {
  const url = new URL("./worker.ts", import.meta.url);
  const sums = await Promise.all([1, 2].map((value) => {
    const worker = new Worker(url, { type: "module", name: String(value) });
    return new Promise<number[]>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => reject(new Error(event.message));
    }).finally(() => worker.terminate());
  }));
  assertEquals(sums, [[2, 2, 2], [4, 4, 4]]);
});
