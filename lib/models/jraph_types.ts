/**
 * The types of Jraph by their own names. Where Jraph has several names for one type, so has this
 * file; `functions.ts` has one name each.
 *
 * @module
 */
import type { Tree } from "../tree/mod.ts";
import type {
  AggregateFn,
  MapFn,
  TreeFn,
  UpdateEdgeFn,
  UpdateGlobalFn,
  UpdateNodeFn,
} from "./functions.ts";

/** A nest of arrays: Jraph's name of {@linkcode Tree}. */
export type ArrayTree = Tree;
/** Features of nodes, leaves `[N, ...]`. */
export type NodeFeatures = Tree;

/** Aggregates the leaf of edges `[E, ...]` at nodes, by senders or receivers, to `[N, ...]`. */
export type AggregateEdgesToNodesFn = AggregateFn;
/** Aggregates a leaf of nodes `[N, ...]` in graphs, to `[G, ...]`. */
export type AggregateNodesToGlobalsFn = AggregateFn;
/** Aggregates a leaf of edges `[E, ...]` in graphs, to `[G, ...]`. */
export type AggregateEdgesToGlobalsFn = AggregateFn;

/** The edge update of a graph network: {@linkcode UpdateEdgeFn}. */
export type GNUpdateEdgeFn = UpdateEdgeFn;
/** The node update of a graph network: {@linkcode UpdateNodeFn}. */
export type GNUpdateNodeFn = UpdateNodeFn;
/** The update of globals of a graph network: {@linkcode UpdateGlobalFn}. */
export type GNUpdateGlobalFn = UpdateGlobalFn;

/** The edge update of an interaction network, from edges, sender nodes and receiver nodes. */
export type InteractionUpdateEdgeFn = TreeFn<[edges: Tree, sender: Tree, receiver: Tree]>;
/** The node update of an interaction network with sent messages. */
export type InteractionUpdateNodeFn = TreeFn<[nodes: Tree, sent: Tree, received: Tree]>;
/** The node update of an interaction network without sent messages. */
export type InteractionUpdateNodeFnNoSentEdges = TreeFn<[nodes: Tree, received: Tree]>;

/** New edges from edges. */
export type EmbedEdgeFn = MapFn;
/** New nodes from nodes. */
export type EmbedNodeFn = MapFn;
/** New globals from globals. */
export type EmbedGlobalFn = MapFn;

/** Queries `[N, ...]` from nodes. */
export type GATAttentionQueryFn = MapFn;
/** Logits `[E, ...]` from the sender's and the receiver's queries, and edges, which come last. */
export type GATAttentionLogitFn = TreeFn<
  [senderQueries: Tree, receiverQueries: Tree, edges: Tree]
>;
/** New nodes from attended queries. */
export type GATNodeUpdateFn = MapFn;
