/** The functions that a graph network is made of, as types. @module */
import type { GraphsTuple } from "../graph/mod.ts";
import type { Tensor, Tree } from "../tree/mod.ts";

/**
 * A function of trees to a tree. Its parameters may be declared as the trees that they are, such as
 * `(edges: Tensor, sender: { position: Tensor }) => Tensor`: methods allow that, plain functions do
 * not.
 */
export type TreeFn<Args extends readonly unknown[]> = { call(...args: Args): Tree }["call"];

/** New edges `[E, ...]` from edges, sender nodes, receiver nodes and globals, a row per edge. */
export type UpdateEdgeFn = TreeFn<[edges: Tree, sender: Tree, receiver: Tree, globals: Tree]>;

/** New nodes `[N, ...]` from nodes, the aggregates of sent and received edges, globals per node. */
export type UpdateNodeFn = TreeFn<[nodes: Tree, sent: Tree, received: Tree, globals: Tree]>;

/** New globals `[G, ...]` from aggregates of nodes and of edges, and the globals. */
export type UpdateGlobalFn = TreeFn<[nodes: Tree, edges: Tree, globals: Tree]>;

/** Logits `[E, ...]` from updated edges, sender nodes, receiver nodes and globals, a row per edge. */
export type AttentionLogitFn = UpdateEdgeFn;

/** Edges `[E, ...]` from edges and their attention weights. */
export type AttentionReduceFn = TreeFn<[edges: Tree, weights: Tree]>;

/** Weights `[E, ...]` from logits, in each segment by itself; `segmentSoftmax` is one. */
export type AttentionNormalizeFn = (
  logits: Tensor,
  segmentIds: Tensor,
  numSegments: number,
) => Tensor;

/** One row a segment, `[numSegments, ...]`, from rows; `segmentSum` is one. */
export type AggregateFn = (data: Tensor, segmentIds: Tensor, numSegments: number) => Tensor;

/** A tree from one tree, such as an embedding. */
export type MapFn = TreeFn<[features: Tree]>;

/** What each model is. */
export type GraphFn = (graph: GraphsTuple) => GraphsTuple;
