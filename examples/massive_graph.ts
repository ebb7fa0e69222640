/**
 * A graph whose edges do not fit: 10 million edges are split over devices, and over processes, and a
 * graph convolutional network is trained on all of them at once.
 *
 *     deno run -A examples/massive_graph.ts               on 1, 2 and 4 devices of this process
 *     mpiexec -n 2 deno run -A examples/massive_graph.ts  on one device each of two processes
 *
 * Each device has all 200,000 nodes and its own edges. It sums what they send, then the devices add up
 * their sums. `--devices 2` chooses the devices of a process; `--nodes`, `--edges` and `--steps` the
 * problem.
 *
 * @module
 */
import {
  applyUpdates,
  distributed,
  init,
  linear,
  losses,
  pmap,
  pmean,
  random,
  sgd,
  shardedGraphConvolution,
  shardReader,
  type Tensor,
  treeMap,
  valueAndGrad,
} from "@meshwork/meshwork";
import { powerLawEdges } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";

/** The problem, and how many devices of each process work on it. */
export interface Options {
  readonly nodes?: number;
  readonly edges?: number;
  readonly steps?: number;
  readonly devices?: number;
}

/** What came of it. */
export interface Trained {
  readonly losses: readonly number[];
  /** What edges take of each device's memory, by the compiled program. */
  readonly edgeBytes: number;
  /** Of a step, without the first one. */
  readonly seconds: number;
}

const FEATURES = 8, HIDDEN = 16, CLASSES = 2;

/** Writes the edges into two files, a piece at a time; gives the folder. */
async function writeGraph(nodes: number, edges: number): Promise<string> {
  const folder = await Deno.makeTempDir();
  for (let first = 0; first < edges; first += 500_000) {
    const count = Math.min(500_000, edges - first);
    const { senders, receivers } = powerLawEdges({ numNodes: nodes, first, count });
    await Deno.writeFile(`${folder}/senders`, new Uint8Array(senders.buffer), { append: true });
    await Deno.writeFile(`${folder}/receivers`, new Uint8Array(receivers.buffer), { append: true });
  }
  return folder;
}

/** Trains on a graph in files, by the devices of all processes. */
export async function train(folder: string, options: Options = {}): Promise<Trained> {
  const { nodes: N = 200_000, steps = 5, devices = 1 } = options;
  const shards = distributed.size() * devices;
  const own = { shards, first: distributed.rank() * devices, count: devices, fill: -1 };
  const read = async (name: string): Promise<Tensor> =>
    (await shardReader(`${folder}/${name}`, { dtype: "int32" })).read(own);
  const edges = { senders: await read("senders"), receivers: await read("receivers") };

  const [keyX, ...keys] = tf.unstack(random.split(random.key(0), 4));
  const x = random.normal(keyX!, [N, FEATURES]); // all devices have it
  const labels = tf.cast(tf.greater(tf.sum(tf.slice(x, [0, 0], [N, 3]), 1), 0), "int32");

  const [first, second] = [linear({ size: HIDDEN }), linear({ size: CLASSES })];
  const skip = linear({ size: CLASSES });
  const start = {
    first: first.init(keys[0]!, FEATURES),
    second: second.init(keys[1]!, HIDDEN),
    skip: skip.init(keys[2]!, FEATURES),
  };

  /** Logits `[N, CLASSES]`: two convolutions, and what a node knows of itself. */
  function predict(p: typeof start, { senders, receivers }: typeof edges): Tensor {
    const axis = { axisName: "edges" };
    const one = (count: number): Tensor => tf.fill([1], count, "int32");
    const [nNode, nEdge, deviceGraphIdx] = [one(N), one(senders.size), one(0)];
    const graph = {
      ...{ nodes: x, deviceEdges: null, globals: null, nNode, nEdge, deviceNEdge: nEdge },
      ...{ deviceSenders: senders, deviceReceivers: receivers, deviceGraphIdx, senders, receivers },
    };
    const hidden = shardedGraphConvolution({
      updateNodeFn: (nodes: Tensor) => first.apply(p.first, nodes),
    }, axis)(graph);
    const { nodes } = shardedGraphConvolution({
      updateNodeFn: (nodes: Tensor) => second.apply(p.second, tf.tanh(nodes)),
    }, axis)(hidden);
    return tf.add(nodes, skip.apply(p.skip, x));
  }

  const optimizer = sgd(0.5);
  const step = pmap((p: typeof start, edges: { senders: Tensor; receivers: Tensor }) => {
    const loss = (p: typeof start): Tensor =>
      tf.mean(losses.softmaxCrossEntropyWithIntegerLabels(predict(p, edges), labels));
    const [value, grads] = valueAndGrad(loss)(p);
    const [updates] = optimizer.update(pmean(grads, "edges"), optimizer.init(p));
    return { value, params: applyUpdates(p, updates) };
  }, { axisName: "edges", donate: 0 });

  let params = treeMap((leaf: Tensor) => tf.stack(Array<Tensor>(devices).fill(leaf)), start);
  const bytes = (part: typeof edges): number => {
    const memory = step.lower(params, part).cost().memory!;
    return memory.argumentBytes + memory.tempBytes;
  };
  const none = tf.zeros([devices, 1], "int32");
  const edgeBytes = bytes(edges) - bytes({ senders: none, receivers: none });

  const values: number[] = [];
  let began = performance.now();
  for (let i = 0; i < steps; i++) {
    const next = step(params, edges);
    params = next.params;
    values.push((await next.value.data())[0]!);
    if (i === 0) began = performance.now();
  }
  return { losses: values, edgeBytes, seconds: (performance.now() - began) / 1000 / (steps - 1) };
}

