/** A padded batch, made of arrays on the host by copying rows once. @module */
import * as tf from "@tensorflow/tfjs";
import { isTapeOn, tidy } from "../tfjs/mod.ts";
import {
  assertSameStructure,
  type Tensor,
  treeFlatten,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";
import { batch } from "./batch.ts";
import { checkJoinable } from "./check_joinable.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { nullFeatures } from "./null_features.ts";
import { padWithGraphs } from "./pad.ts";
import { sum } from "./read_field.ts";
import { validateGraphsTuple } from "./validate.ts";

/** Numbers of nodes, edges and graphs, in this order. */
export type Sizes = readonly [nodes: number, edges: number, graphs: number];

const ARRAYS = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

/** What the rows of a field are counted by. */
const ROWS: Readonly<Record<string, 0 | 1 | 2>> = {
  nodes: 0,
  edges: 1,
  senders: 1,
  receivers: 1,
  globals: 2,
  nNode: 2,
  nEdge: 2,
};

/**
 * `padWithGraphs(batch(graphs), ...sizes)` where it is known that they fit.
 *
 * An op a field and graph, as those are made of, takes longer than a network of small graphs does.
 * They are used where gradients are recorded, and for dtypes that are no plain arrays.
 */
export function batchPadded<T extends GraphsTuple>(graphs: readonly T[], sizes: Sizes): T {
  graphs.forEach((graph, i) => validateGraphsTuple(graph, `batch graph ${i}`));
  const flat = graphs.map((graph) => treeFlatten(nullFeatures(graph)));
  const [, treedef] = flat[0]!;
  flat.forEach(([, def], i) => assertSameStructure(treedef, def, "batch graphs", `graph ${i}`));
  const isPlain = flat[0]![0].every(({ dtype }) => dtype in ARRAYS);
  if (isTapeOn() || !isPlain) return tidy(() => padWithGraphs(batch(graphs), ...sizes));

  const nodesOf = graphs.map(({ nNode }) => sum(nNode.dataSync<"int32">()));
  const used: Sizes = [
    nodesOf.reduce((a, b) => a + b, 0),
    graphs.reduce((count, { senders }) => count + senders.size, 0),
    graphs.reduce((count, { nNode }) => count + nNode.size, 0),
  ];
  const joined = treePaths(graphs[0]).map((path, i) => {
    const leaves = flat.map(([leaves]) => leaves[i]!);
    checkJoinable(leaves, path);
    const field = path.match(/^\w+/)![0];
    const { values, end } = joinRows(leaves, sizes[ROWS[field]!]!);
    if (field === "senders" || field === "receivers") moveIds(values, leaves, nodesOf, end);
    if (field === "nNode") values[end] = sizes[0] - used[0];
    if (field === "nEdge") values[end] = sizes[1] - used[1];
    const [{ shape, dtype }] = leaves as [Tensor];
    return tf.tensor(values, [sizes[ROWS[field]!]!, ...shape.slice(1)], dtype);
  });
  return treeUnflatten(treedef, joined) as unknown as T;
}

/** Rows one after another, then zeros. */
function joinRows(
  leaves: readonly Tensor[],
  rows: number,
): { values: Float32Array | Int32Array | Uint8Array; end: number } {
  const [{ shape, dtype }] = leaves as [Tensor];
  const width = shape.slice(1).reduce((a, b) => a * b, 1);
  const values = new ARRAYS[dtype as keyof typeof ARRAYS](rows * width);
  let end = 0;
  for (const leaf of leaves) {
    values.set(leaf.dataSync(), end);
    end += leaf.size;
  }
  return { values, end };
}

/** Counts the ids of each graph from its first node; padding edges are at the padding's first. */
function moveIds(
  ids: Float32Array | Int32Array | Uint8Array,
  leaves: readonly Tensor[],
  nodesOf: readonly number[],
  end: number,
): void {
  let [at, before] = [0, 0];
  leaves.forEach(({ size }, i) => {
    for (const stop = at + size; at < stop; at++) ids[at]! += before;
    before += nodesOf[i]!;
  });
  ids.fill(before, end);
}
