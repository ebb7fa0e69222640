/**
 * A graph whose edges do not fit: 10 million edges are split over devices, and over processes, and
 * a graph convolutional network is trained on all of them at once.
 *
 *     deno run -A examples/massive_graph.ts               on 1, 2 and 4 devices of this process
 *     mpiexec -n 2 deno run -A examples/massive_graph.ts  on one device each of two processes
 *
 * Each device has all 200,000 nodes and its own edges; it sums what they send, then devices add up
 * sums. Options: `--devices` of a process, `--nodes`, `--edges`, `--steps`, and `--folder` for the
 * graphs' files, which all processes see.
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
  type ShardedEdgesGraphsTuple,
  shardedGraphConvolution,
  type ShardReader,
  shardReader,
  type Tensor,
  treeMap,
  valueAndGrad,
} from "@meshwork/meshwork";
import { powerLawEdges } from "@meshwork/meshwork/datasets";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";

const FEATURES = 8, HIDDEN = 16, CLASSES = 2;
const AXIS = { axisName: "edges" };

type Edges = { senders: Tensor; receivers: Tensor };

/** Writes the edges into two files, a piece at a time, unless a run before did. */
export async function writeGraph(folder: string, nodes: number, edges: number): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const isWhole = (name: string): Promise<boolean> =>
    Deno.stat(`${folder}/${name}`).then(({ size }) => size === 4 * edges, () => false);
  if (await isWhole("senders") && await isWhole("receivers")) return;
  for (let first = 0; first < edges; first += 500_000) {
    const count = Math.min(500_000, edges - first);
    const piece = powerLawEdges({ numNodes: nodes, first, count });
    for (const [name, ids] of Object.entries(piece)) {
      const how = first === 0 ? {} : { append: true };
      await Deno.writeFile(`${folder}/${name}`, new Uint8Array(ids.buffer), how);
    }
  }
}

/** One graph, of which a device has all nodes and its own edges. */
function partOf(nodes: Tensor, { senders, receivers }: Edges): ShardedEdgesGraphsTuple<Tensor> {
  const one = (count: number): Tensor => tf.fill([1], count, "int32");
  const [nNode, nEdge, deviceGraphIdx] = [one(nodes.shape[0]!), one(senders.size), one(0)];
  return {
    ...{ nodes, deviceEdges: null, globals: null, nNode, nEdge, deviceNEdge: nEdge },
    ...{ deviceSenders: senders, deviceReceivers: receivers, deviceGraphIdx, senders, receivers },
  };
}

/** Edges that are all the same, which take no memory. */
function sameEdges(devices: number, edges: number): Edges {
  const ids = tf.zeros([devices, edges], "int32");
  return { senders: ids, receivers: ids };
}

/**
 * The most memory that this process has had since the last call with `"reset"`; NaN where the
 * system, which is not Linux, does not tell. `deno run --v8-flags=--expose-gc` makes it exact.
 */
function peakBytes(reset?: "reset"): number {
  if (Deno.build.os !== "linux") return NaN;
  (globalThis as { gc?: () => void }).gc?.();
  if (reset) Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  return 1024 * Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]);
}

/** What came of it. */
export interface Trained {
  readonly losses: readonly number[];
  readonly edgeBytes: number; // of each device's memory, as its compiler tells
  readonly grownBytes: number; // at most, by the edges; NaN but on Linux
}

type Options = { nodes: number; devices: number; steps?: number };

