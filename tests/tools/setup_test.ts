import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { ENGINE_VERSION, PLUGIN_FILE } from "../../lib/xla/plugin_path.ts";
import { skipUnless } from "../support/skip.ts";

const SETUP = new URL("../../tools/setup.ts", import.meta.url);
const MEANWHILE = "; meanwhile the same code runs on the built-in wasm or cpu backend)";

/** A machine of its own: an empty cache folder, and a PATH that may hold a fake python3. */
class Machine implements AsyncDisposable {
  readonly env: Record<string, string>;
  readonly engine: string;

  private constructor(readonly root: string) {
    this.engine = `${root}/cache/meshwork/engine/${ENGINE_VERSION}`;
    this.env = {
      HOME: root,
      XDG_CACHE_HOME: `${root}/cache`,
      DENO_DIR: `${root}/deno`,
      PATH: `${root}/bin`,
      // Whatever this machine has set up for pip, the tests use local files alone.
      PIP_CONFIG_FILE: "/dev/null",
      PIP_NO_INDEX: "1",
      PIP_FIND_LINKS: root,
      NO_COLOR: "1",
    };
  }

  static async start(python?: string): Promise<Machine> {
    const machine = new Machine(await Deno.makeTempDir());
    await Deno.mkdir(`${machine.root}/bin`);
    if (python !== undefined) {
      const path = `${machine.root}/bin/python3`;
      await Deno.writeTextFile(path, `#!/bin/sh\n${python}\n`);
      await Deno.chmod(path, 0o755);
    } else machine.env.PATH = Deno.env.get("PATH") ?? "";
    return machine;
  }

