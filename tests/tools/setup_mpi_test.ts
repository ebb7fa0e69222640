import { assertEquals } from "@std/assert";

const SETUP = new URL("../../tools/setup_mpi.ts", import.meta.url);

/** How all refusals end. */
const OWN = "or install an MPI with the standard ABI yourself and put its mpiexec on PATH)";

/** Runs the command on a machine with an empty cache folder, and a PATH that may hold a python3. */
async function setup(python: string | null, ...args: string[]): Promise<[number, string]> {
  const root = await Deno.makeTempDir();
  if (python !== null) {
    await Deno.writeTextFile(`${root}/python3`, `#!/bin/sh\n${python}\n`, { mode: 0o755 });
  }
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-lock", SETUP.href, ...args],
    env: { XDG_CACHE_HOME: root, DENO_DIR: `${root}/deno`, PATH: root, NO_COLOR: "1" },
    clearEnv: true,
    cwd: root,
  }).output();
  const left =
    [...Deno.readDirSync(`${root}/meshwork/mpi`)].filter(({ name }) => name.startsWith(".")).length;
  assertEquals(left, 0, "a folder is left behind");
  const lines = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  return [code, lines.trim().split("\n").at(-1)!];
}

Deno.test("set-up of MPI without Python says in one line what is missing", async () => {
  const line =
    `Cannot install MPI as python3 is missing (install Python 3 with pip 22.3 or later; ${OWN}`;
  assertEquals(await setup(null), [1, line]);
  assertEquals(await setup(null, "--if-possible"), [0, line]);
});

Deno.test("set-up of MPI without a network repeats what pip says", async () => {
  const python =
    `case "$*" in *install*) echo "ERROR: No matching distribution" >&2; exit 1;; esac`;
  assertEquals(await setup(python), [
    1,
    "Cannot install MPI as `python3 -m pip` failed: ERROR: No matching distribution (it needs pip " +
    `22.3 or later, and a network the first time; ${OWN}`,
  ]);
});

Deno.test("set-up of MPI where pip leaves no library says so", async () => {
  const [code, line] = await setup("exit 0");
  assertEquals(code, 1);
  assertEquals(
    line.replace(/in \S+ \(/, "in FOLDER ("),
    "Cannot install MPI as the wheel left no MPI library in FOLDER (remove the folder, and try " +
      `again; ${OWN}`,
  );
});
