/** MeshGraphNets for a plate: from features to motion and stress, and the loss. @module */
import * as tf from "@tensorflow/tfjs";
import { worldEdgeList, type WorldEdgeListFns } from "../../spatial/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import { losses } from "../../train/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import { frameAfter } from "../frame_after.ts";
import { firstOrder } from "../integrator.ts";
import type { SimulatorModel, SimulatorWeights } from "../learned_simulator.ts";
import type { FlowMesh } from "../mesh_record.ts";
import {
  type MeshGraphNetsOptions,
  multigraphNets,
  type MultigraphNetsParams,
} from "../multigraph_nets.ts";
import { NODE_TYPE_SIZE } from "../node_type.ts";
import type { FrameNoiseOptions } from "../noise.ts";
import { normalizedNetwork, type PartNormalizers } from "../normalized_network.ts";
import type { NormalizerOptions } from "../normalizer.ts";
import { freeNodes, type PlateFrame, type PlateGraph, plateGraph, plateNodes } from "./graph.ts";
import { type PlateBatch, type PlateSample, plateSample } from "./sample.ts";
import { type StressScale, stressScale } from "./stress_scale.ts";
import type { PlateTrajectory } from "./trajectory.ts";

/** Options of {@linkcode plateModel}. */
export interface PlateModelOptions {
  /** Sizes of the network; MeshGraphNets' own by default. */
  readonly network?: Omit<MeshGraphNetsOptions, "outputSize">;
  /** Options of the four normalisers. */
  readonly normalizer?: NormalizerOptions;
  /** The noise on NORMAL nodes; `{scale: 0.003}` by default. */
  readonly noise?: FrameNoiseOptions;
  /** Components of a position, D; 3 by default. */
  readonly dimension?: number;
  /** Nodes touch that are as near; 0.03 by default, `deforming_plate`'s `collision_radius`. */
  readonly radius?: number;
  /** How much more room for world edges there is than the most crowded frame needs; 1.25. */
  readonly capacityMultiplier?: number;
  /**
   * What is learned of the stress, before it is normalised: its root, by default, its logarithm
   * (`log(1 + stress)`, which depends on the unit), or the stress itself.
   */
  readonly stress?: StressScale;
}

/** The parameters of a network with two sets of edges. */
export type PlateParams = MultigraphNetsParams<"edges" | "worldEdges">;

/** What is learned without a gradient. */
export type PlateNormalizers = {
  /** Statistics of nodes, both sets of edges, and of motion and stress. */
  readonly features: PartNormalizers<"nodes" | "edges" | "worldEdges">;
  /** bool `[]`: whether world edges ever lacked room; then some were missing. */
  readonly didOverflow: Tensor;
};

/** All that a prediction needs: a tree of tensors. */
export type PlateWeights = SimulatorWeights<PlateParams, PlateNormalizers>;

/** A network between normalisers, as pure functions. */
export interface PlateModel
  extends SimulatorModel<PlateParams, PlateNormalizers, PlateBatch, PlateSample> {
  /** What finds world edges. */
  readonly worldEdges: WorldEdgeListFns;
  /**
   * The plate after frame number `frame`, an int32 scalar. Nodes that are not NORMAL are where the
   * trajectory has them next (as in its last frame, beyond its end), and so is the stress of those
   * that are no part of the plate.
   */
  predict(
    weights: PlateWeights,
    trajectory: PlateTrajectory,
    plate: PlateFrame,
    frame: Tensor,
  ): PlateFrame;
}

/**
 * The model of MeshGraphNets for `deforming_plate` (Pfaff et al. 2021, arXiv:2010.03409): edges of
 * the mesh, edges between nodes that touch, a change of position and a stress; see
 * {@linkcode plateGraph} for the features.
 *
 * The loss is the squared error of the normalised change of position, summed over components and
 * averaged over NORMAL nodes, plus that of the normalised stress, averaged over NORMAL and HANDLE
 * nodes: those of the plate. World edges are found inside the program, in the room that the
 * trajectory brings; `didOverflow` among the normalisers tells if it was too little.
 *
 * @param options Sizes, noise, how near nodes touch.
 * @returns Pure functions of the model's weights.
 * @throws {RangeError} If a size is not a positive integer, or the radius not positive.
 *
 * @example
 * ```ts
 * import { plateModel, plateTrajectory, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const model = plateModel({ network: { latentSize: 8, steps: 2 }, noise: { scale: 0 } });
 * const world = [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
 * const trajectory = plateTrajectory({
 *   cells: { shape: [1, 1, 4], data: [0, 1, 2, 3] },
 *   mesh_pos: { shape: [1, 4, 3], data: world },
 *   node_type: { shape: [1, 4, 1], data: [3, 0, 0, 0] },
 *   world_pos: { shape: [2, 4, 3], data: [...world, ...world.map((x) => 3 * x)] },
 *   stress: { shape: [2, 4, 1], data: [0, 0, 0, 0, 4, 4, 4, 4] },
 * }, model.worldEdges);
 * const batch = { ...trajectory, frames: tf.tensor1d([0], "int32") };
 * const { target } = model.sample(batch, random.key(0));
 * assertEquals(target.arraySync(), [[0, 0, 0, 2], [2, 0, 0, 2], [0, 2, 0, 2], [0, 0, 2, 2]]);
 * ```
 */