  async deno(...args: string[]): Promise<{ code: number; lines: string[] }> {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      env: this.env,
      clearEnv: true,
      cwd: this.root,
    }).output();
    const text = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
    return { code, lines: text.split("\n").filter((line) => line !== "") };
  }

  /** Runs the command. */
  setup(...args: string[]): Promise<{ code: number; lines: string[] }> {
    return this.deno("run", "-A", "--no-lock", SETUP.href, ...args);
  }

  /** Calls `installEngine` with options written as source, and prints what comes of it. */
  install(options: string): Promise<{ code: number; lines: string[] }> {
    return this.deno(
      "eval",
      "--no-lock",
      `import { installEngine } from ${JSON.stringify(SETUP.href)};
       try { console.log(await installEngine(${options})); }
       catch (error) { console.log(error.name + ": " + error.message); }`,
    );
  }

  /** The names in the engine's folder. */
  async installed(): Promise<string[]> {
    try {
      return (await Array.fromAsync(Deno.readDir(this.engine))).map(({ name }) => name).sort();
    } catch {
      return [];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

/** A python3 whose pip works; `download` and `unzip` are what its two commands do. */
function fakePython(download: string, unzip = ":"): string {
  return `for last; do :; done
case "$2 $3" in
"pip --version") exit 0 ;;
"pip download") ${download} ;;
"zipfile -e") ${unzip} ;;
esac`;
}

const fetched = ': > "$last/engine.whl"';

async function assertFails(machine: Machine, reason: string, announced = false): Promise<void> {
  const { code, lines } = await machine.setup();
  if (announced) assertMatch(lines.shift()!, /^Installing the XLA engine into /);
  assertEquals(lines.length, 1, lines.join("\n"));
  assertStringIncludes(lines[0]!, `Cannot install the XLA engine as ${reason}`);
  assertStringIncludes(lines[0]!, MEANWHILE);
  assertEquals(code, 1);
  assertEquals(await machine.installed(), []);
}

Deno.test("setup says that Python is missing", async () => {
  await using machine = await Machine.start("");
  await Deno.remove(`${machine.root}/bin/python3`);
  await assertFails(
    machine,
    "python3 is missing (install Python 3 with pip, then run setup again;",
  );
});

Deno.test("setup --if-possible says the same, and does not fail", async () => {
  await using machine = await Machine.start("exit 1");
  const failed = await machine.setup();
  assertEquals(failed.code, 1);
  assertEquals(await machine.setup("--if-possible"), { code: 0, lines: failed.lines });
});

Deno.test("setup says that Python has no pip", async () => {
  await using machine = await Machine.start("echo 'No module named pip' >&2; exit 1");
  await assertFails(machine, "python3 has no pip (install pip for python3, then run setup again;");
});

Deno.test("setup says why pip could not fetch the wheel, in one line", async () => {
  await using machine = await Machine.start(fakePython(
    "echo 'WARNING: Retrying after connection broken' >&2; echo 'ERROR: No network' >&2; exit 1",
  ));
  await assertFails(machine, "pip could not fetch it: ERROR: No network (check the network,", true);
});

Deno.test("setup says that the disk is full while the wheel is unpacked", async () => {
  await using machine = await Machine.start(
    fakePython(fetched, "echo 'OSError: [Errno 28] No space left on device' >&2; exit 1"),
  );
  await assertFails(machine, "the wheel did not unpack into ", true);
  const { lines } = await machine.setup();
  assertStringIncludes(lines[1]!, "No space left on device (free 300 MB there,");
});

Deno.test("setup says that its folder cannot be written", async () => {
  await using machine = await Machine.start(fakePython(fetched));
  await Deno.writeTextFile(machine.env.XDG_CACHE_HOME!, "a file where the folder should be");
  await assertFails(machine, `${machine.engine} cannot be written: `, true);
});

Deno.test("setup refuses a wheel without the plugin and a plugin that does not load", async () => {
  await using empty = await Machine.start(fakePython(fetched));
  await assertFails(empty, `the wheel holds no ${PLUGIN_FILE}`, true);
  await using text = await Machine.start(
    fakePython(fetched, `mkdir "$last/a"; echo text > "$last/a/${PLUGIN_FILE}"`),
  );
  text.env.PATH += ":/bin:/usr/bin";
  await assertFails(text, "its plugin does not load on this machine: ", true);
});

Deno.test("setup says that there is no build for a platform", async () => {
  await using machine = await Machine.start();
  for (const [os, arch] of [["darwin", "aarch64"], ["linux", "aarch64"], ["windows", "x86_64"]]) {
    const { lines } = await machine.install(JSON.stringify({ build: { os, arch } }));
    assertEquals(lines, [
      `EngineError: Cannot install the XLA engine as there is no packaged build for ${os} ${arch} ` +
      `(point MESHWORK_PJRT_PLUGIN at a PJRT plugin of your own${MEANWHILE}`,
    ]);
  }
});

Deno.test("setup says which plugin is chosen or installed, and needs no Python then", async () => {
  await using machine = await Machine.start("exit 1");
  machine.env.MESHWORK_PJRT_PLUGIN = "/a/plugin.so";
  assertEquals(await machine.setup(), {
    code: 0,
    lines: ["The XLA engine is ready: /a/plugin.so"],
  });
  assertEquals(await machine.setup("--if-possible"), { code: 0, lines: [] });
  delete machine.env.MESHWORK_PJRT_PLUGIN;
  await Deno.mkdir(machine.engine, { recursive: true });
  await Deno.writeTextFile(`${machine.engine}/${PLUGIN_FILE}`, "");
  const lines = [`The XLA engine is ready: ${machine.engine}/${PLUGIN_FILE}`];
  assertEquals(await machine.setup(), { code: 0, lines });
  assertEquals(await machine.setup("--if-possible"), { code: 0, lines: [] });
});

Deno.test("setup refuses an option that it does not know", async () => {
  await using machine = await Machine.start("exit 1");
  const { code, lines } = await machine.setup("--force");
  assertEquals(code, 2);
  assertEquals(lines, ["Cannot run setup as it knows no --force (usage: setup [--if-possible])"]);
});

Deno.test("installers that run at once do not harm each other, and clear what a killed one left", async () => {
  await using machine = await Machine.start(fakePython(
    fetched,
    `mkdir "$last/a"; i=0; while [ $i -lt 20000 ]; do echo "line $i"; i=$((i+1)); done ` +
      `> "$last/a/${PLUGIN_FILE}"`,
  ));
  machine.env.PATH += ":/bin:/usr/bin";
  const [old, recent] = [`${machine.engine}/.install-old`, `${machine.engine}/.install-recent`];
  await Deno.mkdir(old, { recursive: true });
  await Deno.mkdir(recent);
  await Deno.utime(old, 0, Date.now() / 1000 - 2 * 60 * 60);
  const path = `${machine.engine}/${PLUGIN_FILE}`;
  const results = await Promise.all(
    [1, 2, 3].map(() => machine.install("{ verify: () => {}, log: () => {} }")),
  );
  for (const { lines } of results) assertEquals(lines, [path]);
  assertEquals((await Deno.readTextFile(path)).trimEnd().split("\n").length, 20_000);
  assertEquals(await machine.installed(), [".install-recent", PLUGIN_FILE]);
});

async function hasPip(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("python3", { args: ["-m", "pip", "--version"] })
      .output();
    return success;
  } catch {
    return false;
  }
}

const needsPip = skipUnless(await hasPip(), "python3 with pip was not found");

/** Makes a small wheel of the engine's name in the machine's folder; returns its SHA-256. */
async function makeWheel({ root, env }: Machine): Promise<string> {
  const name = `lammps_jax_pjrt_cpu-${ENGINE_VERSION}`;
  const files = {
    [`lammps_jax_pjrt_cpu/${PLUGIN_FILE}`]: "the plugin",
    [`${name}.dist-info/METADATA`]:
      `Metadata-Version: 2.1\nName: lammps-jax-pjrt-cpu\nVersion: ${ENGINE_VERSION}\n`,
    [`${name}.dist-info/WHEEL`]: "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    [`${name}.dist-info/RECORD`]: "",
  };
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(`${root}/wheel/${path.split("/")[0]}`, { recursive: true });
    await Deno.writeTextFile(`${root}/wheel/${path}`, text);
  }
  const wheel = `${root}/${name}-py3-none-any.whl`;
  const { success } = await new Deno.Command("python3", {
    args: ["-m", "zipfile", "-c", wheel, "lammps_jax_pjrt_cpu", `${name}.dist-info`],
    cwd: `${root}/wheel`,
    env,
  }).output();
  assertEquals(success, true);
  const hash = await crypto.subtle.digest("SHA-256", await Deno.readFile(wheel));
  return new Uint8Array(hash).toHex();
}

