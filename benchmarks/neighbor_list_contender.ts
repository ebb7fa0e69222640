/**
 * A run of `neighborList` in one program as a process that answers lines, as
 * `baselines/neighbor_list_jax_md.py` does: `deno run -A neighbor_list_contender.ts CASE POINTS
 * EDGES`.
 */
import * as tf from "@tensorflow/tfjs";
import {
  init,
  jit,
  type NeighborList,
  neighborList,
  scan,
  type Tensor,
  treeDispose,
} from "@meshwork/meshwork";
import process from "node:process";
import { createInterface } from "node:readline";
import type { ListCase } from "./neighbor_list.ts";

const [settings, pointsPath, edgesPath] = Deno.args as [string, string, string];
const { radius, dim, steps } = JSON.parse(settings) as ListCase;
await init({ engine: "xla" });
const points = new Float32Array((await Deno.readFile(pointsPath)).buffer);
const [positions, moves] = tf.unstack(tf.tensor(points, [2, points.length / 2 / dim, dim])) as [
  Tensor,
  Tensor,
];
const neighbors = neighborList({ radius, box: 1, capacityMultiplier: 1.5 });
const allocated = neighbors.allocate(positions);

const roll = jit((x: Tensor, list: NeighborList) =>
  scan(
    ([x, list]: readonly [Tensor, NeighborList]) => {
      const moved = tf.add(x, moves);
      return [[tf.sub(moved, tf.floor(moved)), neighbors.update(x, list)] as const, null];
    },
    [x, list] as const,
    null,
    { length: steps },
  )[0][1]
);

/** Runs, and waits. */
function runOnce(): NeighborList {
  return tf.tidy(() => {
    const list = roll(positions, allocated);
    list.numEdges.dataSync();
    return { ...list };
  });
}

async function write(): Promise<number> {
  const list = runOnce();
  if (list.didOverflow.dataSync()[0]) throw new Error("Cannot compare as the list lacked room");
  const size = list.numEdges.dataSync()[0]!;
  const [senders, receivers] = [list.senders, list.receivers].map((ids) => ids.dataSync());
  const order = Array.from({ length: size }, (_, e) => e)
    .sort((a, b) => receivers![a]! - receivers![b]! || senders![a]! - senders![b]!);
  const sorted = [senders!, receivers!].flatMap((ids) => order.map((e) => ids[e]!));
  await Deno.writeFile(edgesPath, new Uint8Array(Int32Array.from(sorted).buffer));
  return size;
}

const commands: Record<string, (count: number) => unknown> = {
  edges: write,
  run(count) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    for (let i = 0; i < count; i++) treeDispose(runOnce());
    const { user, system } = process.cpuUsage(cpu);
    const all = count * steps;
    return { ms: (performance.now() - start) / all, cpuMs: (user + system) / 1000 / all };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [command, count] = line.split(" ") as [string, string];
  console.log(JSON.stringify(await commands[command]!(Number(count))));
}
