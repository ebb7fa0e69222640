/**
 * Installs MPI, for programs of several processes: `deno task setup:mpi`.
 *
 * It is MPICH's own wheel, which pip fetches with its hash checked into a Python environment in the
 * user's cache folder. Where the `mpiexec` on PATH already has a library with MPI's standard ABI,
 * that one is taken. With `--if-possible` the exit code is 0 even where MPI cannot be had; one line
 * then says why.
 *
 * @module
 */
import { EngineError } from "../lib/base/mod.ts";
import { mpiBeside, mpiexecOnPath } from "../lib/sharding/mpi_path.ts";
import { type Cannot, ensureEnvironment, environmentFolder } from "./python_environment.ts";

const REQUIREMENTS = new URL("requirements/mpi.txt", import.meta.url).pathname;

/**
 * The `mpiexec` that tests and tools use: that on PATH, else the installed one; null if neither is.
 */
export async function findMpiexec(): Promise<string | null> {
  const own = mpiexecOnPath();
  if (own !== null && mpiBeside(own) !== null) return own;
  const installed = `${await mpiFolder()}/bin/mpiexec`;
  return mpiBeside(installed) === null ? null : installed;
}

/**
 * Installs MPI unless it is there, and returns the path of its `mpiexec`.
 *
 * @throws {EngineError} If Python or pip is missing, or pip cannot fetch the wheel.
 */
async function installMpi(): Promise<string> {
  const found = await findMpiexec();
  if (found !== null) return found;
  const folder = await ensureEnvironment("mpi", await Deno.readTextFile(REQUIREMENTS), {
    requirements: REQUIREMENTS,
    pip: ["--no-deps", "--require-hashes"],
    announce: (folder) => `Installing MPI into ${folder} (a download of 13 MB, once)`,
    cannot,
  });
  const made = await findMpiexec();
  if (made !== null) return made;
  throw cannot(`the wheel left no MPI library in ${folder}`, "remove the folder, and try again");
}

async function mpiFolder(): Promise<string | null> {
  return await environmentFolder("mpi", await Deno.readTextFile(REQUIREMENTS));
}

const cannot: Cannot = (reason, remedy) =>
  new EngineError(
    `Cannot install MPI as ${reason} (${remedy}; or install an MPI with the standard ABI yourself ` +
      "and put its mpiexec on PATH)",
  );

/** Runs the command line; returns the exit code. */
async function main([option, ...others]: readonly string[]): Promise<number> {
  const isOptional = option === "--if-possible";
  if (others.length > 0 || option !== undefined && !isOptional) {
    console.error(
      `Cannot run setup:mpi as it knows --if-possible alone: got ${Deno.args.join(" ")}`,
    );
    return 2;
  }
  const mpiexec = await installMpi().catch((error) => {
    console.error(error instanceof EngineError ? error.message : error);
    return null;
  });
  if (mpiexec === null) return isOptional ? 0 : 1;
  if (!isOptional) {
    console.log(`${mpiexec}\nTo start four processes: ${mpiexec} -n 4 deno run -A program.ts`);
  }
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