export function plateModel(options: PlateModelOptions = {}): PlateModel {
  const { dimension = 3, radius = 0.03, noise = { scale: 0.003 } } = options;
  const { capacityMultiplier = 1.25 } = options;
  const scale = stressScale(options.stress ?? "sqrt");
  const worldEdges = worldEdgeList({ radius, capacityMultiplier });
  const { init, accumulate, apply, normalize, inverse } = normalizedNetwork({
    network: plateNetwork({ ...options.network, outputSize: dimension + 1 }),
    sizes: {
      nodes: 2 * dimension + NODE_TYPE_SIZE,
      edges: 2 * (dimension + 1),
      worldEdges: dimension + 1,
    },
    outputSize: dimension + 1,
    ...(options.normalizer ? { normalizer: options.normalizer } : {}),
  });
  const outputOf = ({ params, normalizers }: PlateWeights, graph: PlateGraph): Tensor =>
    apply({ params, normalizers: normalizers.features }, graph);
  return {
    worldEdges,
    init: (key) =>
      tidy(() => {
        const { params, normalizers: features } = init(key);
        return { params, normalizers: { features, didOverflow: tf.scalar(false, "bool") } };
      }),
    sample: (batch, key) => plateSample(batch, key, noise, worldEdges, scale.to),
    accumulate: ({ features, didOverflow }, { mesh, graph, target, didOverflow: now }) =>
      tidy(() => {
        const { nodeMask, edgeMask, nodeType } = mesh;
        const touches = tf.less(graph.worldReceivers, tf.scalar(nodeType.shape[0]!, "int32"));
        const masks = { nodes: nodeMask, edges: edgeMask, worldEdges: touches, output: nodeMask };
        return {
          features: accumulate(features, graph, target, masks),
          didOverflow: tf.logicalOr(didOverflow, now),
        };
      }),
    loss: (weights, { mesh, graph, target }) =>
      tf.tidy(() => {
        const expected = normalize(weights.normalizers.features, target);
        return plateLoss(mesh, outputOf(weights, graph), expected);
      }),
    predict: (weights, { mesh, worldPosition, stress }, plate, frame) =>
      tidy(() => {
        const current = plate.worldPosition;
        const list = worldEdges.update(current, plate.worldEdges);
        const given = frameAfter(worldPosition, frame);
        const graph = plateGraph(mesh, { current, next: given, touching: list });
        const output = inverse(weights.normalizers.features, outputOf(weights, graph));
        const [motion, scaled] = splitOutput(output);
        const next = firstOrder.step(motion, current, current);
        return {
          worldPosition: tf.where(freeNodes(mesh), next, given),
          stress: tf.where(plateNodes(mesh), scale.from(scaled), frameAfter(stress, frame)),
          worldEdges: list,
        };
      }),
  };
}

const splitOutput = (output: Tensor): [motion: Tensor, stress: Tensor] =>
  tf.split(output, [output.shape[1]! - 1, 1], 1) as [Tensor, Tensor];

/** Squared errors: of NORMAL nodes' motion, summed over components, and of the plate's stress. */
function plateLoss(mesh: FlowMesh, output: Tensor, expected: Tensor): Tensor {
  const [[motion, stress], [realMotion, realStress]] = [splitOutput(output), splitOutput(expected)];
  const [isFree, isPlate] = [freeNodes(mesh), plateNodes(mesh)].map((mask) =>
    tf.squeeze(mask, [1])
  );
  return tf.add(
    tf.mul(losses.meanSquaredError(motion, realMotion, { mask: isFree! }), motion.shape[1]!),
    losses.meanSquaredError(stress, realStress, { mask: isPlate! }),
  );
}

/** The network of two sets of edges, for graphs whose parts have names. */
function plateNetwork(options: MeshGraphNetsOptions) {
  const { init, apply } = multigraphNets({ ...options, edgeSets: ["edges", "worldEdges"] });
  return {
    init,
    apply: (params: PlateParams, graph: PlateGraph): Tensor =>
      apply(params, {
        nodes: graph.nodes,
        edgeSets: {
          edges: { features: graph.edges, senders: graph.senders, receivers: graph.receivers },
          worldEdges: {
            features: graph.worldEdges,
            senders: graph.worldSenders,
            receivers: graph.worldReceivers,
          },
        },
      }),
  };
}
