/**
 * The Python environment that notebooks run in: made once, in the user's cache folder.
 *
 * It is a virtual environment without pip of its own (so that Debian's split Python suffices),
 * filled by the user's pip from a pinned list, with a kernel spec that starts this very Deno.
 *
 * @module
 */
import { cacheFolder, currentPathSource } from "../../lib/base/mod.ts";

/** Jupyter cannot be had on this machine; the message is one line that says why and what to do. */
export class PythonError extends Error {
  override readonly name: string = "PythonError";
}

/**
 * What an environment is for: `"run"` executes notebooks, `"pages"` also makes pages of them, and
 * `"lab"` also edits them.
 */
export type Purpose = "run" | "pages" | "lab";

/** An environment that stands. */
export interface PythonEnv {
  /** Its interpreter. */
  readonly python: string;
  /** The variables that a command in it needs. */
  readonly variables: Record<string, string>;
}

const LISTS: Readonly<Record<Purpose, readonly string[]>> = {
  run: ["requirements.txt"],
  pages: ["requirements_pages.txt", "requirements.txt"],
  lab: ["requirements_lab.txt", "requirements_pages.txt", "requirements.txt"],
};

/**
 * Starts a kernel that ignores SIGINT where nothing listens for it: Deno's own would end, and with
 * it all that was computed.
 */
const KEEP_ALIVE: readonly string[] = Deno.build.os === "windows"
  ? []
  : ["/bin/sh", "-c", `trap "" INT; exec "$0" "$@"`];

/**
 * Finds the environment or makes it, which needs a network once. Several processes may do so at the
 * same time: each fills a folder of its own, and the first to finish gives it its name.
 *
 * @throws {PythonError} If Python or pip is missing, or pip cannot fetch what is listed.
 */
export async function pythonEnv(purpose: Purpose): Promise<PythonEnv> {
  const folder = await envFolder(purpose);
  if (!(await exists(`${folder}/pyvenv.cfg`))) await makeEnv(folder, purpose);
  await writeKernelSpec(folder);
  const data = `${folder}/share/jupyter`;
  return {
    python: interpreter(folder),
    variables: { JUPYTER_PATH: data, TF_CPP_MIN_LOG_LEVEL: "3" },
  };
}

/** The folder's name holds what it was made from, so that another list or Python gets another. */
async function envFolder(purpose: Purpose): Promise<string> {
  const cache = cacheFolder(currentPathSource());
  if (cache === null) {
    throw cannot("there is no cache folder", "set HOME or XDG_CACHE_HOME");
  }
  const lists = await Promise.all(LISTS[purpose].map((name) => Deno.readTextFile(listPath(name))));
  const made = [await run("python3", ["--version"]), ...lists].join("\n");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made));
  return `${cache}/notebooks/${new Uint8Array(digest).toHex().slice(0, 12)}`;
}

async function makeEnv(folder: string, purpose: Purpose): Promise<void> {
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  await Deno.mkdir(parent, { recursive: true });
  const work = await Deno.makeTempDir({ dir: parent, prefix: ".making-" });
  console.error(`Making a Python environment for notebooks in ${folder} (once)`);
  try {
    await run("python3", ["-m", "venv", "--without-pip", work]);
    const list = listPath(LISTS[purpose][0]!);
    await run("python3", [
      ...["-m", "pip", "--python", interpreter(work), "install", "--quiet", "--no-input"],
      ...["--disable-pip-version-check", "--only-binary=:all:", "-r", list],
    ]);
    await Deno.rename(work, folder).catch(async (error) => {
      // Another process was faster; its environment is as good.
      if (!(await exists(`${folder}/pyvenv.cfg`))) throw error;
    });
  } finally {
    await Deno.remove(work, { recursive: true }).catch(() => {});
  }
}

/** Says how to start the kernel: with the Deno that runs now, whichever it is. */
async function writeKernelSpec(folder: string): Promise<void> {
  const deno = [Deno.execPath(), "jupyter", "--quiet", "--kernel", "--conn", "{connection_file}"];
  const spec = {
    argv: [...KEEP_ALIVE, ...deno],
    display_name: "Deno",
    language: "typescript",
    // The stop button sends SIGINT, which training listens for.
    interrupt_mode: "signal",
    // The kernel inherits this; XLA reads it when it is loaded.
    env: { TF_CPP_MIN_LOG_LEVEL: "3" },
  };
  const kernel = `${folder}/share/jupyter/kernels/deno`;
  await Deno.mkdir(kernel, { recursive: true });
  const beside = await Deno.makeTempFile({ dir: kernel });
  await Deno.writeTextFile(beside, JSON.stringify(spec, null, 2));
  await Deno.rename(beside, `${kernel}/kernel.json`);
}

/** Runs a command to its end and returns what it printed. */
async function run(command: string, args: readonly string[]): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(command, { args: [...args], stdin: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw cannot(`${command} is missing`, "install Python 3.10 or later with pip, then try again");
  }
  const [stdout, stderr] = [output.stdout, output.stderr].map((b) => new TextDecoder().decode(b));
  if (output.success) return stdout!;
  const reason = stderr!.trim().split("\n").findLast((line) => line.startsWith("ERROR")) ??
    stderr!.trim().split("\n").at(-1);
  throw cannot(
    `\`${command} ${args.slice(0, 2).join(" ")}\` failed: ${reason}`,
    "it needs pip 22.3 or later, and a network the first time",
  );
}

function cannot(reason: string, remedy: string): PythonError {
  return new PythonError(`Cannot run notebooks as ${reason} (${remedy})`);
}

function interpreter(folder: string): string {
  return Deno.build.os === "windows" ? `${folder}/Scripts/python.exe` : `${folder}/bin/python`;
}

function listPath(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
