/** The Python environments of the baselines. @module */
import {
  type Cannot,
  ensureEnvironment,
  interpreter,
  python,
} from "../../tools/python_environment.ts";

/**
 * The interpreter of an environment with all that a list beside this file names; makes it where it
 * is missing, which needs a network.
 */
export async function baselinePython(list = "requirements.txt"): Promise<string> {
  const requirements = new URL(list, import.meta.url).pathname;
  const made = await python(cannot, "--version") + await Deno.readTextFile(requirements);
  const folder = await ensureEnvironment("benchmarks", made, {
    requirements,
    announce: (folder) => `Installing what ${list} names into ${folder} (once)`,
    cannot,
  });
  return interpreter(folder);
}

const cannot: Cannot = (reason, remedy) =>
  new Error(
    `Cannot run the Python baseline as ${reason} (${remedy}; or leave it out, if there is --only)`,
  );
