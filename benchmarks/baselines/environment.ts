/** The Python environments of the baselines. @module */
import {
  type Cannot,
  environmentFolder,
  interpreter,
  isMade,
  makeEnvironment,
  python,
} from "../../tools/python_environment.ts";

/**
 * The interpreter of an environment with all that a list beside this file names; makes it where it
 * is missing, which needs a network.
 */
export async function baselinePython(list = "requirements.txt"): Promise<string> {
  const requirements = new URL(list, import.meta.url).pathname;
  const made = await python(cannot, "--version") + await Deno.readTextFile(requirements);
  const folder = await environmentFolder("benchmarks", made);
  if (folder === null) throw cannot("there is no cache folder", "set HOME or XDG_CACHE_HOME");
  if (!(await isMade(folder))) {
    console.error(`Installing what ${list} names into ${folder} (once)`);
    await makeEnvironment(folder, { requirements, cannot });
  }
  return interpreter(folder);
}

const cannot: Cannot = (reason, remedy) =>
  new Error(
    `Cannot run the Python baseline as ${reason} (${remedy}; or leave it out, if there is --only)`,
  );
