/**
 * `radiusGraph` and `nearestNeighbors` as a process that answers lines, as
 * `baselines/neighbors_scipy.py` does: `deno run -A neighbors_contender.ts CASE POINTS EDGES`.
 */
import { nearestNeighbors, type NeighborEdges, radiusGraph } from "@meshwork/meshwork";
import process from "node:process";
import { createInterface } from "node:readline";
import type { NeighborCase } from "./neighbors.ts";

const [settings, pointsPath, edgesPath] = Deno.args as [string, string, string];
const { radius, k, box } = JSON.parse(settings) as NeighborCase;
const data = new Float32Array((await Deno.readFile(pointsPath)).buffer);
const points = { shape: [data.length / 3, 3], data };

const edges = (): NeighborEdges =>
  k === null ? radiusGraph(points, radius, { box }) : nearestNeighbors(points, k, { box });

/** Both sides in the same order, so that they can be compared. */
async function write(): Promise<number> {
  const { senders, receivers } = edges();
  for (let first = 0; k !== null && first < senders.length; first += k) {
    senders.subarray(first, first + k).sort();
  }
  const both = new Int32Array(2 * senders.length);
  both.set(senders);
  both.set(receivers, senders.length);
  await Deno.writeFile(edgesPath, new Uint8Array(both.buffer));
  return senders.length;
}

const commands: Record<string, (count: number) => unknown> = {
  edges: write,
  run(count) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    for (let i = 0; i < count; i++) edges();
    const { user, system } = process.cpuUsage(cpu);
    return { ms: (performance.now() - start) / count, cpuMs: (user + system) / 1000 / count };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command, count] = line.split(" ") as [string, string];
  console.log(JSON.stringify(await commands[command]!(Number(count))));
}
