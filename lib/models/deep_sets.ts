/** Deep sets. @module */
import type { Tree } from "../tree/mod.ts";
import { checkFunctions } from "./check.ts";
import type { AggregateFn, Model, TreeFn } from "./functions.ts";
import { graphModel } from "./graph_model.ts";
import { graphNetwork } from "./graph_network.ts";

/** Options of {@linkcode deepSets}. */
export interface DeepSetsOptions<N extends Tree = Tree, G extends Tree = Tree> {
  /** New nodes from nodes and the globals of their graphs, a row per node. */
  readonly updateNodeFn: TreeFn<[nodes: Tree, globals: Tree], N>;
  /** Globals from the aggregated nodes. */
  readonly updateGlobalFn: TreeFn<[nodes: Tree], G>;
  /** The aggregation of nodes in graphs; `segmentSum` by default. */
  readonly aggregateNodesForGlobalsFn?: AggregateFn | null | undefined;
}

/**
 * Deep sets (Zaheer et al. 2017, arXiv:1703.06114): globals from a set of nodes; edges take no
 * part.
 *
 * @param options The two update functions, and how nodes are aggregated.
 * @returns A function of a graph to one with the same edges.
 * @throws {TypeError} If an option is no function.
 *
 * @example The sum of squares of two sets
 * ```ts
 * import { deepSets, graphsTuple } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = deepSets({
 *   updateNodeFn: (nodes: tf.Tensor) => tf.square(nodes),
 *   updateGlobalFn: (sums: tf.Tensor) => sums,
 * });
 * const { globals } = network(graphsTuple({ nodes: [[1], [2], [3]], nNode: [2, 1] }));
 * assertEquals(globals.arraySync(), [[5], [9]]);
 * ```
 */
export function deepSets<N extends Tree, G extends Tree>(
  options: DeepSetsOptions<N, G>,
): Model<N, never, G> {
  checkFunctions(options, "build deep sets", ["updateNodeFn", "updateGlobalFn"]);
  const { updateNodeFn, updateGlobalFn, aggregateNodesForGlobalsFn } = options;
  const network = graphNetwork<N, never, G>({
    updateNodeFn: (nodes, _sent, _received, globals) => updateNodeFn(nodes, globals),
    updateGlobalFn: (nodes) => updateGlobalFn(nodes),
    aggregateNodesForGlobalsFn: aggregateNodesForGlobalsFn ?? null,
  });
  // Without edges nothing is summed over them.
  return graphModel((graph) => ({
    ...network({ ...graph, edges: null }),
    edges: graph.edges,
  })) as Model<N, never, G>;
}
