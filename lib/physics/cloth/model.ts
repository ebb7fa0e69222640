/** MeshGraphNets for a cloth: from features to accelerations, and the loss. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import { losses } from "../../train/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import { worldAndMeshFeatures } from "../edge_features.ts";
import { repeatMesh } from "../flow/graph.ts";
import type { FlowMesh } from "../flow/mod.ts";
import { secondOrder } from "../integrator.ts";
import type { SimulatorModel, SimulatorWeights } from "../learned_simulator.ts";
import { type FeatureGraph, meshGraphNets, type MeshGraphNetsParams } from "../mesh_graph_nets.ts";
import type { MeshGraphNetsOptions } from "../multigraph_nets.ts";
import { NODE_TYPE_SIZE, NodeType, nodeTypeMask, nodeTypeOneHot } from "../node_type.ts";
import { frameNoise, type FrameNoiseOptions } from "../noise.ts";
import { normalizedNetwork, type PartNormalizers } from "../normalized_network.ts";
import type { NormalizerOptions } from "../normalizer.ts";
import type { ClothTrajectory } from "./trajectory.ts";

/** A trajectory and the frames of it to learn from. */
export type ClothBatch = ClothTrajectory & {
  /** int32 `[B]`, each from 1 to T - 2; the trajectory stays on the device. */
  readonly frames: Tensor;
};

/** B frames of a mesh side by side, and what is to be predicted for them. */
export type ClothSample = {
  readonly mesh: FlowMesh;
  /** Features before normalisation, of B N nodes. */
  readonly graph: FeatureGraph;
  /** The acceleration, float32 `[B N, D]`. */
  readonly target: Tensor;
};

/** The last two frames of a cloth. */
export type ClothFrames = {
  /** float32 `[N, D]`. */
  readonly previous: Tensor;
  /** float32 `[N, D]`. */
  readonly current: Tensor;
};

/** Options of {@linkcode clothModel}. */
export interface ClothModelOptions {
  /** Sizes of the network; MeshGraphNets' own by default. */
  readonly network?: Omit<MeshGraphNetsOptions, "outputSize">;
  /** Options of the three normalisers. */
  readonly normalizer?: NormalizerOptions;
  /**
   * The noise on NORMAL nodes; `{scale: 0.003, gamma: 0.1}` by default, as MeshGraphNets has it.
   */
  readonly noise?: FrameNoiseOptions;
  /** Components of a position in the world, D; 3 by default. */
  readonly dimension?: number;
}

/** Statistics of the features of nodes and edges, and of the acceleration. */
export type ClothNormalizers = PartNormalizers<"nodes" | "edges">;

/** All that a prediction needs: a tree of tensors. */
export type ClothWeights = SimulatorWeights<MeshGraphNetsParams, ClothNormalizers>;

/** A network between normalisers, as pure functions. */
export interface ClothModel
  extends SimulatorModel<MeshGraphNetsParams, ClothNormalizers, ClothBatch, ClothSample> {
  /** The frames that follow two frames: NORMAL nodes move, the others stay where they are. */
  predict(weights: ClothWeights, mesh: FlowMesh, frames: ClothFrames): ClothFrames;
}

/** The numbers of coordinates in the flat cloth. */
const MESH_DIMENSION = 2;

/**
 * The graph of two frames: nodes `[velocity, one-hot type]`, edges `[relative position in the
 * world, distance, relative position in the mesh, distance]`, as `cloth_model.py` of MeshGraphNets.
 *
 * @param mesh The mesh.
 * @param frames The last two frames.
 * @returns nodes `[N, D + 9]`, edges `[E, D + 4]`, no globals, one graph.
 * @throws {TypeError} If the mesh's `nodeType` is not int32 `[N]`, or positions are not float32.
 *
 * @example
 * ```ts
 * import { clothGraph, clothTrajectory } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const { mesh } = clothTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 3, 4, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [3, 0, 0] },
 *   world_pos: { shape: [1, 3, 3], data: new Float32Array(9) },
 * });
 * const current = tf.tensor2d([[0, 0, 0], [2, 0, 0], [0, 1, 0]]);
 * const graph = clothGraph(mesh, { previous: tf.zeros([3, 3]), current });
 * // The first edge goes from node 1 to node 0.
 * assertEquals([...graph.edges.dataSync()].slice(0, 7), [2, 0, 0, 2, 3, 4, 5]);
 * assertEquals([...graph.nodes.dataSync()].slice(12, 16), [2, 0, 0, 1]);
 * ```
 */
