/** The network of MeshGraphNets for graphs with one set of edges. @module */
import type { GraphsTuple } from "../graph/mod.ts";
import { checkGraph } from "../graph/internal.ts";
import type { MlpParams } from "../nn/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { type MeshGraphNetsOptions, multigraphNets } from "./multigraph_nets.ts";

/** A graph whose features are one tensor for nodes and one for edges. */
export type FeatureGraph = GraphsTuple<Tensor, Tensor, null>;

/** The parameters of one MLP for nodes and one for edges. */
export type NodeEdgeParams = { readonly nodes: MlpParams; readonly edges: MlpParams };

/** The parameters of {@linkcode meshGraphNets}. */
export type MeshGraphNetsParams = {
  readonly encoder: NodeEdgeParams;
  readonly processor: readonly NodeEdgeParams[];
  readonly decoder: MlpParams;
};

/** A network for nodes of graphs, as a pair of pure functions. */
export interface MeshGraphNets {
  /** Parameters for graphs with so many features on nodes and edges. */
  init(key: Tensor, inputSize: { nodes: number; edges: number }): MeshGraphNetsParams;
  /** `[N, outputSize]` from a graph with features on nodes `[N, ...]` and edges `[E, ...]`. */
  apply(params: MeshGraphNetsParams, graph: FeatureGraph): Tensor;
}

/**
 * The encode-process-decode network of MeshGraphNets (Pfaff et al. 2021, "Learning mesh-based
 * simulation with graph networks", arXiv:2010.03409; `core_model.py`).
 *
 *     v = encᵛ(v),  e = encᵉ(e)
 *     e' = fᵉ([v_s, v_r, e]),  v' = fᵛ([v, Σ e']),  v ← v + v',  e ← e + e'      in each step
 *     output = dec(v)
 *
 * Nodes sum the new edges before their residual is added. Each MLP but the decoder ends in a layer
 * norm. It is {@linkcode multigraphNets} with one set of edges.
 *
 * @param options Sizes.
 * @returns `{init, apply}`.
 * @throws {RangeError} If a size is not a positive integer.
 *
 * @example
 * ```ts
 * import { graphsTuple, meshGraphNets, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const network = meshGraphNets({ outputSize: 2, latentSize: 8, steps: 3 });
 * const params = network.init(random.key(0), { nodes: 4, edges: 1 });
 * const output = network.apply(params, {
 *   nodes: tf.ones([3, 4]),
 *   edges: tf.ones([2, 1]),
 *   senders: tf.tensor1d([0, 1], "int32"),
 *   receivers: tf.tensor1d([1, 2], "int32"),
 *   globals: null,
 *   nNode: tf.tensor1d([3], "int32"),
 *   nEdge: tf.tensor1d([2], "int32"),
 * });
 * assertEquals(output.shape, [3, 2]);
 * ```
 */
export function meshGraphNets(options: MeshGraphNetsOptions): MeshGraphNets {
  const { init, apply } = multigraphNets({ ...options, edgeSets: ["edges"] });
  return {
    init,
    apply: (params, graph) => {
      checkGraph(graph, "apply a mesh graph network");
      const { nodes, edges: features, senders, receivers } = graph;
      return apply(params, { nodes, edgeSets: { edges: { features, senders, receivers } } });
    },
  };
}
