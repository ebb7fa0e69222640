/** A graph whose edges are split over devices. @module */
import type { Tensor, Tree } from "../tree/mod.ts";

/**
 * Graphs whose edges are split over D devices, S edges each: what is split, and what each device
 * holds a copy of. Every field has a leading axis of D.
 *
 * It is a plain object, and so a tree. The fields are those of Jraph's `ShardedEdgesGraphsTuple`,
 * with N nodes, E = D·S edges and G graphs; P is the largest number of graphs that one device has
 * edges of.
 *
 * @example Two graphs of 1 and 3 edges on 2 devices: the second graph lies on both
 * ```ts
 * import {
 *   graphsTuple,
 *   graphsTupleToBroadcastedShardedGraphsTuple,
 *   type ShardedEdgesGraphsTuple,
 * } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const [senders, receivers] = [[0, 1, 1, 1], [0, 1, 2, 2]];
 * const graph = graphsTuple({ senders, receivers, nNode: [1, 2], nEdge: [1, 3] });
 * const sharded: ShardedEdgesGraphsTuple = graphsTupleToBroadcastedShardedGraphsTuple(graph, 2);
 * assertEquals(sharded.deviceNEdge.arraySync(), [[1, 1], [2, 0]]);
 * assertEquals(sharded.deviceGraphIdx.arraySync(), [[0, 1], [1, 0]]);
 * ```
 */
export type ShardedEdgesGraphsTuple<
  N extends Tree = Tree,
  E extends Tree = Tree,
  G extends Tree = Tree,
> = {
  /** Features of all nodes: leaves `[D, N, ...]`. */
  readonly nodes: N;
  /** Features of each device's edges: leaves `[D, S, ...]`. */
  readonly deviceEdges: E;
  /** The nodes that each device's edges go to, int32 `[D, S]`. */
  readonly deviceReceivers: Tensor;
  /** The nodes that each device's edges come from, int32 `[D, S]`. */
  readonly deviceSenders: Tensor;
  /** The nodes that all edges go to, int32 `[D, E]`. */
  readonly receivers: Tensor;
  /** The nodes that all edges come from, int32 `[D, E]`. */
  readonly senders: Tensor;
  /** Features of all graphs: leaves `[D, G, ...]`. */
  readonly globals: G;
  /**
   * How many of a device's edges belong to each of its graphs, 0 beyond the last, int32 `[D, P]`.
   */
  readonly deviceNEdge: Tensor;
  /** The number of nodes of each graph, int32 `[D, G]`. */
  readonly nNode: Tensor;
  /** The number of edges of each graph, int32 `[D, G]`. */
  readonly nEdge: Tensor;
  /** The graphs that a device has edges of, 0 beyond the last, int32 `[D, P]`. */
  readonly deviceGraphIdx: Tensor;
};
