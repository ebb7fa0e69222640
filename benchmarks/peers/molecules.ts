/** A pass over 10,000 molecules, batches included. @module */
import * as tf from "@tensorflow/tfjs";
import {
  dynamicallyBatch,
  getGraphPaddingMask,
  type GraphsTuple,
  graphsTuple,
  meshGraphNets,
  type MeshGraphNetsParams,
  random,
  segmentMean,
  segmentSum,
  type Tensor,
} from "@meshwork/meshwork";
import { qm9 } from "@meshwork/meshwork/datasets";
import type { GraphData, Problem, Workload } from "./workloads.ts";

/** Molecules of a pass, and of a batch. */
export const [MOLECULES, BATCH] = [10_000, 128];

const ELEMENTS = ["H", "C", "N", "O", "F"];

/** Atoms nearer than this, in Ångström, see each other. */
const CUTOFF = 4;

const network = meshGraphNets({ outputSize: 1, latentSize: 32, hiddenLayers: 1, steps: 2 });

/** The shipped molecules one after another; ids of atoms count from 0 in each. */
async function problem(): Promise<Problem> {
  const [elements, distances, senders, receivers]: number[][] = [[], [], [], []];
  const [nNode, nEdge, dipoles]: number[][] = [[], [], []];
  for (const { atoms, properties } of await qm9()) {
    const before = senders!.length;
    atoms.forEach(({ symbol, position }, i) => {
      elements!.push(...ELEMENTS.map((element) => Number(element === symbol)));
      atoms.forEach((other, j) => {
        const distance = Math.hypot(...position.map((x, k) => x - other.position[k]!));
        if (i === j || distance > CUTOFF) return;
        senders!.push(i);
        receivers!.push(j);
        distances!.push(distance);
      });
    });
    nNode!.push(atoms.length);
    nEdge!.push(senders!.length - before);
    dipoles!.push(properties.Dipole_debye!);
  }
  const ids = (values: number[] | undefined): Tensor => tf.tensor1d(values!, "int32");
  return {
    params: network.init(random.key(0), { nodes: ELEMENTS.length, edges: 1 }),
    data: {
      nodes: tf.tensor2d(elements!, [elements!.length / ELEMENTS.length, ELEMENTS.length]),
      edges: tf.tensor2d(distances!, [distances!.length, 1]),
      ...{ senders: ids(senders), receivers: ids(receivers) },
      ...{ nNode: ids(nNode), nEdge: ids(nEdge) },
      target: tf.tensor2d(dipoles!, [dipoles!.length, 1]),
    },
  };
}

type Molecule = GraphsTuple<Tensor, Tensor, Tensor>;

/** The graphs of a problem, each on its own, with the target as global feature. */
export function moleculesOf(data: GraphData): Molecule[] {
  const counts = [data.nNode!, data.nEdge!].map((x) => Array.from(x.dataSync()));
  const parts = (x: Tensor, sizes: number[]): Tensor[] => tf.split(x, sizes);
  const [nodes, edges, senders, receivers] = [
    parts(data.nodes!, counts[0]!),
    ...[data.edges!, data.senders, data.receivers].map((x) => parts(x, counts[1]!)),
  ] as [Tensor[], Tensor[], Tensor[], Tensor[]];
  const targets = parts(data.target, counts[0]!.map(() => 1));
  return nodes.map((rows, i) =>
    graphsTuple({
      ...{ nodes: rows, edges: edges[i]!, senders: senders[i]!, receivers: receivers[i]! },
      ...{ globals: targets[i]!, nNode: [counts[0]![i]!], nEdge: [counts[1]![i]!] },
    }) as Molecule
  );
}

/** The largest sum of `BATCH` numbers in a row, when they come round again and again. */
function mostInBatch(counts: readonly number[]): number {
  const sums = counts.map((_, start) => {
    const batch = Array.from({ length: BATCH }, (_, i) => counts[(start + i) % counts.length]!);
    return batch.reduce((a, b) => a + b, 0);
  });
  return Math.max(...sums);
}

/** Batches of a pass, all of one size. */
export function moleculeBatches(molecules: readonly Molecule[]): Generator<Molecule> {
  function* all(): Generator<Molecule> {
    for (let i = 0; i < MOLECULES; i++) yield molecules[i % molecules.length]!;
  }
  const sizeOf = (field: "nNode" | "nEdge"): number =>
    mostInBatch(molecules.map((graph) => graph[field].dataSync()[0]!));
  return dynamicallyBatch(all(), sizeOf("nNode") + 1, sizeOf("nEdge"), BATCH + 1);
}

/** The workload. Its loss is that of a batch. */
export const moleculesWorkload: Workload = {
  title: "Molecules: 10,000 of QM9 in batches of 128, width 32, 2 steps",
  modes: ["epoch"],
  problem,
  loss(params, data) {
    const graph = data as unknown as Molecule;
    const [n, graphs] = [graph.nodes.shape[0]!, graph.nNode.shape[0]!];
    const output = network.apply(params as MeshGraphNetsParams, { ...graph, globals: null });
    // The graph of each node: how many graphs end at it or before.
    const ends = segmentSum(tf.ones([graphs], "int32"), tf.cumsum(graph.nNode), n);
    const predicted = segmentMean(output, tf.cumsum(ends), graphs);
    const mask = tf.expandDims(getGraphPaddingMask(graph), 1);
    const errors = tf.square(tf.sub(predicted, graph.globals));
    const real = tf.where(mask, errors, tf.zerosLike(errors));
    return tf.div(tf.sum(real), tf.sum(tf.cast(mask, "float32")));
  },
};
