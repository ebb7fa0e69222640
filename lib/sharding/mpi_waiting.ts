/**
 * How processes wait for each other where they share the cores of a machine.
 *
 * MPICH waits by asking again and again, which is quickest where each process has cores to spare.
 * Where they have not, a process that waits takes the core that the other one needs, and both are
 * slower by factors. These settings of MPICH let it sleep for a microsecond between two questions.
 *
 * @module
 */

const SLEEP: Readonly<Record<string, string>> = {
  MPIR_CVAR_ENABLE_HEAVY_YIELD: "1",
  MPIR_CVAR_CH4_PROGRESS_THROTTLE: "1",
  MPIR_CVAR_CH4_PROGRESS_THROTTLE_NO_PROGRESS_COUNT: "10",
};

/** Environment variables by name. */
type Environment = Pick<typeof Deno.env, "get" | "set">;

/**
 * Lets processes sleep while they wait if there are fewer than two cores for each of those on this
 * machine. What the user has set stays. To be called before the library is loaded.
 *
 * @param cores The cores of this machine.
 */
export function sleepIfCrowded(env: Environment, cores: number): void {
  // MPICH's mpiexec tells how many of the processes it started on this machine.
  const processes = Number(env.get("MPI_LOCALNRANKS") ?? 1);
  if (!(processes > 1 && 2 * processes > cores)) return;
  for (const [name, value] of Object.entries(SLEEP)) {
    if (env.get(name) === undefined) env.set(name, value);
  }
}