/** The most memory that this process has had, in MB; NaN where the system does not tell. */
function peakMemory(): number {
  if (Deno.build.os !== "linux") return NaN;
  const status = Deno.readTextFileSync("/proc/self/status");
  return Number(/VmHWM:\s*(\d+) kB/.exec(status)![1]) / 1024;
}

async function main(): Promise<void> {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { nodes: text, edges: text, steps: text, devices: text },
  });
  const number = (given: string | undefined, usual: number): number => Number(given ?? usual);
  const nodes = number(values.nodes, 200_000);
  const edges = number(values.edges, 10_000_000);
  const steps = number(values.steps, 5);

  // mpiexec tells the processes that it starts their numbers.
  const isOneOfSeveral = ["PMI_RANK", "PMIX_RANK"].some((name) => Deno.env.has(name));
  const { rank, size } = isOneOfSeveral ? await distributed.init() : { rank: 0, size: 1 };
  const counts = values.devices ? [Number(values.devices)] : size > 1 ? [1] : [1, 2, 4];
  await init({ engine: "xla", devices: Math.max(...counts) });

  // All processes read the files that the first one writes.
  let folder = rank === 0 ? await writeGraph(nodes, edges) : "";
  const name = new TextEncoder().encode(folder.padEnd(4096));
  const [shared] = [distributed.broadcast(tf.tensor1d(name, "int32"))];
  folder = new TextDecoder().decode(Uint8Array.from(shared!.dataSync())).trim();

  const before = peakMemory();
  if (rank === 0) {
    console.log(`${nodes} nodes, ${edges} edges, ${size} process(es)`);
    console.log("process  devices  edges on each, MB  process grew, MB  step, s  losses");
  }
  let expected: readonly number[] | null = null;
  for (const devices of counts) {
    const { losses, edgeBytes, seconds } = await train(folder, { nodes, steps, devices });
    const grown = peakMemory() - before;
    const cells = [rank, devices, (edgeBytes / 1e6).toFixed(1), grown.toFixed(0)];
    const widths = [7, 7, 17, 16];
    const row = cells.map((cell, i) => String(cell).padStart(widths[i]!)).join("  ");
    console.log(
      `${row}  ${seconds.toFixed(2).padStart(7)}  ${losses.map((l) => l.toFixed(5)).join(" ")}`,
    );
    expected ??= losses;
    if (losses.every((loss, i) => Math.abs(loss - expected![i]!) < 1e-4)) continue;
    throw new Error(`${devices} devices have other losses than ${counts[0]}`);
  }
  distributed.barrier();
  if (rank === 0) await Deno.remove(folder, { recursive: true });
}

if (import.meta.main) await main();
