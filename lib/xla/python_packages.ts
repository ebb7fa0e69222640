/** Where Python keeps its packages: pip puts the plugins of GPUs and TPUs there. @module */
import { EngineError } from "../base/mod.ts";

/** The variable that names the Python to ask, e.g. that of a virtual environment. */
export const PYTHON_VARIABLE = "MESHWORK_PYTHON";

/** Python's own list of folders, one a line. */
const PRINT_FOLDERS = "import sys; print('\\n'.join(sys.path))";

/**
 * The folders of packages of a Python: the chosen one's, else those of `python3` or `python` on
 * PATH; none where there is no Python.
 *
 * @throws {EngineError} If Deno was not permitted to run it, or the chosen one does not run.
 */
export async function pythonPackageFolders(chosen: string | undefined): Promise<string[]> {
  for (const python of chosen ? [chosen] : ["python3", "python"]) {
    const output = await run(python, chosen !== undefined && chosen !== "");
    if (output === null) continue;
    return output.split(/\r?\n/).filter((line) => line !== "" && !line.endsWith(".zip"));
  }
  return [];
}

/** The output of a Python, or null if there is none of that name. */
async function run(python: string, isChosen: boolean): Promise<string | null> {
  let reason: string;
  try {
    const { success, stdout, stderr } = await new Deno.Command(python, {
      args: ["-c", PRINT_FOLDERS],
      stdin: "null",
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1) || "it failed";
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new EngineError(
        `Cannot look for plugins among Python's packages as Deno does not permit it: ` +
          `${error.message} (or name the plugin's file)`,
      );
    }
    reason = (error as Error).message;
  }
  if (!isChosen) return null;
  throw new EngineError(
    `Cannot look for plugins among Python's packages as ${PYTHON_VARIABLE} is no Python: ` +
      `${python}: ${reason} (name a Python's file, or unset it)`,
  );
}
