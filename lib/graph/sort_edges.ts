/** Edges in the order of their receivers. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import { type Tensor, treeMap } from "../tree/mod.ts";
import type { GraphsTuple } from "./graphs_tuple.ts";
import { readField } from "./read_field.ts";
import { validateGraphsTuple } from "./validate.ts";

/** The places of numbers from 0 in ascending order, equal ones as they were: a counting sort. */
function ascending(ids: Int32Array): Int32Array {
  const ends = new Int32Array(ids.reduce((a, b) => Math.max(a, b), -1) + 2);
  for (const id of ids) ends[id + 1]!++;
  for (let id = 1; id < ends.length; id++) ends[id]! += ends[id - 1]!;
  const order = new Int32Array(ids.length);
  ids.forEach((id, edge) => order[ends[id]!++] = edge);
  return order;
}

/**
 * The same graph with its edges in the order of their receivers, in which compiled programs sum
 * them fastest: a graph convolution of a million edges takes three quarters of the time.
 *
 * Models give the same results but for the order of additions. In a batch edges stay with their
 * graph, and padding edges at the end. Works on the host, once before a training, so not inside
 * `jit`.
 *
 * @param graph A graph, or several: nodes `[N, ...]`, edges `[E, ...]`; not disposed.
 * @returns A graph with other `edges`, `senders` and `receivers`; the rest is shared with it.
 * @throws {TypeError} If it is no graph.
 * @throws {RangeError} If an index or a count is out of range.
 * @throws {TracerError} Inside `jit`.
 *
 * @example
 * ```ts
 * import { graphsTuple, sortEdges } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const graph = sortEdges(
 *   graphsTuple({ nodes: [1, 2], senders: [0, 1, 1], receivers: [1, 0, 1], nNode: [2], nEdge: [3] }),
 * );
 * assertEquals(graph.receivers.arraySync(), [0, 1, 1]);
 * assertEquals(graph.senders.arraySync(), [1, 0, 1]);
 * ```
 */
export function sortEdges<T extends GraphsTuple>(graph: T): T {
  const action = "sort the edges of a graph";
  const receivers = readField(graph, "receivers", action, "sort before jit, and pass the graph in");
  validateGraphsTuple(graph, action);
  return tidy(() => {
    const order = tf.tensor1d(ascending(receivers), "int32");
    const sort = (x: Tensor): Tensor => tf.gather(x, order);
    return {
      ...graph,
      edges: treeMap(sort, graph.edges),
      senders: sort(graph.senders),
      receivers: sort(graph.receivers),
    };
  });
}
