import { assertEquals } from "@std/assert";
import { sleepIfCrowded } from "../../../lib/sharding/mpi_waiting.ts";

/** What is set for so many processes on so many cores. */
function settings(processes: string | null, cores: number, own: Record<string, string> = {}) {
  const variables = new Map(Object.entries(own));
  if (processes !== null) variables.set("MPI_LOCALNRANKS", processes);
  const get = (name: string): string | undefined => variables.get(name);
  sleepIfCrowded({ get, set: (name, value) => void variables.set(name, value) }, cores);
  variables.delete("MPI_LOCALNRANKS");
  return Object.fromEntries(variables);
}

const SLEEP = {
  MPIR_CVAR_ENABLE_HEAVY_YIELD: "1",
  MPIR_CVAR_CH4_PROGRESS_THROTTLE: "1",
  MPIR_CVAR_CH4_PROGRESS_THROTTLE_NO_PROGRESS_COUNT: "10",
};

Deno.test("processes sleep while they wait where each has fewer than two cores", () => {
  assertEquals(settings("2", 2), SLEEP);
  assertEquals(settings("4", 7), SLEEP);
  assertEquals(settings("4", 8), {});
});

Deno.test("one process, or one of an unknown number, waits as MPI will have it", () => {
  assertEquals(settings("1", 1), {});
  assertEquals(settings(null, 1), {});
  assertEquals(settings("many", 1), {});
});

Deno.test("what the user has set stays", () => {
  const own = { MPIR_CVAR_ENABLE_HEAVY_YIELD: "0" };
  assertEquals(settings("2", 2, own), { ...SLEEP, ...own });
});
