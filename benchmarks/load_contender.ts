/** Our side of the loading benchmark: a process that reads a data set when it is asked to. */
import { openMeshGraphNets } from "@meshwork/meshwork/datasets";
import { createInterface } from "node:readline";
import { cpuUsage, stdin } from "node:process";

const folder = Deno.args[0]!;

/** The sum of each field of the first record, by the fields' names in order. */
async function sums(): Promise<number[]> {
  for await (const record of await openMeshGraphNets(folder, "train")) {
    return Object.keys(record).sort().map((name) => {
      const field = record[name]!;
      const { data } = Array.isArray(field) ? field[0]! : field;
      return Array.from(data, Number).reduce((sum, value) => sum + value, 0);
    });
  }
  return [];
}

/** One pass over all records. */
async function run(): Promise<{ ms: number; cpuMs: number; peak: number }> {
  const [start, cpu] = [performance.now(), cpuUsage()];
  let peak = 0;
  for await (const _ of await openMeshGraphNets(folder, "train")) {
    peak = Math.max(peak, Deno.memoryUsage().rss);
  }
  const { user, system } = cpuUsage(cpu);
  return { ms: performance.now() - start, cpuMs: (user + system) / 1000, peak };
}

for await (const line of createInterface({ input: stdin })) {
  const [command] = line.split(" ");
  const answer = command === "sums"
    ? await sums()
    : command === "first"
    ? { totalMs: 0, traceMs: 0, compileMs: 0, version: `Deno ${Deno.version.deno}` }
    : await run();
  console.log(JSON.stringify(answer));
}
