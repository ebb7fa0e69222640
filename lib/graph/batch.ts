/** Several graphs in one, and back. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import {
  assertSameStructure,
  describe,
  type Tensor,
  type Tree,
  treeFlatten,
  treeMap,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";
import { checkJoinable } from "./check_joinable.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { readField, sum } from "./read_field.ts";
import { nullFeatures } from "./null_features.ts";
import { validateGraphsTuple } from "./validate.ts";

const BATCH_BEFORE = "batch before jit, and pass the result in";
const UNBATCH_AFTER = "return the batched graph from jit, and unbatch it outside";

/** Adds to the node indices of a graph. */
function shift<T extends GraphsTuple>(graph: T, by: number): T {
  const offset = tf.scalar(by, "int32");
  return {
    ...graph,
    receivers: tf.add(graph.receivers, offset),
    senders: tf.add(graph.senders, offset),
  };
}

/**
 * Joins graphs: features one after another, node indices shifted by the nodes that come before.
 *
 * Works on the host, so not inside `jit`. Gradients flow through the features.
 *
 * @param graphs One or more, with features of one structure; each may hold several graphs or none.
 * @returns All their graphs, in order.
 * @throws {RangeError} If the list is empty, or counts or indices of a graph are wrong.
 * @throws {TypeError} If features differ in structure, dtype or width, or a graph is wrong.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { batch, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const pair = graphsTuple({
 *   nodes: [[1], [2]],
 *   senders: [0],
 *   receivers: [1],
 *   nNode: [2],
 *   nEdge: [1],
 * });
 * const both = batch([pair, pair]);
 * assertEquals(both.senders.arraySync(), [0, 2]);
 * assertEquals(both.nNode.arraySync(), [2, 2]);
 * ```
 */
export function batch<T extends GraphsTuple>(graphs: readonly T[]): T {
  if (!Array.isArray(graphs)) {
    throw new TypeError(
      `Cannot batch graphs as they come in an array: got ${describe(graphs)} (pass [...graphs])`,
    );
  }
  if (graphs.length === 0) {
    throw new RangeError(
      "Cannot batch graphs as the result needs one graph to take its features' structure from: " +
        "got an empty list",
    );
  }
  return tidy(() => {
    let before = 0;
    const shifted = graphs.map((graph, i) => {
      const offset = before;
      before += sum(readField(graph, "nNode", `batch graph ${i}`, BATCH_BEFORE));
      validateGraphsTuple(graph, `batch graph ${i}`);
      return shift(nullFeatures(graph), offset);
    });
    const flat = shifted.map((graph) => treeFlatten(graph));
    const [, treedef] = flat[0]!;
    flat.forEach(([, def], i) => assertSameStructure(treedef, def, "batch graphs", `graph ${i}`));
    const joined = treePaths(shifted[0]).map((path, i) => {
      const leaves = flat.map(([leaves]) => leaves[i]!);
      checkJoinable(leaves, path);
      return tf.concat(leaves, 0);
    });
    return treeUnflatten(treedef, joined) as unknown as T;
  });
}

/** Fails if an edge leaves its graph: no graph of its own could hold it. */
function checkEdgesStay(graph: GraphsTuple, nNode: Int32Array, nEdge: Int32Array): void {
  const ends = (["senders", "receivers"] as const).map((name) =>
    [name, graph[name].dataSync<"int32">()] as const
  );
  let [node, edge] = [0, 0];
  nNode.forEach((n, g) => {
    for (const end = edge + nEdge[g]!; edge < end; edge++) {
      for (const [name, indices] of ends) {
        const index = indices[edge]!;
        if (index >= node && index < node + n) continue;
        throw new RangeError(
          `Cannot unbatch a graph as edges must stay in their graph: ${name}[${edge}] is ${index}, ` +
            `graph ${g} has the nodes from ${node} to ${node + n - 1}`,
        );
      }
    }
    node += n;
  });
}

/**
 * Splits a batch into graphs of one graph each; graphs without nodes or edges come as `[0, ...]`.
 *
 * Works on the host, so not inside `jit`. The batch is left as it is.
 *
 * @param graph G graphs.
 * @returns A list of G graphs; empty if there are none.
 * @throws {RangeError} If counts do not sum up, or an edge leaves its graph.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple, unbatch } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = graphsTuple({ nodes: [[1], [2], [3]], nNode: [1, 2] });
 * assertEquals(unbatch(graph).map(({ nNode }) => nNode.arraySync()), [[1], [2]]);
 * ```
 */
export function unbatch<T extends GraphsTuple>(graph: T): T[] {
  return tidy(() => {
    const action = "unbatch a graph";
    const nNode = readField(graph, "nNode", action, UNBATCH_AFTER);
    const nEdge = readField(graph, "nEdge", action, UNBATCH_AFTER);
    readField(graph, "senders", action, UNBATCH_AFTER);
    validateGraphsTuple(graph, action);
    if (nNode.length === 0) return [];
    checkEdgesStay(graph, nNode, nEdge);

    const split = (sizes: Iterable<number>) => {
      const parts = new Map<Tensor, Tensor[]>();
      return (tree: Tree, i: number): Tree =>
        treeMap((leaf) => {
          if (!parts.has(leaf)) parts.set(leaf, tf.split(leaf, [...sizes], 0));
          return parts.get(leaf)![i];
        }, tree);
    };
    const [node, edge, one] = [split(nNode), split(nEdge), split(nNode.map(() => 1))];
    let before = 0;
    return Array.from(nNode, (n, i) => {
      const part = {
        ...graph,
        nodes: node(graph.nodes, i),
        edges: edge(graph.edges, i),
        receivers: edge(graph.receivers, i),
        senders: edge(graph.senders, i),
        globals: one(graph.globals, i),
        nNode: one(graph.nNode, i),
        nEdge: one(graph.nEdge, i),
      } as T;
      before += n;
      return shift(part, n - before);
    });
  });
}
