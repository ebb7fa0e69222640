/**
 * The Python environment that notebooks run in, with a kernel spec that starts this very Deno.
 *
 * @module
 */
import { type Cannot, ensureEnvironment, interpreter, python } from "../python_environment.ts";

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
 * Finds the environment or makes it, which needs a network once.
 *
 * @throws {PythonError} If Python or pip is missing, or pip cannot fetch what is listed.
 */
export async function pythonEnv(purpose: Purpose): Promise<PythonEnv> {
  const lists = await Promise.all(LISTS[purpose].map((name) => Deno.readTextFile(listPath(name))));
  const made = [await python(cannot, "--version"), ...lists].join("\n");
  const folder = await ensureEnvironment("notebooks", made, {
    requirements: listPath(LISTS[purpose][0]!),
    announce: (folder) => `Making a Python environment for notebooks in ${folder} (once)`,
    cannot,
  });
  await writeKernelSpec(folder);
  const data = `${folder}/share/jupyter`;
  return {
    python: interpreter(folder),
    variables: { JUPYTER_PATH: data, TF_CPP_MIN_LOG_LEVEL: "3" },
  };
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

const cannot: Cannot = (reason, remedy) =>
  new PythonError(`Cannot run notebooks as ${reason} (${remedy})`);

function listPath(name: string): string {
  return new URL(name, import.meta.url).pathname;
}
