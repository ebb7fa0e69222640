import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { devices, EngineError, init } from "../../../mod.ts";
import { ENGINES, hasXla } from "../../support/engines.ts";
import { skipUnless } from "../../support/skip.ts";
import { currentPathSource } from "../../../lib/base/mod.ts";
import { installedPlugin } from "../../../lib/xla/plugin_path.ts";

const cpuPlugin = await installedPlugin(currentPathSource());

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

Deno.test("init() without a name starts the best engine there is", async () => {
  const { engine, text } = await init({ verbose: false });
  assertEquals([engine, tf.getBackend()], hasXla ? ["xla", "xla"] : ["wasm", "wasm"]);
  assert(text.startsWith(`Meshwork runs on ${hasXla ? "xla" : "tfjs's wasm backend"}`), text);
});

Deno.test("init() says that a backend did not start", async () => {
  tf.registerBackend("broken", () => {
    throw new Error("no such hardware");
  });
  await assertRejects(
    () => init({ engine: "broken" }),
    EngineError,
    "Cannot start the broken engine as its backend did not initialise",
  );
  tf.removeBackend("broken");
});

Deno.test("devices() are those of the backend that was set last, by init() or by tfjs", async () => {
  await init({ engine: "wasm" });
  await tf.setBackend("cpu");
  const [device, ...others] = devices();
  assertEquals([device!.id, device!.platform, device!.description], [0, "cpu", "tfjs cpu"]);
  assertEquals(others, []);
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

/** Starts each in turn, in one process, and prints the engine or the error. */
async function runInits(options: unknown[], env: Record<string, string>): Promise<string[]> {
  const { stdout } = await run(
    `
      import { init } from "@meshwork/meshwork";
      for (const options of ${JSON.stringify(options)}) {
        console.log(await init(options).then(
          ({ engine, devices }) => engine + " " + devices.length + " " + devices[0].platform,
          ({ name, message }) => name + ": " + message,
        ));
      }
    `,
    env,
  );
  return stdout.trimEnd().split("\n");
}

Deno.test("init() says what to install for cuda and tpu where Python has no such package", async () => {
  const env = { MESHWORK_PYTHON: "", PATH: "/nowhere", TPU_LIBRARY_PATH: "" };
  const [cuda, tpu] = await runInits([{ engine: "cuda" }, { engine: "tpu" }], env);
  const elsewhere = "if another Python has it, set MESHWORK_PYTHON to that Python, or " +
    "MESHWORK_PJRT_PLUGIN to the plugin's file)";
  assertEquals(
    cuda,
    "EngineError: Cannot start the cuda plugin as it is not installed: Python's packages hold no " +
      "jax_plugins/xla_cuda13/xla_cuda_plugin.so and no jax_plugins/xla_cuda12/xla_cuda_plugin.so " +
      '(`pip install "jax-cuda13-plugin[with-cuda]"`, or cuda12 for drivers before 580: it brings ' +
      `jax-cuda13-pjrt and NVIDIA's libraries; ${elsewhere}`,
  );
  assertEquals(
    tpu,
    "EngineError: Cannot start the tpu plugin as it is not installed: Python's packages hold no " +
      `libtpu/libtpu.so (\`pip install libtpu\`; ${elsewhere}`,
  );
});

Deno.test("init() says when a plugin's file is missing or none", async () => {
  for (const options of [{ engine: "/no/such/plugin.so" }, { plugin: "/no/such/plugin.so" }]) {
    await assertRejects(() => init(options), EngineError, "/no/such/plugin.so");
  }
  await assertRejects(
    () => init({ engine: "wasm", plugin: "cpu" }),
    EngineError,
    "Cannot start the wasm engine with a plugin or options of one as only xla has plugins " +
      '(use {engine: "xla"})',
  );
});

Deno.test({
  name: "init() starts a plugin by name, path or variable, and one of them a process",
  ...skipUnless(cpuPlugin !== null, "the CPU plugin is not installed"),
  async fn() {
    const plugin = cpuPlugin!;
    const again = [{ engine: plugin }, { engine: "xla", plugin: "cpu" }, { devices: 2 }, {}];
    assertEquals(
      await runInits([{ plugin: "cpu", devices: 2 }, ...again], { MESHWORK_PJRT_PLUGIN: "/no.so" }),
      Array(4).fill("xla 2 cpu").concat("xla 2 cpu"),
    );
    const [, other] = await runInits([{}, { devices: 3 }], { MESHWORK_PJRT_PLUGIN: "cpu" });
    assertEquals(
      other,
      "EngineError: Cannot change the number of devices as the client has started: it has 1, " +
        "asked for 3 (call init({devices: 3}) first in a new process)",
    );
    const options = [{ engine: "xla" }, { engine: "/other/plugin.so" }, {
      engine: "xla",
      clientOptions: { cpu_device_count: 3 },
    }];
    assertEquals(await runInits(options, { MESHWORK_PJRT_PLUGIN: "cpu" }), [
      "xla 1 cpu",
      `EngineError: Cannot start another plugin as a process has one client: it runs ${plugin}, ` +
      "asked for /other/plugin.so (call init for /other/plugin.so first in a new process)",
      "EngineError: Cannot change the client's options as it has started: it has {}, asked for " +
      '{"cpu_device_count":3} (give them to the first init of a process)',
    ]);
    assertEquals(
      await runInits([{ clientOptions: { nonsense: 1 } }, {
        clientOptions: { cpu_device_count: 3 },
      }], {}),
      [
        "PjrtError: Cannot start a client as the plugin reports INVALID_ARGUMENT: Unexpected option " +
        "name passed to PJRT_Client_Create: nonsense",
        "xla 3 cpu",
      ],
    );
  },
});

Deno.test("devices() tell their platform, and that there is no memory to be told of a CPU", async () => {
  for (const engine of ENGINES) {
    await init({ engine });
    const [device] = devices();
    assertEquals([device!.id, device!.platform], [0, "cpu"]);
    assert(device!.kind !== "" && device!.platformVersion !== "");
    assertEquals(device!.memory(), null);
  }
});

Deno.test("init() called while it starts waits, and the last call's engine is what runs", async () => {
  const [first, second] = await Promise.all([init({ engine: "wasm" }), init({ engine: "cpu" })]);
  assertEquals([first.engine, second.engine, tf.getBackend()], ["wasm", "cpu", "cpu"]);
  assertEquals(devices(), second.devices);
});

Deno.test({
  name: "init() called twice at once starts one client",
  ...skipUnless(hasXla, "the xla plugin is not installed"),
  async fn() {
    const { stdout } = await run(
      `
        import { init } from "@meshwork/meshwork";
        const [first, second] = await Promise.all([init(), init({ engine: "xla" })]);
        console.log(first.devices.length, first.devices[0] === second.devices[0]);
      `,
      {},
    );
    assertEquals(stdout, "1 true\n");
  },
});

Deno.test("init() starts a backend again that tfjs was told to remove", async () => {
  const { stdout, stderr } = await run(
    `
      import { init } from "@meshwork/meshwork";
      import * as tf from "@tensorflow/tfjs";
      await init({ engine: "wasm" });
      tf.removeBackend("wasm");
      await init({ engine: "wasm" });
      const x = tf.tensor1d([1, 2]);
      console.log(tf.getBackend(), tf.mul(x, 2).dataSync()[1], tf.log1p(x.mul(0)).dataSync()[0]);
    `,
    {},
  );
  assertEquals([stdout, stderr], ["wasm 4 0\n", ""]);
});