/** Trains on the graph in a folder, on devices of all processes. */
export async function train(folder: string, options: Options): Promise<Trained> {
  const { nodes, devices, steps = 5 } = options;
  const [keyX, ...keys] = tf.unstack(random.split(random.key(0), 4));
  const x = random.normal(keyX!, [nodes, FEATURES]); // every device has it
  const labels = tf.cast(tf.greater(tf.sum(tf.slice(x, [0, 0], [nodes, 3]), 1), 0), "int32");
  const [first, second, skip] = [HIDDEN, CLASSES, CLASSES].map((size) => linear({ size }));
  const start = {
    first: first!.init(keys[0]!, FEATURES),
    second: second!.init(keys[1]!, HIDDEN),
    skip: skip!.init(keys[2]!, FEATURES),
  };

  /** Logits `[nodes, CLASSES]`: two convolutions, and what a node knows of itself. */
  function predict(p: typeof start, edges: Edges): Tensor {
    const convolve = (updateNodeFn: (nodes: Tensor) => Tensor) =>
      shardedGraphConvolution({ updateNodeFn }, AXIS);
    const hidden = convolve((nodes) => first!.apply(p.first, nodes))(partOf(x, edges));
    const out = convolve((nodes) => second!.apply(p.second, tf.tanh(nodes)))(hidden);
    return tf.add(out.nodes, skip!.apply(p.skip, x));
  }

  const optimizer = sgd(0.5);
  const step = pmap((p: typeof start, edges: Edges) => {
    const loss = (p: typeof start): Tensor =>
      tf.mean(losses.softmaxCrossEntropyWithIntegerLabels(predict(p, edges), labels));
    const [value, grads] = valueAndGrad(loss)(p);
    const [updates] = optimizer.update(pmean(grads, "edges"), optimizer.init(p));
    return { value, params: applyUpdates(p, updates) };
  }, { ...AXIS, donate: 0 });

  const onDevices = (): typeof start =>
    treeMap((leaf: Tensor) => tf.stack(Array<Tensor>(devices).fill(leaf)), start);
  let params = onDevices();
  const open = (name: string): Promise<ShardReader> =>
    shardReader(`${folder}/${name}`, { dtype: "int32" });
  const readers = [await open("senders"), await open("receivers")] as const;
  const shards = distributed.size() * devices;
  const bytes = (edges: number): number => {
    const { memory } = step.lower(params, sameEdges(devices, edges)).cost();
    return memory!.argumentBytes + memory!.tempBytes;
  };
  // Nodes, and blocks of edges that are worked on at a time, take as much with half of the edges.
  const edges = Math.ceil(readers[0].rows / shards);
  const edgeBytes = 2 * (bytes(edges) - bytes(Math.ceil(edges / 2)));

  // Before the edges come, all else takes the memory that it needs.
  peakBytes("reset");
  for (let i = 0; i < 3; i++) await step(onDevices(), sameEdges(devices, 1)).value.data();
  const before = peakBytes();
  const own = { shards, first: distributed.rank() * devices, count: devices, fill: -1 };
  const [senders, receivers] = [await readers[0].read(own), await readers[1].read(own)];
  const values: number[] = [];
  for (let i = 0; i < steps; i++) {
    const next = step(params, { senders, receivers });
    params = next.params;
    values.push((await next.value.data())[0]!);
  }
  return { losses: values, edgeBytes, grownBytes: peakBytes() - before };
}

if (import.meta.main) {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: { nodes: text, edges: text, steps: text, devices: text, folder: text },
  });
  const { nodes = 200_000, edges = 10_000_000, steps = 5 } = values;
  const folder = `${values.folder ?? "out/massive_graph"}/${nodes}_${edges}`;
  // mpiexec tells the processes that it starts their numbers.
  const isOneOfSeveral = ["PMI_RANK", "PMIX_RANK"].some((name) => Deno.env.has(name));
  const { rank, size } = isOneOfSeveral ? await distributed.init() : { rank: 0, size: 1 };
  const counts = values.devices ? [Number(values.devices)] : size > 1 ? [1] : [1, 2, 4];
  await init({ engine: "xla", devices: Math.max(...counts) });
  if (rank === 0) {
    await writeGraph(folder, Number(nodes), Number(edges));
    console.log(`${nodes} nodes, ${edges} edges\nprocess  devices  edges, MB  grew, MB  losses`);
  }
  distributed.barrier();
  let expected: readonly number[] | null = null;
  for (const devices of counts) {
    const options = { nodes: Number(nodes), devices, steps: Number(steps) };
    const { losses, edgeBytes, grownBytes } = await train(folder, options);
    const megabytes = [edgeBytes, expected ? NaN : grownBytes].map((n) => (n / 1e6).toFixed(1));
    const cells = [`${rank} of ${size}`, devices, ...megabytes, losses.map((l) => l.toFixed(5))];
    console.log(cells.map((cell, i) => String(cell).padStart([7, 7, 9, 8, 0][i]!)).join("  "));
    expected ??= losses;
    if (losses.some((loss, i) => !(Math.abs(loss - expected![i]!) < 1e-4))) {
      throw new Error(`The losses on ${devices} devices are not those on ${counts[0]}`);
    }
  }
}
