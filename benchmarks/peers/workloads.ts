/** What the peers are compared on: models, sizes, weights and data, the same for all. @module */
import * as tf from "@tensorflow/tfjs";
import {
  graphConvolution,
  type GraphsTuple,
  meshGraphNets,
  type MeshGraphNetsParams,
  random,
  type Tensor,
} from "@meshwork/meshwork";

/** Weights, and what they are applied to; a checkpoint that other languages can read too. */
export type Problem = {
  readonly params: MeshGraphNetsParams | { readonly layers: readonly Tensor[] };
  readonly graph: {
    readonly nodes: Tensor;
    readonly edges: Tensor;
    readonly senders: Tensor;
    readonly receivers: Tensor;
  };
  readonly target: Tensor;
};

/** A workload: how its problem is made, and the model. */
export interface Workload {
  readonly title: string;
  problem(): Problem;
  /** Node outputs. */
  apply(params: Problem["params"], graph: GraphsTuple<Tensor, Tensor, null>): Tensor;
}

const normal = (seed: number, shape: number[], stddev = 1): Tensor =>
  tf.mul(random.normal(random.key(seed), shape), stddev);

/** Edges both ways between random pairs of nodes. */
function pairs(seed: number, n: number, edges: number): { senders: Tensor; receivers: Tensor } {
  const [a, b] = [1, 2].map((k) =>
    tf.cast(random.uniform(random.key(seed + k), [edges / 2], { maxval: n }), "int32")
  );
  return { senders: tf.concat([a!, b!]), receivers: tf.concat([b!, a!]) };
}

function meshWorkload(title: string, steps: number): Workload {
  const [n, edges, size] = [2_000, 12_000, 128];
  const network = meshGraphNets({ outputSize: 2, latentSize: size, steps });
  return {
    title,
    problem: () => ({
      params: network.init(random.key(0), { nodes: 11, edges: 3 }),
      graph: { nodes: normal(1, [n, 11]), edges: normal(2, [edges, 3]), ...pairs(3, n, edges) },
      target: normal(6, [n, 2]),
    }),
    apply: (params, graph) => network.apply(params as MeshGraphNetsParams, graph),
  };
}

function gcnWorkload(title: string): Workload {
  const [n, edges, size] = [100_000, 1_000_000, 64];
  return {
    title,
    problem: () => ({
      params: { layers: [7, 8].map((seed) => normal(seed, [size, size], 1 / 8)) },
      graph: { nodes: normal(1, [n, size]), edges: normal(2, [1, 1]), ...pairs(3, n, edges) },
      target: normal(6, [n, size]),
    }),
    apply: (params, graph) => {
      const [first, second] = (params as { layers: Tensor[] }).layers as [Tensor, Tensor];
      const layer = (weights: Tensor, x: Tensor): Tensor =>
        graphConvolution({
          updateNodeFn: (nodes: Tensor) => tf.matMul(nodes as tf.Tensor2D, weights as tf.Tensor2D),
          addSelfEdges: true,
        })({ ...graph, nodes: x, edges: null }).nodes as Tensor;
      return layer(second, tf.relu(layer(first, graph.nodes)));
    },
  };
}

/** The workloads by name. */
export const WORKLOADS: Readonly<Record<string, Workload>> = {
  mesh: meshWorkload("MeshGraphNets: 2,000 nodes, 12,000 edges, width 128, 15 steps", 15),
  mesh5: meshWorkload("MeshGraphNets: 2,000 nodes, 12,000 edges, width 128, 5 steps", 5),
  gcn: gcnWorkload("GCN: 100,000 nodes, 1,000,000 edges, width 64, 2 layers"),
};

/** What is timed. */
export const MODES = ["forward", "train"] as const;
export type Mode = typeof MODES[number];

/** Of plain gradient descent: so small that first losses can be compared. */
export const RATE = 1e-3;
