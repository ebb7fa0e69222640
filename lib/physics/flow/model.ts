/**
 * MeshGraphNets for a flow: from features to a change of velocity, and its loss.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import { losses } from "../../train/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import { frameAfter } from "../frame_after.ts";
import { firstOrder } from "../integrator.ts";
import type { SimulatorModel, SimulatorWeights } from "../learned_simulator.ts";
import { meshGraphNets, type MeshGraphNetsParams } from "../mesh_graph_nets.ts";
import type { MeshGraphNetsOptions } from "../multigraph_nets.ts";
import { NODE_TYPE_SIZE, NodeType, nodeTypeMask } from "../node_type.ts";
import { normalizedNetwork, type PartNormalizers } from "../normalized_network.ts";
import type { NormalizerOptions } from "../normalizer.ts";
import { flowGraph } from "./graph.ts";
import { type FlowBatch, type FlowSample, flowSample, type FlowSampleOptions } from "./sample.ts";
import type { FlowMesh, FlowTrajectory } from "./trajectory.ts";

/** Options of {@linkcode flowModel}. */
export interface FlowModelOptions extends FlowSampleOptions {
  /** Sizes of the network; MeshGraphNets' own by default. */
  readonly network?: Omit<MeshGraphNetsOptions, "outputSize">;
  /** Options of the three normalisers. */
  readonly normalizer?: NormalizerOptions;
  /** Components of position and velocity, D; 2 by default. */
  readonly dimension?: number;
}

/**
 * Statistics of what goes into the network, nodes `[velocity, one-hot type]` and edges
 * `[relative position, distance]`, and of what is to come out, the change of velocity.
 */
export type FlowNormalizers = PartNormalizers<"nodes" | "edges">;

/** All that a prediction needs: a tree of tensors. */
export type FlowWeights = SimulatorWeights<MeshGraphNetsParams, FlowNormalizers>;

/** A network between normalisers, as pure functions. */
export interface FlowModel
  extends SimulatorModel<MeshGraphNetsParams, FlowNormalizers, FlowBatch, FlowSample> {
  /**
   * The velocity `[N, D]` that follows `velocity` at `frame`, an int32 scalar. Nodes that are
   * neither NORMAL nor OUTFLOW get that of the trajectory's next frame (of its last one, beyond its
   * end).
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
 * @param options Sizes, and what a sample is made with.
 * @returns Pure functions of the model's weights.
 * @throws {RangeError} If a size is not a positive integer.
 *
 * @example Without a network's training: what a loss is taken of
 * ```ts
 * import { flowModel, flowTrajectory, random } from "@meshwork/meshwork";
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
 * const sample = model.sample(batch, random.key(1));
 * const seen = model.accumulate(normalizers, sample);
 * assertEquals(seen.nodes.count.dataSync()[0], 3);
 * assert(model.loss({ params, normalizers: seen }, sample).dataSync()[0]! > 0);
 * ```
 */
export function flowModel(options: FlowModelOptions = {}): FlowModel {
  const { dimension = 2 } = options;
  const { init, accumulate, apply, normalize, inverse } = normalizedNetwork({
    network: meshGraphNets({ ...options.network, outputSize: dimension }),
    sizes: { nodes: dimension + NODE_TYPE_SIZE, edges: dimension + 1 },
    outputSize: dimension,
    ...(options.normalizer ? { normalizer: options.normalizer } : {}),
  });
  return {
    init,
    sample: (batch, key) => flowSample(batch, key, options),
    accumulate: (seen, { mesh: { nodeMask, edgeMask }, graph, target }) =>
      accumulate(seen, graph, target, { nodes: nodeMask, edges: edgeMask, output: nodeMask }),
    loss: (weights, { mesh, graph, target }) =>
      tf.tidy(() => {
        const expected = normalize(weights.normalizers, target);
        const mask = isPredicted(mesh);
        // The mean over nodes and components, times the number of these.
        const mean = losses.meanSquaredError(apply(weights, graph), expected, { mask });
        return tf.mul(mean, dimension);
      }),
    predict: (weights, { mesh, velocity: truth }, velocity, frame) =>
      tidy(() => {
        const change = inverse(weights.normalizers, apply(weights, flowGraph(mesh, velocity)));
        const next = firstOrder.step(change, velocity, velocity);
        return tf.where(tf.expandDims(isPredicted(mesh), 1), next, frameAfter(truth, frame));
      }),
  };
}

/** Which nodes the network predicts; the rest are boundaries, whose values are given. */
function isPredicted(mesh: FlowMesh): Tensor {
  return nodeTypeMask(mesh.nodeType, [NodeType.NORMAL, NodeType.OUTFLOW]);
}
