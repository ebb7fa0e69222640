/** A graph split over devices by its edges, and back. @module */
import * as tf from "@tensorflow/tfjs";
import { isTracer } from "../engine/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { readField, validateGraphsTuple } from "../graph/internal.ts";
import { type GraphsTuple, graphsTuple } from "../graph/mod.ts";
import {
  describe,
  isTensor,
  type Tensor,
  type Tree,
  treeLeaves,
  treeMap,
  treePaths,
} from "../tree/mod.ts";
import type { ShardedEdgesGraphsTuple } from "./sharded_edges_graphs_tuple.ts";

const SHARD_BEFORE = "shard before jit, and pass the result in";

const INDICES = [
  "deviceSenders",
  "deviceReceivers",
  "senders",
  "receivers",
  "nNode",
  "nEdge",
] as const;

/** A number of edges of one graph. */
interface Piece {
  readonly graph: number;
  readonly edges: number;
}

/**
 * The pieces of graphs on each shard. A graph without edges is on the shard that is being filled,
 * and on none after the last edge.
 */
function cut(nEdge: Int32Array, edgesPerShard: number): Piece[][] {
  const shards: Piece[][] = [[]];
  let room = edgesPerShard;
  nEdge.forEach((edges, graph) => {
    let left = edges;
    do {
      const taken = Math.min(left, room);
      shards.at(-1)!.push({ graph, edges: taken });
      left -= taken;
      room -= taken;
      if (room > 0) continue;
      shards.push([]);
      room = edgesPerShard;
    } while (left > 0);
  });
  return shards.slice(0, -1);
}

/** One row a shard, filled up with 0: int32 `[D, P]`. */
function table(shards: readonly Piece[][], field: keyof Piece): Tensor {
  const width = Math.max(...shards.map((pieces) => pieces.length));
  const rows = shards.map((pieces) =>
    Array.from({ length: width }, (_, i) => pieces[i]?.[field] ?? 0)
  );
  return tf.tensor2d(rows, [shards.length, width], "int32");
}

function checkShards(numShards: number, edges: number): void {
  if (!Number.isInteger(numShards) || numShards < 1) {
    throw new RangeError(
      `Cannot shard a graph as there must be a whole number of shards: numShards is ${
        String(numShards)
      } ` +
        `(pass the number of devices, 1 or more)`,
    );
  }
  if (edges > 0 && edges % numShards === 0) return;
  const enough = Math.max(1, Math.ceil(edges / numShards)) * numShards;
  throw new RangeError(
    `Cannot shard a graph as each shard takes the same number of edges, 1 or more: there are ` +
      `${edges} edges for ${numShards} shards (pad the graph to ${enough} edges with ` +
      `padWithGraphs() before)`,
  );
}

/**
 * Splits the edges of a graph into equal runs, one for each shard, and repeats all else.
 *
 * Works on the host, so not inside `jit`. Gradients flow through the features. Jraph's
 * `graphs_tuple_to_broadcasted_sharded_graphs_tuple`.
 *
 * @param graph A graph whose number of edges is a multiple of `numShards`; `padWithGraphs` makes it
 * one.
 * @param numShards D, the number of devices.
 * @returns The graph in D shards, each field with a leading axis of D.
 * @throws {RangeError} If the edges cannot be split evenly, or there are none.
 * @throws {TypeError} If a field of the graph is wrong.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple, graphsTupleToBroadcastedShardedGraphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({
 *   nodes: [7, 8],
 *   senders: [0, 1, 0, 1],
 *   receivers: [1, 0, 0, 1],
 *   nNode: [2],
 *   nEdge: [4],
 * });
 * const sharded = graphsTupleToBroadcastedShardedGraphsTuple(graph, 2);
 * assertEquals(sharded.deviceSenders.arraySync(), [[0, 1], [0, 1]]);
 * assertEquals(sharded.nodes.arraySync(), [[7, 8], [7, 8]]);
 * ```
 */
export function graphsTupleToBroadcastedShardedGraphsTuple<
  N extends Tree,
  E extends Tree,
  G extends Tree,
>(graph: GraphsTuple<N, E, G>, numShards: number): ShardedEdgesGraphsTuple<N, E, G> {
  return tidy(() => {
    const counts = readField(graph, "nEdge", "shard a graph", SHARD_BEFORE);
    const { nodes, edges, receivers, senders, globals, nNode, nEdge } = graph;
    validateGraphsTuple(graph, "shard a graph");
    checkShards(numShards, senders.size);
    const perShard = senders.size / numShards;
    const shards = cut(counts, perShard);
    const split = (x: Tensor): Tensor => tf.reshape(x, [numShards, perShard, ...x.shape.slice(1)]);
    const repeat = (x: Tensor): Tensor => tf.stack(new Array<Tensor>(numShards).fill(x));
    return {
      nodes: treeMap(repeat, nodes),
      deviceEdges: treeMap(split, edges),
      deviceReceivers: split(receivers),
      deviceSenders: split(senders),
      receivers: repeat(receivers),
      senders: repeat(senders),
      globals: treeMap(repeat, globals),
      deviceNEdge: table(shards, "edges"),
      nNode: repeat(nNode),
      nEdge: repeat(nEdge),
      deviceGraphIdx: table(shards, "graph"),
    };
  });
}