Deno.test({
  name: "setup refuses a wheel whose hash is not the pinned one",
  ...needsPip,
  fn: async () => {
    await using machine = await Machine.start();
    await makeWheel(machine);
    await assertFails(
      machine,
      "the downloaded wheel does not have the pinned hash, so it was thrown away (",
      true,
    );
  },
});

Deno.test({
  name: "setup says that pip finds nothing where there is no network",
  ...needsPip,
  fn: async () => {
    await using machine = await Machine.start();
    await assertFails(machine, "pip could not fetch it: ERROR: No matching distribution", true);
  },
});

Deno.test({
  name: "setup installs the plugin out of a wheel with the pinned hash",
  ...needsPip,
  fn: async () => {
    await using machine = await Machine.start();
    const hash = await makeWheel(machine);
    const requirements = `${machine.root}/requirements.txt`;
    await Deno.writeTextFile(
      requirements,
      `lammps-jax-pjrt-cpu==${ENGINE_VERSION} --hash=sha256:${hash}\n`,
    );
    const { lines } = await machine.install(
      `{ requirements: new URL("file://${requirements}"), verify: () => {} }`,
    );
    assertEquals(lines[0], `${machine.engine}/${PLUGIN_FILE}`);
    assertEquals(await machine.installed(), [PLUGIN_FILE]);
    assertEquals(await Deno.readTextFile(`${machine.engine}/${PLUGIN_FILE}`), "the plugin");
  },
});
