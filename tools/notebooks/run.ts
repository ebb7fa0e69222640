/**
 * Executes notebooks headless through Deno's Jupyter kernel, and fails if one fails.
 *
 *     deno task notebooks:run                       all of notebooks/
 *     deno task notebooks:run notebooks/08_meshes.ipynb --output out/notebooks
 *     deno task notebooks:run --html                executed copies as pages, in out/notebooks
 *
 * Options: `--timeout SECONDS` for each cell (600), `--output DIR` for executed copies, `--html`
 * for pages of them. The stored notebooks are never changed.
 *
 * @module
 */
import { parseArgs } from "node:util";
import { type PythonEnv, pythonEnv, PythonError } from "./python_env.ts";

const SCRIPT = new URL("execute.py", import.meta.url).pathname;
const NOTEBOOKS = new URL("../../notebooks/", import.meta.url).pathname;
const DEFAULT_OUTPUT = "out/notebooks";

/** All stored notebooks, by name. */
async function storedNotebooks(): Promise<string[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(NOTEBOOKS)) {
    if (isFile && name.endsWith(".ipynb")) names.push(name);
  }
  return names.sort().map((name) => NOTEBOOKS + name);
}

/** Runs a Python command in the environment and returns its exit code. */
async function python(env: PythonEnv, args: readonly string[]): Promise<number> {
  const command = new Deno.Command(env.python, {
    args: [...args],
    env: env.variables,
    stdin: "null",
  });
  return (await command.spawn().status).code;
}

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      timeout: { type: "string" },
      output: { type: "string" },
      html: { type: "boolean" },
    },
  });
  const output = values.output ?? (values.html ? DEFAULT_OUTPUT : undefined);
  const notebooks = positionals.length > 0 ? positionals : await storedNotebooks();
  const env = await pythonEnv(values.html ? "pages" : "run");
  const code = await python(env, [
    SCRIPT,
    ...(values.timeout === undefined ? [] : ["--timeout", values.timeout]),
    ...(output === undefined ? [] : ["--output", output]),
    ...notebooks,
  ]);
  if (!values.html) return code;
  const copies = notebooks.map((path) => `${output}/${path.split("/").at(-1)}`);
  const page = ["-m", "nbconvert", "--log-level=ERROR", "--to", "html", ...copies];
  return await python(env, page) || code;
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main(Deno.args);
  } catch (error) {
    if (!(error instanceof PythonError) && !(error instanceof TypeError)) throw error;
    console.error(error.message);
    Deno.exitCode = 1;
  }
}
