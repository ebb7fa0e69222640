/** The network of MeshGraphNets: encode, process, decode. Copy this file to change it. @module */
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import type { GraphsTuple } from "../graph/mod.ts";
import { type AggregateFn, interactionNetwork } from "../models/mod.ts";
import { mlp, type MlpParams } from "../nn/mod.ts";
import { split } from "../random/mod.ts";
import { segmentSum } from "../segment/mod.ts";
import type { Tensor } from "../tree/mod.ts";

/** A graph whose features are one tensor for nodes and one for edges. */
export type FeatureGraph = GraphsTuple<Tensor, Tensor, null>;

/** Options of {@linkcode meshGraphNets}. */
export interface MeshGraphNetsOptions {
  /** Features that are predicted for each node. */
  readonly outputSize: number;
  /** Features of nodes and edges in between; 128 by default. */
  readonly latentSize?: number;
  /** Hidden layers of each MLP, of the latent size; 2 by default. */
  readonly hiddenLayers?: number;
  /** Message-passing steps, each with its own weights; 15 by default. */
  readonly steps?: number;
  /** How nodes combine the edges that they receive; `segmentSum` by default. */
  readonly aggregateEdgesFn?: AggregateFn;
  /** The function between layers; `tf.relu` by default. */
  readonly activation?: (x: Tensor) => Tensor;
  /**
   * In which order an MLP reads what it is given, which matters to weights from elsewhere:
   * `[sender, receiver, edge]` and `[node, edges]` by default, as in MeshGraphNets, or
   * `[edge, receiver, sender]` and `[edges, node]`, as in GNS.
   */
  readonly order?: "MeshGraphNets" | "GNS";
}

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
 * norm. The concatenations are written plainly: on xla the compiler splits the products over them,
 * so that what belongs to nodes is computed for nodes.
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
  const { outputSize, latentSize = 128, hiddenLayers = 2, steps = 15, activation = tf.relu } =
    options;
  const aggregateEdgesFn = options.aggregateEdgesFn ?? segmentSum;
  const inOrder = (parts: Tensor[]): Tensor =>
    tf.concat(options.order === "GNS" ? parts.reverse() : parts, 1);
  checkSizes({ outputSize, latentSize, hiddenLayers, steps });
  const hidden = new Array<number>(hiddenLayers).fill(latentSize);
  const block = mlp({ sizes: [...hidden, latentSize], activation, layerNorm: true });
  const decoder = mlp({ sizes: [...hidden, outputSize], activation });

  const process = (params: NodeEdgeParams, graph: FeatureGraph): FeatureGraph => {
    const { nodes, edges } = interactionNetwork({
      updateEdgeFn: (edges: Tensor, sender: Tensor, receiver: Tensor) =>
        block.apply(params.edges, inOrder([sender, receiver, edges])),
      updateNodeFn: (nodes: Tensor, received: Tensor) =>
        block.apply(params.nodes, inOrder([nodes, received])),
      aggregateEdgesForNodesFn: aggregateEdgesFn,
    })(graph) as FeatureGraph;
    return { ...graph, nodes: tf.add(graph.nodes, nodes), edges: tf.add(graph.edges, edges) };
  };

  return {
    init: (key, inputSize) =>
      tidy(() => {
        const [forNodes, forEdges, forDecoder, ...forSteps] = tf.unstack(split(key, 3 + 2 * steps));
        return {
          encoder: {
            nodes: block.init(forNodes!, inputSize.nodes),
            edges: block.init(forEdges!, inputSize.edges),
          },
          processor: Array.from({ length: steps }, (_, i) => ({
            nodes: block.init(forSteps[2 * i]!, 2 * latentSize),
            edges: block.init(forSteps[2 * i + 1]!, 3 * latentSize),
          })),
          decoder: decoder.init(forDecoder!, latentSize),
        };
      }),
    apply: (params, graph) =>
      tidy(() => {
        let latent: FeatureGraph = {
          ...graph,
          nodes: block.apply(params.encoder.nodes, graph.nodes),
          edges: block.apply(params.encoder.edges, graph.edges),
        };
        for (const step of params.processor) latent = process(step, latent);
        return decoder.apply(params.decoder, latent.nodes);
      }),
  };
}

function checkSizes(sizes: Record<string, number>): void {
  for (const [name, size] of Object.entries(sizes)) {
    checkPositiveInteger(size, "make a mesh graph network", name);
  }
}
