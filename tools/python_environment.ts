/**
 * Python environments in the user's cache folder: of MPI, of notebooks, of the peers in benchmarks.
 *
 * Each is a virtual environment without pip of its own (so that Debian's split Python suffices),
 * filled by the user's pip, once. Its name holds what it is made from, so that another list gets
 * another; and it gets the name when it is whole.
 *
 * @module
 */
import { cacheFolder, currentPathSource } from "../lib/base/mod.ts";

/** Makes the error that says why there is no environment, and what to do. */
export type Cannot = (reason: string, remedy: string) => Error;

/** What an environment is filled with. */
export interface Contents {
  /** The list that pip gets, a file. */
  readonly requirements: string;
  /** What pip is told beside. */
  readonly pip?: readonly string[];
  /** What is said before an environment is made, of its folder. */
  readonly announce: (folder: string) => string;
  readonly cannot: Cannot;
}

/** The folder of an environment of a kind, made from what a text says; null without a cache. */
export async function environmentFolder(kind: string, made: string): Promise<string | null> {
  const cache = cacheFolder(currentPathSource());
  if (cache === null) return null;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made));
  return `${cache}/${kind}/${new Uint8Array(digest).toHex().slice(0, 12)}`;
}

/** The interpreter of an environment. */
export function interpreter(folder: string): string {
  return Deno.build.os === "windows" ? `${folder}/Scripts/python.exe` : `${folder}/bin/python`;
}

/**
 * The folder of an environment of a kind, which is made where it is missing; that needs a network.
 *
 * @throws {Error} What `cannot` makes, if there is no cache folder, no Python or pip, or pip
 * cannot fetch what is listed.
 */
export async function ensureEnvironment(
  kind: string,
  made: string,
  contents: Contents,
): Promise<string> {
  const folder = await environmentFolder(kind, made);
  if (folder === null) {
    throw contents.cannot("there is no cache folder", "set HOME or XDG_CACHE_HOME");
  }
  if (!(await isMade(folder))) {
    console.error(contents.announce(folder));
    await makeEnvironment(folder, contents);
  }
  return folder;
}

/** Whether an environment stands. */
async function isMade(folder: string): Promise<boolean> {
  return await Deno.stat(`${folder}/pyvenv.cfg`).then(() => true, () => false);
}

/**
 * Makes an environment. Several processes may do so at once: each fills a folder of its own, and
 * the first to finish gives it its name.
 */
async function makeEnvironment(folder: string, contents: Contents): Promise<void> {
  const { requirements, pip = [], cannot } = contents;
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  await Deno.mkdir(parent, { recursive: true });
  const work = await Deno.makeTempDir({ dir: parent, prefix: ".making-" });
  try {
    await python(cannot, "-m", "venv", "--without-pip", work);
    await python(
      cannot,
      ...["-m", "pip", "--python", interpreter(work), "install", "--quiet", "--no-input"],
      ...["--disable-pip-version-check", "--only-binary=:all:", ...pip, "-r", requirements],
    );
    await Deno.rename(work, folder).catch(async (error) => {
      // Another process was faster; its environment is as good.
      if (!(await isMade(folder))) throw error;
    });
  } finally {
    await Deno.remove(work, { recursive: true }).catch(() => {});
  }
}

/**
 * Runs the user's Python to its end and returns what it printed.
 *
 * @throws {Error} What `cannot` makes, if it is missing or fails.
 */
export async function python(cannot: Cannot, ...args: readonly string[]): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command("python3", { args: [...args], stdin: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw cannot("python3 is missing", "install Python 3 with pip 22.3 or later");
  }
  const [stdout, stderr] = [output.stdout, output.stderr].map((b) => new TextDecoder().decode(b));
  if (output.success) return stdout!;
  const lines = stderr!.trim().split("\n");
  throw cannot(
    `\`python3 ${args.slice(0, 2).join(" ")}\` failed: ` +
      (lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1)),
    "it needs pip 22.3 or later, and a network the first time",
  );
}
