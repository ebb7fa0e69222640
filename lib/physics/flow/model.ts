/** What MeshGraphNets computes for a flow: features to a change of velocity, and its loss. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { flowGraph } from "./flow_graph.ts";
import type { FlowSample } from "./flow_sample.ts";
import type { FlowMesh, FlowTrajectory } from "./flow_trajectory.ts";
import { firstOrder } from "./integrator.ts";
import {
  type FeatureGraph,
  meshGraphNets,
  type MeshGraphNetsOptions,
  type MeshGraphNetsParams,
} from "./mesh_graph_nets.ts";
import { NODE_TYPE_SIZE, NodeType, nodeTypeMask } from "./node_type.ts";
import { normalizer, type NormalizerOptions, type NormalizerState } from "./normalizer.ts";

/** Options of {@linkcode flowModel}. */
export interface FlowModelOptions {
  /** Sizes of the network; MeshGraphNets' own by default. */
  readonly network?: Omit<MeshGraphNetsOptions, "outputSize">;
  /** Options of the three normalisers. */
  readonly normalizer?: NormalizerOptions;
  /** Components of position and velocity, D; 2 by default. */
  readonly dimension?: number;
}

/** Statistics of what goes into the network and of what is to come out. */
export type FlowNormalizers = {
  /** Of `[velocity, one-hot type]`. */
  readonly nodes: NormalizerState;
  /** Of `[relative position, distance]`. */
  readonly edges: NormalizerState;
  /** Of the change of velocity. */
  readonly output: NormalizerState;
};

/** All that a prediction needs: a tree of tensors. */
export type FlowWeights = {
  readonly params: MeshGraphNetsParams;
  readonly normalizers: FlowNormalizers;
};

/** A network between normalisers, as pure functions. */
export interface FlowModel {
  /** Random parameters, and normalisers that have seen nothing. */
  init(key: Tensor): FlowWeights;
  /** Normalisers that have seen one more sample. */
  accumulate(normalizers: FlowNormalizers, sample: FlowSample): FlowNormalizers;
  /** The loss of a sample, a scalar. */
  loss(weights: FlowWeights, sample: FlowSample): Tensor;
  /**
   * The velocity `[N, D]` that follows `velocity` at `frame`, an int32 scalar. Nodes that are neither
   * NORMAL nor OUTFLOW get that of the trajectory's next frame (of its last one, beyond its end).
   */
  predict(
    weights: FlowWeights,
    trajectory: FlowTrajectory,
    velocity: Tensor,
    frame: Tensor,
  ): Tensor;
}

/**
 * The model of MeshGraphNets for `cylinder_flow` (`cfd_model.py`).
 *
 * The loss is the squared error of the normalised change of velocity, summed over components and
 * averaged over NORMAL and OUTFLOW nodes.
 *
 * @param options Sizes.
 * @returns Pure functions of the model's weights.
 * @throws {RangeError} If a size is not a positive integer.
 *
 * @example Without a network's training: what a loss is taken of
 * ```ts
 * import { flowModel, flowSample, flowTrajectory, random } from "@meshwork/meshwork";
 * import { assert, assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const trajectory = flowTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [4, 0, 5] },
 *   velocity: { shape: [2, 3, 2], data: Array.from({ length: 12 }, (_, i) => i * i) },
 * });
 * const model = flowModel({ network: { latentSize: 8, steps: 2 } });
 * const { params, normalizers } = model.init(random.key(0));
 * const batch = { ...trajectory, frames: tf.tensor1d([0], "int32") };
 * const sample = flowSample(batch, random.key(1));
 * const seen = model.accumulate(normalizers, sample);
 * assertEquals(seen.nodes.count.dataSync()[0], 3);
 * assert(model.loss({ params, normalizers: seen }, sample).dataSync()[0]! > 0);
 * ```
 */
export function flowModel(options: FlowModelOptions = {}): FlowModel {
  const { dimension = 2 } = options;
  const network = meshGraphNets({ ...options.network, outputSize: dimension });
  const { init, accumulate, normalize, inverse } = normalizer(options.normalizer);
  const size = { nodes: dimension + NODE_TYPE_SIZE, edges: dimension + 1 };

  /** The normalised change of velocity, `[N, D]`. */
  const forward = ({ params, normalizers }: FlowWeights, graph: FeatureGraph): Tensor =>
    network.apply(params, {
      ...graph,
      nodes: normalize(normalizers.nodes, graph.nodes),
      edges: normalize(normalizers.edges, graph.edges),
    });

  return {
    init: (key) => ({
      params: network.init(key, size),
      normalizers: { nodes: init(size.nodes), edges: init(size.edges), output: init(dimension) },
    }),
    accumulate: (seen, { mesh, graph, target }) => ({
      nodes: accumulate(seen.nodes, graph.nodes, mesh.nodeMask),
      edges: accumulate(seen.edges, graph.edges, mesh.edgeMask),
      output: accumulate(seen.output, target, mesh.nodeMask),
    }),
    loss: (weights, { mesh, graph, target }) =>
      tf.tidy(() => {
        const expected = normalize(weights.normalizers.output, target);
        const error = tf.sub(forward(weights, graph), expected);
        const mask = isPredicted(mesh);
        // Masked before it is squared: what follows at a boundary may hold anything.
        const known = tf.where(tf.expandDims(mask, 1), error, tf.zerosLike(error));
        const count = tf.sum(tf.cast(mask, "float32"));
        return tf.div(tf.sum(tf.square(known)), tf.maximum(count, 1));
      }),
    predict: (weights, { mesh, velocity: truth }, velocity, frame) =>
      tidy(() => {
        const output = forward(weights, flowGraph(mesh, velocity));
        const change = inverse(weights.normalizers.output, output);
        const next = firstOrder.step(change, velocity, velocity);
        return tf.where(tf.expandDims(isPredicted(mesh), 1), next, frameAfter(truth, frame));
      }),
  };
}

/** Which nodes the network predicts; the rest are boundaries, whose values are given. */
function isPredicted(mesh: FlowMesh): Tensor {
  return nodeTypeMask(mesh.nodeType, [NodeType.NORMAL, NodeType.OUTFLOW]);
}

/** The frame after `frame`, or the last one. */
function frameAfter(frames: Tensor, frame: Tensor): Tensor {
  const last = tf.scalar(frames.shape[0]! - 1, "int32");
  return tf.gather(frames, tf.minimum(tf.add(frame, tf.scalar(1, "int32")), last));
}
