import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { devices, EngineError, init } from "../../../mod.ts";
import { ENGINES, hasXla } from "../../support/engines.ts";
import { skipUnless } from "../../support/skip.ts";

Deno.test("init() starts each engine by name and moves tensors when they are used", async () => {
  const x = tf.tensor1d([1, 2, 3]);
  for (const engine of [...ENGINES, ...ENGINES]) {
    const description = await init({ engine });
    assertEquals([description.engine, tf.getBackend()], [engine, engine]);
    assertEquals(description.compiles, engine === "xla");
    assertEquals(devices(), description.devices);
    assertEquals(Array.from(tf.mul(x, 2).dataSync()), [2, 4, 6]);
  }
});

Deno.test("init() lists the engines when there is none of that name", async () => {
  const error = await assertRejects(() => init({ engine: "tpu9" }), EngineError);
  assert(
    error.message.startsWith("Cannot start the tpu9 engine as tfjs has no backend of that name"),
  );
});

Deno.test("init() refuses a number of devices that makes no sense", async () => {
  for (const devices of [0, 1.5, -1, NaN]) {
    await assertRejects(() => init({ devices }), RangeError, "must be a whole number >= 1");
  }
  await assertRejects(() => init({ engine: "cpu", devices: 2 }), EngineError, "it has one device");
});

Deno.test({
  name: "init() keeps the number of devices of a client that has started",
  ...skipUnless(hasXla, "the xla plugin is not installed"),
  async fn() {
    await init({ engine: "xla" });
    const error = await assertRejects(() => init({ engine: "xla", devices: 3 }), EngineError);
    assertEquals(
      error.message,
      "Cannot change the number of devices as the client has started: it has 1, asked for 3 " +
        "(call init({devices: 3}) first in a new process)",
    );
  },
});

/** Runs a script in a process of its own and gives its exit code and output. */
async function run(code: string, env: Record<string, string>) {
  const { code: exit, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", code],
    env,
    cwd: new URL("../../../", import.meta.url),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { exit, stdout: text(stdout), stderr: text(stderr) };
}

const SCRIPT = `
  import { init, jit } from "@meshwork/meshwork";
  import * as tf from "@tensorflow/tfjs";
  const { engine } = await init();
  console.log(engine, jit((x) => tf.add(x, 1))(tf.scalar(1)).dataSync()[0]);
`;

Deno.test("init() without a usable plugin says why in one line, and the same code runs on wasm", async () => {
  const notAPlugin = new URL("../../../LICENSE", import.meta.url).pathname;
  const { exit, stdout, stderr } = await run(SCRIPT, { MESHWORK_PJRT_PLUGIN: notAPlugin });
  assertEquals([exit, stdout], [0, "wasm 2\n"]);
  assertEquals(stderr.trim().split("\n").length, 1, stderr);
  assert(stderr.includes("Meshwork runs on tfjs's wasm backend"), stderr);
  assert(stderr.includes("LICENSE"), stderr);
});

Deno.test({
  name: "a process that used the xla engine, or only started it, ends quietly",
  ...skipUnless(hasXla, "the xla plugin is not installed"),
  async fn() {
    const started = await run(`import { init } from "@meshwork/meshwork"; await init();`, {});
    assertEquals(started, { exit: 0, stdout: "", stderr: "" });
    const used = await run(SCRIPT, {});
    assertEquals(used, { exit: 0, stdout: "xla 2\n", stderr: "" });
  },
});

Deno.test("init() says what to install for cuda and tpu", async () => {
  await assertRejects(() => init({ engine: "cuda" }), EngineError, "pip install jax-cuda12-pjrt");
  await assertRejects(() => init({ engine: "tpu" }), EngineError, "pip install libtpu");
});
