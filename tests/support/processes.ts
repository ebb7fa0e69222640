/** Tests of several processes, which `mpiexec` starts. @module */
import { findMpiexec } from "../../tools/setup_mpi.ts";
import { hasXla } from "./engines.ts";
import { skipUnless } from "./skip.ts";
import { isLong, longTest } from "./tier.ts";

/** The `mpiexec` that tests use; null where there is none. */
export const mpiexec: string | null = await findMpiexec();

/** How a job ended. */
export interface Ended {
  readonly code: number;
  /** What all processes printed, stdout and stderr. */
  readonly text: string;
  /** What each process reported, by rank; null for one that reported nothing. */
  readonly reports: readonly unknown[];
}

/** No job of the tests takes so long; one that does hangs. */
const LIMIT_MS = 180_000;

/**
 * Runs a script in several processes: `script folder ...args`. What a process writes as JSON into
 * `folder/<rank>.json` is its report.
 *
 * @throws {Error} If the job hangs; it is ended.
 */
export function runProcesses(count: number, script: URL, ...args: string[]): Promise<Ended> {
  return runProcessesBy([], count, script, ...args);
}

/** The same, with Deno started by another command. */
export async function runProcessesBy(
  starter: readonly string[],
  count: number,
  script: URL,
  ...args: string[]
): Promise<Ended> {
  const folder = await Deno.makeTempDir();
  const deno = [Deno.execPath(), "run", "-A", script.pathname, folder, ...args];
  const child = new Deno.Command(mpiexec!, {
    args: ["-n", String(count), ...starter, ...deno],
    env: { NO_COLOR: "1" },
    ...{ stdin: "null", stdout: "piped", stderr: "piped" },
  }).spawn();
  let hangs = false;
  const timer = setTimeout(() => {
    hangs = true;
    child.kill("SIGTERM"); // mpiexec ends what it started
  }, LIMIT_MS);
  const { code, stdout, stderr } = await child.output().finally(() => clearTimeout(timer));
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  if (hangs) throw new Error(`The job of ${count} processes hangs: ${text}`);
  const reports = Array.from({ length: count }, (_, rank) => readReport(`${folder}/${rank}.json`));
  await Deno.remove(folder, { recursive: true });
  return { code, text, reports };
}

function readReport(path: string): unknown {
  try {
    return JSON.parse(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

/** Registers a test that needs MPI and the xla engine: `name [mpi]`. */
export function mpiTest(name: string, fn: () => Promise<void>): void {
  const there = hasXla && mpiexec !== null;
  const skipped = skipUnless(there, "MPI or xla is not installed (deno task setup:mpi)");
  Deno.test({ name: `${name} [mpi]`, ...skipped, fn });
}

/** The same in the long tier only. */
export function longMpiTest(name: string, fn: () => Promise<void>): void {
  if (isLong) mpiTest(name, fn);
  else longTest(`${name} [mpi]`, fn);
}