export function clothGraph(mesh: FlowMesh, { previous, current }: ClothFrames): FeatureGraph {
  return tidy(() => {
    const { nodeType, senders, receivers } = mesh;
    const velocity = tf.sub(current, previous);
    return {
      nodes: tf.concat([velocity, nodeTypeOneHot(nodeType)], 1),
      edges: worldAndMeshFeatures(current, mesh),
      senders: tf.clone(senders),
      receivers: tf.clone(receivers),
      globals: null,
      nNode: tf.tensor1d([nodeType.shape[0]!], "int32"),
      nEdge: tf.tensor1d([senders.shape[0]!], "int32"),
    };
  });
}

/**
 * The model of MeshGraphNets for `flag_simple` (Pfaff et al. 2021, arXiv:2010.03409;
 * `cloth_model.py`): it has mesh edges alone, as the released code.
 *
 * What is predicted is the acceleration `x' - 2 x + x₋₁`. The loss is the squared error of the
 * normalised one, summed over components and averaged over NORMAL nodes.
 *
 * @param options Sizes, and the noise.
 * @returns Pure functions of the model's weights.
 * @throws {RangeError} If a size is not a positive integer.
 *
 * @example
 * ```ts
 * import { clothModel, clothTrajectory, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const trajectory = clothTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [3, 0, 0] },
 *   world_pos: { shape: [3, 3, 3], data: Array.from({ length: 27 }, (_, i) => i * i) },
 * });
 * const model = clothModel({ network: { latentSize: 8, steps: 2 }, noise: { scale: 0 } });
 * const batch = { ...trajectory, frames: tf.tensor1d([1], "int32") };
 * const { target } = model.sample(batch, random.key(0));
 * assertEquals([...target.dataSync()], new Array(9).fill(162));
 * ```
 */
export function clothModel(options: ClothModelOptions = {}): ClothModel {
  const { dimension = 3, noise = { scale: 0.003, gamma: 0.1 } } = options;
  const { init, accumulate, apply, normalize, inverse } = normalizedNetwork({
    network: meshGraphNets({ ...options.network, outputSize: dimension }),
    sizes: { nodes: dimension + NODE_TYPE_SIZE, edges: dimension + 1 + MESH_DIMENSION + 1 },
    outputSize: dimension,
    ...(options.normalizer ? { normalizer: options.normalizer } : {}),
  });
  return {
    init,
    sample: (batch, key) => clothSample(batch, key, noise),
    loss: (weights, { mesh, graph, target }) =>
      tf.tidy(() => {
        const mask = nodeTypeMask(mesh.nodeType, [NodeType.NORMAL]);
        const output = apply(weights, graph);
        const expected = normalize(weights.normalizers, target);
        return tf.mul(losses.meanSquaredError(output, expected, { mask }), dimension);
      }),
    accumulate: (seen, { mesh: { nodeMask, edgeMask }, graph, target }) =>
      accumulate(seen, graph, target, { nodes: nodeMask, edges: edgeMask, output: nodeMask }),
    predict: (weights, mesh, { previous, current }) =>
      tidy(() => {
        const output = apply(weights, clothGraph(mesh, { previous, current }));
        const next = secondOrder.step(inverse(weights.normalizers, output), current, previous);
        const isFree = tf.expandDims(nodeTypeMask(mesh.nodeType, [NodeType.NORMAL]), 1);
        return { previous: tf.clone(current), current: tf.where(isFree, next, current) };
      }),
  };
}

/** The graph of noisy frames, and the acceleration that leads on and partly mends the noise. */
function clothSample(batch: ClothBatch, key: Tensor, noise: FrameNoiseOptions): ClothSample {
  const { frames, worldPosition } = batch;
  if (frames.dtype !== "int32" || frames.rank !== 1) {
    throw new TypeError(
      `Cannot take a sample of a cloth as frames are a vector of indices: expected int32 [B], got ` +
        describe(frames),
    );
  }
  return tidy(() => {
    const mesh = repeatMesh(batch.mesh, frames.shape[0]!);
    const [previous, clean, following] = [-1, 0, 1].map((step) => {
      const picked = tf.gather(worldPosition, tf.add(frames, tf.scalar(step, "int32")));
      return tf.reshape(picked, [-1, worldPosition.shape[2]!]);
    }) as [Tensor, Tensor, Tensor];
    const isFree = nodeTypeMask(mesh.nodeType, [NodeType.NORMAL]);
    const { current, next } = frameNoise(key, { current: clean, next: following }, isFree, noise);
    return {
      mesh,
      graph: clothGraph(mesh, { previous, current }),
      target: secondOrder.target(next, current, previous),
    };
  });
}
