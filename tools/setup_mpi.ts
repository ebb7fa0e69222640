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
import { cacheFolder, currentPathSource, EngineError } from "../lib/base/mod.ts";
import { mpiBeside, mpiexecOnPath } from "../lib/sharding/mpi_path.ts";

const REQUIREMENTS = new URL("requirements/mpi.txt", import.meta.url);

/**
 * The `mpiexec` that tests and tools use: that on PATH, else the installed one; null if neither is.
 */
export async function findMpiexec(): Promise<string | null> {
  const own = mpiexecOnPath();
  if (own !== null && mpiBeside(own) !== null) return own;
  const installed = `${await environmentFolder()}/bin/mpiexec`;
  return mpiBeside(installed) === null ? null : installed;
}

/**
 * Installs MPI unless it is there, and returns the path of its `mpiexec`. Several processes may do
 * so at once: each fills a folder of its own, and the first to finish gives it its name.
 *
 * @throws {EngineError} If Python or pip is missing, or pip cannot fetch the wheel.
 */
async function installMpi(): Promise<string> {
  const found = await findMpiexec();
  if (found !== null) return found;
  const folder = await environmentFolder();
  if (folder === null) throw cannot("there is no cache folder", "set HOME or XDG_CACHE_HOME");
  const parent = folder.slice(0, folder.lastIndexOf("/"));
  await Deno.mkdir(parent, { recursive: true });
  const work = await Deno.makeTempDir({ dir: parent, prefix: ".making-" });
  console.error(`Installing MPI into ${folder} (a download of 13 MB, once)`);
  try {
    // Without pip of its own, so that Debian's split Python suffices.
    await python("-m", "venv", "--without-pip", work);
    await python(
      ...["-m", "pip", "--python", `${work}/bin/python`, "install", "--quiet", "--no-input"],
      ...["--disable-pip-version-check", "--only-binary=:all:", "--no-deps", "--require-hashes"],
      ...["-r", REQUIREMENTS.pathname],
    );
    // Where another process was faster, its environment is as good.
    await Deno.rename(work, folder).catch(() => {});
  } finally {
    await Deno.remove(work, { recursive: true }).catch(() => {});
  }
  const made = await findMpiexec();
  if (made !== null) return made;
  throw cannot(`the wheel left no MPI library in ${folder}`, "remove the folder, and try again");
}

/** The folder's name holds what it is made from; null if there is no cache folder. */
async function environmentFolder(): Promise<string | null> {
  const cache = cacheFolder(currentPathSource());
  if (cache === null) return null;
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(REQUIREMENTS));
  return `${cache}/mpi/${new Uint8Array(digest).toHex().slice(0, 12)}`;
}

async function python(...args: string[]): Promise<void> {
  const { success, stderr } = await output(args);
  if (success) return;
  const lines = new TextDecoder().decode(stderr).trim().split("\n");
  const reason = lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1);
  throw cannot(
    `\`python3 ${args.slice(0, 2).join(" ")}\` failed: ${reason}`,
    "it needs pip 22.3 or later, and a network the first time; or install an MPI with the standard " +
      "ABI yourself and put its mpiexec on PATH",
  );
}

async function output(args: string[]): Promise<Deno.CommandOutput> {
  try {
    return await new Deno.Command("python3", { args, stdin: "null", stdout: "null" }).output();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw cannot("python3 is missing", "install Python 3 with pip 22.3 or later");
  }
}

function cannot(reason: string, remedy: string): EngineError {
  return new EngineError(`Cannot install MPI as ${reason} (${remedy})`);
}

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
