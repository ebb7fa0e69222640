/**
 * Benchmarks what sharding costs: a training step of a graph convolutional network on all edges, on one
 * device and with the edges split over several devices of this process, and `psum` alone.
 *
 *     deno task bench:sharding
 *     --nodes N --edges E   the graph (20,000 and 1,000,000)
 *     --devices D           how many devices are compared with one (2)
 *     --rounds N --steps N  turns, and steps of a turn (9, 5)
 *
 * First losses are compared before anything is timed; steps run by turns, and times are compared round
 * by round. Virtual devices of a CPU share its cores.
 */
import {
  applyUpdates,
  init,
  linear,
  losses,
  pmap,
  pmean,
  psum,
  random,
  sgd,
  shardedGraphConvolution,
  type Tensor,
  treeMap,
  valueAndGrad,
} from "@meshwork/meshwork";
import { powerLawEdges } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";
import { machine, spread, table } from "./report.ts";

/** Steps of one contender, each from the state that the last one left. */
interface Contender {
  readonly title: string;
  step(): Tensor;
}

const WIDTHS = { features: 16, hidden: 16, classes: 4 };
const AXIS = { axisName: "edges" };
const TOLERANCE = 1e-4;

const copies = <T>(tree: T, devices: number): T =>
  treeMap((leaf: Tensor) => tf.stack(Array<Tensor>(devices).fill(leaf)), tree as never) as T;

/** The step of two convolutions with edges on so many devices. */
function convolutions(N: number, edges: number, devices: number): Contender {
  const drawn = powerLawEdges({ numNodes: N, count: edges });
  const shard = (ids: Int32Array): Tensor => tf.tensor2d(ids, [devices, edges / devices], "int32");
  const [senders, receivers] = [shard(drawn.senders), shard(drawn.receivers)];
  const [keyX, ...keys] = tf.unstack(random.split(random.key(0), 3));
  const x = random.normal(keyX!, [N, WIDTHS.features]);
  const labels = tf.cast(tf.argMax(tf.slice(x, [0, 0], [N, WIDTHS.classes]), 1), "int32");
  const [first, second] = [linear({ size: WIDTHS.hidden }), linear({ size: WIDTHS.classes })];
  const start = {
    first: first.init(keys[0]!, WIDTHS.features),
    second: second.init(keys[1]!, WIDTHS.hidden),
  };
  const optimizer = sgd(0.1);
  const step = pmap((p: typeof start, senders: Tensor, receivers: Tensor) => {
    const one = (count: number): Tensor => tf.fill([1], count, "int32");
    const graph = {
      ...{ nodes: x, deviceEdges: null, deviceSenders: senders, deviceReceivers: receivers },
      ...{ senders, receivers, globals: null, nNode: one(N), nEdge: one(senders.size) },
      ...{ deviceNEdge: one(senders.size), deviceGraphIdx: one(0) },
    };
    const loss = (p: typeof start): Tensor => {
      const hidden = shardedGraphConvolution({
        updateNodeFn: (nodes: Tensor) => first.apply(p.first, nodes),
      }, AXIS)(graph);
      const { nodes } = shardedGraphConvolution({
        updateNodeFn: (nodes: Tensor) => second.apply(p.second, tf.relu(nodes)),
      }, AXIS)(hidden);
      return tf.mean(losses.softmaxCrossEntropyWithIntegerLabels(nodes, labels));
    };
    const [value, grads] = valueAndGrad(loss)(p);
    const [updates] = optimizer.update(pmean(grads, "edges"), optimizer.init(p));
    return { value, params: applyUpdates(p, updates) };
  }, { ...AXIS, donate: 0 });
  let params = copies(start, devices);
  return {
    title: `${devices} device(s)`,
    step: () => {
      const next = step(params, senders, receivers);
      params = next.params;
      return next.value;
    },
  };
}

/** `psum` of as many numbers as nodes have features, over so many devices. */
function sums(N: number, devices: number): Contender {
  const sum = pmap((x: Tensor) => tf.mul(psum(x, "edges"), 1 / devices), { ...AXIS, donate: 0 });
  let x: Tensor = copies(random.normal(random.key(1), [N, WIDTHS.features]), devices);
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
  const first = contenders.map((contender) =>
    Array.from({ length: 5 }, () => contender.step().dataSync()[0]!)
  );
  const deviation = Math.max(...first[0]!.map((loss, i) => Math.abs(loss / first[1]![i]! - 1)));
  if (!(deviation < TOLERANCE)) throw new Error(`The losses differ by ${deviation}: ${first}`);

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
    `\n${N} nodes, ${edges} edges; first losses differ by ${deviation.toExponential(1)}\n`,
  );
  console.log(table(["", "ms per step", "time, 1 device = 1", "cores' ms per step"], rows));
}

await main();
