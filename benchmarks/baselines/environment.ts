/** The Python environment of the baselines: made once, in the user's cache folder. */
import { cacheFolder, currentPathSource } from "../../lib/base/mod.ts";

/**
 * The interpreter of an environment with all that a list of this folder names; makes it where it is
 * missing, which needs a network. The folder's name holds what it was made from.
 */
export async function baselinePython(list = "requirements.txt"): Promise<string> {
  const requirements = new URL(list, import.meta.url).pathname;
  const cache = cacheFolder(currentPathSource());
  if (cache === null) throw cannot("there is no cache folder", "set HOME or XDG_CACHE_HOME");
  const made = await run("python3", "--version") + await Deno.readTextFile(requirements);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(made));
  const folder = `${cache}/benchmarks/${new Uint8Array(digest).toHex().slice(0, 12)}`;
  const python = `${folder}/bin/python`;
  const done = `${folder}/done`;
  if (await Deno.stat(done).then(() => false, () => true)) {
    console.error(`Installing what ${list} lists for the baselines into ${folder} (once)`);
    // Without pip of its own, so that Debian's split Python suffices.
    await run("python3", "-m", "venv", "--without-pip", folder);
    const quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--only-binary=:all:"];
    await run("python3", "-m", "pip", "--python", python, "install", ...quiet, "-r", requirements);
    await Deno.writeTextFile(done, made);
  }
  return python;
}

/** Runs a command to its end and returns what it printed. */
async function run(command: string, ...args: string[]): Promise<string> {
  const output = await new Deno.Command(command, { args, stdin: "null" }).output().catch(() => {
    throw cannot(`${command} is missing`, "install Python 3.11 or later with pip 22.3 or later");
  });
  if (output.success) return new TextDecoder().decode(output.stdout);
  const reason = new TextDecoder().decode(output.stderr).trim().split("\n").at(-1);
  throw cannot(`\`${command} ${args.slice(0, 2).join(" ")}\` failed: ${reason}`, "see above");
}

function cannot(reason: string, remedy: string): Error {
  return new Error(
    `Cannot run the JAX baseline as ${reason} (${remedy}; or leave it out: --only xla,wasm,cpu)`,
  );
}
