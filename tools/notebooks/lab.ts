/**
 * Starts JupyterLab on `notebooks/` with Deno's kernel: `deno task notebooks`. Arguments are passed
 * on to it: `deno task notebooks --ServerApp.root_dir=../mine` opens a folder of one's own.
 *
 * @module
 */
import { pythonEnv, PythonError } from "./python_env.ts";

const NOTEBOOKS = new URL("../../notebooks/", import.meta.url).pathname;

/** JupyterLab's option, which it refuses to be given twice. */
const ROOT_DIR = "--ServerApp.root_dir";

async function main(args: readonly string[]): Promise<number> {
  const env = await pythonEnv("lab");
  const lab = new Deno.Command(env.python, {
    args: [
      ...["-m", "jupyterlab", "--MultiKernelManager.default_kernel_name=deno"],
      ...(args.some((arg) => arg.startsWith(ROOT_DIR)) ? [] : [`${ROOT_DIR}=${NOTEBOOKS}`]),
      ...args,
    ],
    env: env.variables,
  }).spawn();
  // Ctrl-C reaches JupyterLab too, which asks whether it is meant; this process waits for the
  // answer.
  const ignore = (): void => {};
  Deno.addSignalListener("SIGINT", ignore);
  const { code } = await lab.status;
  Deno.removeSignalListener("SIGINT", ignore);
  return code;
}

if (import.meta.main) {
  try {
    Deno.exitCode = await main(Deno.args);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    console.error(error.message);
    Deno.exitCode = 1;
  }
}
