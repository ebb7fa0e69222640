/** One or more graphs in one structure of tensors. @module */
import type { Tensor, Tree } from "../tree/mod.ts";

/**
 * One or more graphs, one after another: N nodes, E edges and G graphs in all.
 *
 * Edge `e` goes from node `senders[e]` to node `receivers[e]`. Graph 0 has the first `nNode[0]`
 * nodes and the first `nEdge[0]` edges, graph 1 the next, and so on. Features are trees of tensors,
 * or null.
 *
 * It is a plain object, and so a tree itself: `treeMap`, `jit` and `grad` take it as it is. (A type
 * alias, because an interface would not be assignable to `Tree`.) The fields are those of Jraph's
 * `GraphsTuple` (Godwin et al. 2020).
 */
export type GraphsTuple<
  N extends Tree = Tree,
  E extends Tree = Tree,
  G extends Tree = Tree,
> = {
  /** Features of nodes: leaves `[N, ...]`. */
  readonly nodes: N;
  /** Features of edges: leaves `[E, ...]`. */
  readonly edges: E;
  /** Index of the node that each edge goes to, int32 `[E]`. */
  readonly receivers: Tensor;
  /** Index of the node that each edge comes from, int32 `[E]`. */
  readonly senders: Tensor;
  /** Features of graphs: leaves `[G, ...]`. */
  readonly globals: G;
  /** The number of nodes of each graph, int32 `[G]`. */
  readonly nNode: Tensor;
  /** The number of edges of each graph, int32 `[G]`. */
  readonly nEdge: Tensor;
};
