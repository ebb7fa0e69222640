/**
 * Benchmarks what sharding costs: a training step of a graph convolutional network on all edges, on
 * one device and with the edges split over several devices of this process, and `psum` alone.
 *
 *     deno task bench:sharding
 *     --nodes N --edges E   the graph (20,000 and 1,000,000)
 *     --devices D           how many devices are compared with one (2)
 *     --rounds N --steps N  turns, and steps of a turn (9, 5)
 *
 * Parameters after five steps are compared before anything is timed; steps run by turns, and times
 * are compared round by round. Virtual devices of a CPU share its cores.
 */
import { init, pmap, psum, random, type Tensor, type Tree, treeLeaves } from "@meshwork/meshwork";
import { powerLawEdges } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";
import { machine, spread, table } from "./report.ts";
import { AXIS, copies, shardedStep } from "./sharded_step.ts";

/** Steps of one contender, each from the state that the last one left. */
interface Contender {
  readonly title: string;
  step(): Tensor;
  /** What the steps have made of the parameters, of the first device. */
  parameters?(): number[];
}

const [FEATURES, CLASSES] = [16, 4];
const TOLERANCE = 1e-4;

/** The step with its edges on so many devices. */
function convolutions(nodes: number, edges: number, devices: number): Contender {
  const drawn = powerLawEdges({ numNodes: nodes, count: edges });
  const shard = (ids: Int32Array): Tensor => tf.tensor2d(ids, [devices, edges / devices], "int32");
  const [senders, receivers] = [shard(drawn.senders), shard(drawn.receivers)];
  const { step, params } = shardedStep({ nodes, devices, features: FEATURES, classes: CLASSES });
  let state = params;
  return {
    title: `${devices} device(s)`,
    step: () => {
      const next = step(state, senders, receivers);
      state = next.params;
      return next.value;
    },
    parameters: () =>
      treeLeaves(state as Tree).flatMap((leaf) => [...tf.unstack(leaf)[0]!.dataSync()]),
  };
}

/** `psum` of as many numbers as nodes have features, over so many devices. */
function sums(N: number, devices: number): Contender {
  const sum = pmap((x: Tensor) => tf.mul(psum(x, "edges"), 1 / devices), { ...AXIS, donate: 0 });
  let x: Tensor = copies(random.normal(random.key(1), [N, FEATURES]), devices);
  return { title: `psum over ${devices}`, step: () => x = sum(x) };
}

/** Milliseconds a step: of the clock, and of all cores. */
function turn(contender: Contender, steps: number): { ms: number; cpuMs: number } {
  const [began, cpu] = [performance.now(), cpuMilliseconds()];
  let last!: Tensor;
  for (let i = 0; i < steps; i++) last = contender.step();
  last.dataSync();
  return { ms: (performance.now() - began) / steps, cpuMs: (cpuMilliseconds() - cpu) / steps };
}

/** Milliseconds of all cores that this process has used. */
function cpuMilliseconds(): number {
  const fields = Deno.readTextFileSync("/proc/self/stat").split(") ")[1]!.split(" ");
  return 10 * (Number(fields[11]) + Number(fields[12]));
}

async function main(): Promise<void> {
  const text = (usual: number) => ({ type: "string", default: String(usual) }) as const;
  const { values } = parseArgs({
    options: {
      ...{ nodes: text(20_000), edges: text(1_000_000), devices: text(2) },
      ...{ rounds: text(9), steps: text(5) },
    },
  });
  const [N, edges, devices, rounds, steps] = [
    ...[values.nodes, values.edges, values.devices, values.rounds, values.steps],
  ].map(Number) as [number, number, number, number, number];
  const { text: engine } = await init({ engine: "xla", devices });

  const contenders = [1, devices].map((count) => convolutions(N, edges, count));
  const [one, many] = contenders.map((contender) => {
    for (let i = 0; i < 5; i++) contender.step();
    return contender.parameters!();
  }) as [number[], number[]];
  const deviation = Math.max(...one.map((value, i) => Math.abs(value - many[i]!)));
  if (!(deviation < TOLERANCE)) throw new Error(`The parameters differ by ${deviation}`);

  const all = [...contenders, sums(N, devices)];
  all.forEach((contender) => turn(contender, 1));
  const turns = all.map(() => [] as { ms: number; cpuMs: number }[]);
  for (let round = 0; round < rounds; round++) {
    all.forEach((_, k) => {
      const i = (round + k) % all.length;
      turns[i]!.push(turn(all[i]!, steps));
    });
  }
  const rows = all.map(({ title }, i) => [
    title,
    spread(turns[i]!.map(({ ms }) => ms), 1),
    spread(turns[i]!.map(({ ms }, round) => ms / turns[0]![round]!.ms), 2),
    spread(turns[i]!.map(({ cpuMs }) => cpuMs), 1),
  ]);
  console.log(machine([engine]));
  console.log(
    `\n${N} nodes, ${edges} edges; after 5 steps parameters differ by ` +
      `${deviation.toExponential(1)}\n`,
  );
  console.log(table(["", "ms per step", "time, 1 device = 1", "cores' ms per step"], rows));
}

await main();
