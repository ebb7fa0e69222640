/**
 * What an eager op on small tensors costs on xla when a process uses it first, and later: run and
 * read, in fresh processes.
 */
import { quantile } from "./quantile.ts";
import { local } from "./race.ts";

/**
 * Times of an op, run and read; milliseconds. Of several processes the lower quartiles: one that is
 * interrupted for another program waits longer than any op takes.
 */
export interface Use {
  readonly op: string;
  readonly firstMs: number;
  readonly nextMs: number;
}

/** Measures some fresh processes, one after the other. */
export async function firstUses(processes: number): Promise<Use[]> {
  const runs: Use[][] = [];
  while (runs.length < processes) {
    console.error(`process ${runs.length + 1} of ${processes}`);
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", local("first_use_process.ts")],
      stderr: "inherit",
    }).output();
    if (!success) throw new Error("Cannot time ops as a process ended (the reason is above)");
    runs.push(JSON.parse(new TextDecoder().decode(stdout)));
  }
  return runs[0]!.map(({ op }, i) => ({
    op,
    firstMs: quantile(runs.map((uses) => uses[i]!.firstMs), 0.25),
    nextMs: quantile(runs.map((uses) => uses[i]!.nextMs), 0.25),
  }));
}