/** Fails unless all fields have one leading axis of devices, and those of edges a second one. */
function checkDevices(sharded: ShardedEdgesGraphsTuple): void {
  for (const name of INDICES) {
    const field: unknown = sharded?.[name];
    if (isTensor(field) && field.dtype === "int32" && field.rank === 2) continue;
    throw new TypeError(
      `Cannot join shards as ${name} must be int32 of rank 2: got ${describe(field ?? null)} ` +
        `(make shards with graphsTupleToBroadcastedShardedGraphsTuple())`,
    );
  }
  const { deviceSenders, deviceReceivers, senders } = sharded;
  const devices = senders.shape[0];
  const paths = treePaths(sharded);
  treeLeaves(sharded).forEach((leaf, i) => {
    const isOfEdges = paths[i]!.startsWith("deviceEdges");
    if (leaf.shape[0] === devices && leaf.rank >= (isOfEdges ? 2 : 1)) return;
    throw new TypeError(
      `Cannot join shards as every field must have a leading axis of devices: senders is ` +
        `${describe(senders)}, ${paths[i]} is ${describe(leaf)}`,
    );
  });
  for (
    const [name, cut, whole] of [
      ["Senders", deviceSenders, senders],
      ["Receivers", deviceReceivers, sharded.receivers],
    ] as const
  ) {
    if (isTracer(cut) || isTracer(whole)) continue;
    const [a, b] = [cut.dataSync(), whole.dataSync().subarray(0, cut.size)];
    const odd = a.findIndex((index, i) => index !== b[i]);
    if (odd < 0 && cut.size === whole.shape[1]) continue;
    throw new RangeError(
      `Cannot join shards as device${name} must be ${name.toLowerCase()} cut into runs: ` +
        (odd < 0
          ? `they have ${cut.size} and ${whole.shape[1]} edges`
          : `edge ${odd} has ${a[odd]} and ${b[odd]}`),
    );
  }
}

/**
 * Joins the shards of {@linkcode graphsTupleToBroadcastedShardedGraphsTuple} again: the first copy
 * of what is repeated, and the edges of all shards.
 *
 * Inside `jit` shapes alone are checked. Jraph's
 * `broadcasted_sharded_graphs_tuple_to_graphs_tuple`.
 *
 * @param sharded A graph in D shards.
 * @returns The whole graph.
 * @throws {TypeError} If a field lacks the axis of devices.
 * @throws {RangeError} If the shards' senders or receivers are not those of the whole.
 *
 * @example
 * ```ts
 * import {
 *   broadcastedShardedGraphsTupleToGraphsTuple,
 *   graphsTuple,
 *   graphsTupleToBroadcastedShardedGraphsTuple,
 * } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({ senders: [0, 1], receivers: [1, 0], nNode: [2], nEdge: [2] });
 * const sharded = graphsTupleToBroadcastedShardedGraphsTuple(graph, 2);
 * const back = broadcastedShardedGraphsTupleToGraphsTuple(sharded);
 * assertEquals(back.senders.arraySync(), [0, 1]);
 * ```
 */
export function broadcastedShardedGraphsTupleToGraphsTuple<
  N extends Tree,
  E extends Tree,
  G extends Tree,
>(sharded: ShardedEdgesGraphsTuple<N, E, G>): GraphsTuple<N, E, G> {
  return tidy(() => {
    checkDevices(sharded);
    const first = (x: Tensor): Tensor => tf.reshape(tf.slice(x, 0, 1), x.shape.slice(1));
    const join = (x: Tensor): Tensor =>
      tf.reshape(x, [x.shape[0]! * x.shape[1]!, ...x.shape.slice(2)]);
    return graphsTuple({
      nodes: treeMap(first, sharded.nodes as Tree),
      edges: treeMap(join, sharded.deviceEdges as Tree),
      receivers: first(sharded.receivers),
      senders: first(sharded.senders),
      globals: treeMap(first, sharded.globals as Tree),
      nNode: first(sharded.nNode),
      nEdge: first(sharded.nEdge),
    }) as GraphsTuple<N, E, G>;
  });
}
