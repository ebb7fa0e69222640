/** What the peers are compared on: models, sizes, weights and data, the same for all. @module */
import * as tf from "@tensorflow/tfjs";
import {
  gat,
  graphConvolution,
  type GraphsTuple,
  meshGraphNets,
  type MeshGraphNetsParams,
  random,
  scan,
  type Tensor,
  type Tree,
} from "@meshwork/meshwork";
import { moleculesWorkload } from "./molecules.ts";
import { particlesWorkload } from "./particles.ts";

/** Weights, and what they are applied to; a checkpoint that other languages can read too. */
export type Problem = { readonly params: Tree; readonly data: GraphData };

/** A graph, what is to be learned of it, and whatever else a model reads. */
export type GraphData = {
  readonly senders: Tensor;
  readonly receivers: Tensor;
  readonly target: Tensor;
} & { readonly [name: string]: Tensor };

/** What is timed: the loss, a step of gradient descent, a step of a rollout, a pass over a set. */
export type Mode = "forward" | "train" | "rollout" | "epoch";

/** A workload: how its problem is made, and what is computed of it. */
export interface Workload {
  readonly title: string;
  readonly modes: readonly Mode[];
  problem(): Problem | Promise<Problem>;
  /** A number of the weights and the data; of `epoch` it is that of a batch. */
  loss(params: Tree, data: GraphData): Tensor;
  /** A number after {@linkcode ROLLOUT} steps, each from what the one before predicted. */
  rollout?(params: Tree, data: GraphData): Tensor;
}

/** Of plain gradient descent: so small that first losses can be compared. */
export const RATE = 1e-4;

/** Steps of a rollout, one program. */
export const ROLLOUT = 10;

const normal = (seed: number, shape: number[], stddev = 1): Tensor =>
  tf.mul(random.normal(random.key(seed), shape), stddev);

/** Edges both ways between random pairs of nodes. */
function pairs(seed: number, n: number, edges: number): { senders: Tensor; receivers: Tensor } {
  const [a, b] = [1, 2].map((k) =>
    tf.cast(random.uniform(random.key(seed + k), [edges / 2], { maxval: n }), "int32")
  );
  return { senders: tf.concat([a!, b!]), receivers: tf.concat([b!, a!]) };
}

/** The graph that models take. */
export function graphOf(
  nodes: Tensor,
  edges: Tensor | null,
  { senders, receivers }: GraphData,
): GraphsTuple<Tensor, Tensor, null> {
  const count = (x: Tensor): Tensor => tf.tensor1d([x.shape[0]!], "int32");
  return {
    ...{ nodes, edges: edges!, senders, receivers, globals: null },
    ...{ nNode: count(nodes), nEdge: count(senders) },
  };
}

const squareError = (a: Tensor, b: Tensor): Tensor => tf.mean(tf.square(tf.sub(a, b)));

function meshWorkload(title: string, steps: number, modes: readonly Mode[]): Workload {
  const [n, edges, size] = [2_000, 12_000, 128];
  const network = meshGraphNets({ outputSize: 2, latentSize: size, steps });
  const predict = (params: Tree, nodes: Tensor, data: GraphData): Tensor =>
    network.apply(params as MeshGraphNetsParams, graphOf(nodes, data.edges!, data));
  return {
    title,
    modes,
    problem: () => ({
      params: network.init(random.key(0), { nodes: 11, edges: 3 }),
      data: {
        nodes: normal(1, [n, 11]),
        edges: normal(2, [edges, 3]),
        ...pairs(3, n, edges),
        target: normal(6, [n, 2]),
      },
    }),
    loss: (params, data) => squareError(predict(params, data.nodes!, data), data.target),
    rollout(params, data) {
      // The first two features are what is predicted, as velocities are in MeshGraphNets.
      const follow = (velocity: Tensor): readonly [Tensor, null] => {
        const nodes = tf.concat([velocity, tf.slice(data.nodes!, [0, 2], [n, 9])], 1);
        return [tf.add(velocity, tf.mul(predict(params, nodes, data), 0.01)), null];
      };
      const [last] = scan(follow, tf.slice(data.nodes!, [0, 0], [n, 2]), ROLLOUT);
      return squareError(last, data.target);
    },
  };
}

const [NODES, EDGES, SIZE] = [100_000, 1_000_000, 64];

const largeGraph = (): GraphData => ({
  nodes: normal(1, [NODES, SIZE]),
  ...pairs(3, NODES, EDGES),
  target: normal(6, [NODES, SIZE]),
});

const gcn: Workload = {
  title: "GCN: 100,000 nodes, 1,000,000 edges, width 64, 2 layers",
  modes: ["forward", "train"],
  problem: () => ({
    params: { layers: [7, 8].map((seed) => normal(seed, [SIZE, SIZE], 1 / 8)) },
    data: largeGraph(),
  }),
  loss(params, data) {
    const [first, second] = (params as { layers: Tensor[] }).layers as [Tensor, Tensor];
    const layer = (weights: Tensor, x: Tensor): Tensor =>
      graphConvolution({
        updateNodeFn: (nodes: Tensor) => tf.matMul(nodes as tf.Tensor2D, weights as tf.Tensor2D),
        addSelfEdges: true,
      })(graphOf(x, null, data)).nodes as Tensor;
    return squareError(layer(second, tf.relu(layer(first, data.nodes!))), data.target);
  },
};

const HEADS = 8;

/** The weights of an attention layer: of queries, and of the logits of sender and receiver. */
type Attention = { readonly w: Tensor; readonly sender: Tensor; readonly receiver: Tensor };

const attention: Workload = {
  title: "GAT: 100,000 nodes, 1,000,000 edges, width 64, 8 heads",
  modes: ["forward", "train"],
  problem: () => ({
    params: {
      w: normal(7, [SIZE, SIZE], 1 / 8),
      sender: normal(8, [1, HEADS, SIZE / HEADS], 1 / 2),
      receiver: normal(9, [1, HEADS, SIZE / HEADS], 1 / 2),
    },
    data: largeGraph(),
  }),
  loss(params, data) {
    const { w, sender, receiver } = params as Attention;
    const score = (queries: Tensor, weights: Tensor): Tensor =>
      tf.sum(tf.mul(queries, weights), -1, true);
    const { nodes } = gat({
      attentionQueryFn: (nodes: Tensor) =>
        tf.reshape(tf.matMul(nodes as tf.Tensor2D, w as tf.Tensor2D), [-1, HEADS, SIZE / HEADS]),
      attentionLogitFn: (sent, received) =>
        tf.leakyRelu(
          tf.add(score(sent as Tensor, sender), score(received as Tensor, receiver)),
          0.2,
        ),
    })(graphOf(data.nodes!, null, data));
    return squareError(nodes as Tensor, data.target);
  },
};

/** The workloads by name. */
export const WORKLOADS: Readonly<Record<string, Workload>> = {
  mesh: meshWorkload(
    "MeshGraphNets: 2,000 nodes, 12,000 edges, width 128, 15 steps",
    15,
    ["forward", "train", "rollout"],
  ),
  particles: particlesWorkload,
  gcn,
  gat: attention,
  molecules: moleculesWorkload,
};
