/**
 * Starts JupyterLab on `notebooks/` with Deno's kernel: `deno task notebooks`. Arguments are passed
 * on to it.
 *
 * @module
 */
import { pythonEnv, PythonError } from "./python_env.ts";

const NOTEBOOKS = new URL("../../notebooks/", import.meta.url).pathname;

async function main(args: readonly string[]): Promise<number> {
  const env = await pythonEnv("lab");
  const lab = new Deno.Command(env.python, {
    args: [
      ...["-m", "jupyterlab", `--ServerApp.root_dir=${NOTEBOOKS}`],
      "--MultiKernelManager.default_kernel_name=deno",
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
