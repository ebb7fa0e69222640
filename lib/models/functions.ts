/** The functions that a graph network is made of, as types. @module */
import type { GraphsTuple } from "../graph/mod.ts";
import type { Tensor, Tree } from "../tree/mod.ts";

/**
 * A function of trees to a tree. Its parameters may be declared as the trees that they are, such as
 * `(edges: Tensor, sender: { position: Tensor }) => Tensor`: methods allow that, plain functions do
 * not.
 */
export type TreeFn<Args extends readonly unknown[], Result = Tree> = {
  call(...args: Args): Result;
}["call"];

/** New edges `[E, ...]` from edges, sender nodes, receiver nodes and globals, a row per edge. */
export type UpdateEdgeFn<E = Tree> = TreeFn<
  [edges: Tree, sender: Tree, receiver: Tree, globals: Tree],
  E
>;

/** New nodes `[N, ...]` from nodes, the aggregates of sent and received edges, globals per node. */
export type UpdateNodeFn<N = Tree> = TreeFn<
  [nodes: Tree, sent: Tree, received: Tree, globals: Tree],
  N
>;

/** New globals `[G, ...]` from aggregates of nodes and of edges, and the globals. */
export type UpdateGlobalFn<G = Tree> = TreeFn<[nodes: Tree, edges: Tree, globals: Tree], G>;

/**
 * Logits `[E, ...]` from updated edges, sender nodes, receiver nodes and globals, a row per edge.
 */
export type AttentionLogitFn = UpdateEdgeFn;

/** Edges `[E, ...]` from edges and their attention weights. */
export type AttentionReduceFn<E = Tree> = TreeFn<[edges: Tree, weights: Tree], E>;

/** Weights `[E, ...]` from logits, in each segment by itself; `segmentSoftmax` is one. */
export type AttentionNormalizeFn = (
  logits: Tensor,
  segmentIds: Tensor,
  numSegments: number,
) => Tensor;

/** One row a segment, `[numSegments, ...]`, from rows; `segmentSum` is one. */
export type AggregateFn = (data: Tensor, segmentIds: Tensor, numSegments: number) => Tensor;

/** A tree from one tree, such as an embedding. */
export type MapFn<R = Tree> = TreeFn<[features: Tree], R>;

/** Any function of a graph to a graph. */
export type GraphFn = (graph: GraphsTuple) => GraphsTuple;

/**
 * What each model is: a function of a graph to one with new nodes `N`, edges `E` and globals `G`.
 * As an update function that is not given never returns, `never` stands for features that are kept.
 */
export type Model<N extends Tree = never, E extends Tree = never, G extends Tree = never> = <
  T extends GraphsTuple,
>(graph: T) => GraphsTuple<
  Updated<N, T["nodes"]>,
  Updated<E, T["edges"]>,
  Updated<G, T["globals"]>
>;

/** New features, or the old ones where nothing updates them. */
export type Updated<New extends Tree, Old extends Tree> = [New] extends [never] ? Old : New;
