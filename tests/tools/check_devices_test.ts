import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../lib/tree/mod.ts";
import { currentPathSource } from "../../lib/base/mod.ts";
import { installedPlugin } from "../../lib/xla/plugin_path.ts";
import { compare, runChecks, toleranceFor } from "../../tools/check_devices/check.ts";
import { xlaTest } from "../support/engines.ts";
import { skipUnless } from "../support/skip.ts";
import { isLong } from "../support/tier.ts";

const hasCpuPlugin = await installedPlugin(currentPathSource()) !== null;

async function checkDevices(...args: string[]): Promise<{ code: number; lines: string[] }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tools/check_devices/main.ts", ...args],
    cwd: new URL("../../", import.meta.url),
  }).output();
  const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return { code, lines: text.trimEnd().split("\n") };
}

Deno.test({
  name: "check:devices passes on virtual devices of the CPU",
  ...skipUnless(hasCpuPlugin, "the CPU plugin is not installed"),
  async fn() {
    const only = isLong ? [] : ["--only", "library,sharding"];
    const { code, lines } = await checkDevices(
      ...["--plugin", "cpu", "--devices", "3", "--quick"],
      ...only,
    );
    const text = lines.join("\n");
    assertMatch(lines.at(-1)!, /^[1-9][0-9]* passed, 0 failed$/, text);
    assertEquals(code, 0);
    assertEquals(lines.filter((line) => line.includes("CpuDevice(id=")).length, 3);
    assert(lines.includes("  ok      all_reduce, sum      over 3 device(s)"), text);
  },
});

Deno.test("check:devices says why there are no devices to check", async () => {
  const missing = await checkDevices("--plugin", "/no/such/plugin.so");
  assertEquals(missing.code, 1);
  assertMatch(missing.lines.join("\n"), /^Cannot load the XLA plugin \/no\/such\/plugin\.so as/);
  const unknown = await checkDevices("--only", "colours");
  assertEquals(unknown.code, 1);
  assertEquals(unknown.lines, [
    "Cannot check devices as there is no section colours " +
    "(--only takes some of kernels,library,sharding,speed)",
  ]);
});

Deno.test("runChecks() counts, and goes on after a failure", async () => {
  const lines: string[] = [];
  const counts = await runChecks("Title", [
    { name: "good", run: () => "as it should" },
    { name: "broken", run: () => Promise.reject(new Error("first line\nsecond")) },
    { name: "late", run: () => Promise.resolve("too") },
  ], (line) => lines.push(line));
  assertEquals(counts, { passed: 2, failed: 1 });
  assertEquals(lines, [
    "\nTitle",
    "  ok      good    as it should",
    "  FAILED  broken  first line",
    "  ok      late    too",
  ]);
});

xlaTest("compare() fails where a compiled function differs from the host", async () => {
  const onDevice = (): boolean => tf.getBackend() === "xla";
  const shifted = (by: number) => ({
    args: () => [tf.tensor1d([1, 2])],
    f: (x: unknown) => tf.add(x as Tensor, onDevice() ? by : 0),
  });
  assertEquals(await compare(shifted(0), 0), 0);
  assertEquals(await compare(shifted(0.5), 0.3), 0.25);
  await assertRejects(() => compare(shifted(0.5), 0.05), Error, "differ by 2.5e-1, allowed 5e-2");
  await assertRejects(() => compare(shifted(NaN), 1), Error, "differ by Infinity");
  await assertRejects(() => compare({ ...shifted(0), f: (x) => onDevice() ? [x!, x!] : x! }, 1));
});

Deno.test("toleranceFor() is tightest for a CPU, and widest for what is not known", () => {
  const [cpu, cuda, tpu] = ["cpu", "cuda", "tpu"].map(toleranceFor);
  assert(cpu!.products < cuda!.products && cuda!.products < tpu!.products);
  assertEquals(toleranceFor("abacus"), tpu);
});
