/**
 * Training samples of a flow: frames of a trajectory, with noise and symmetries.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import { split } from "../../random/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";
import { firstOrder } from "../integrator.ts";
import type { FeatureGraph } from "../mesh_graph_nets.ts";
import { NodeType, nodeTypeMask } from "../node_type.ts";
import { frameNoise, type FrameNoiseOptions, type NoisyFrame } from "../noise.ts";
import { flowGraph, repeatMesh } from "./graph.ts";
import {
  drawFlowSymmetry,
  type FlowSymmetry,
  type FlowSymmetryOptions,
  interpolateFrames,
} from "./symmetry.ts";
import type { FlowMesh, FlowTrajectory } from "./trajectory.ts";

/** A trajectory and the frames of it to learn from. */
export type FlowBatch = FlowTrajectory & {
  /** int32 `[B]`, each from 0 to T - 2; the trajectory stays on the device. */
  readonly frames: Tensor;
};

/** Options of {@linkcode flowSample}. */
export interface FlowSampleOptions extends FlowSymmetryOptions {
  /** The noise on NORMAL nodes; `{scale: 0.02, gamma: 1}` by default, as MeshGraphNets has it. */
  readonly noise?: FrameNoiseOptions;
}

/** B frames of a mesh side by side, and what is to be predicted for them. */
export type FlowSample = {
  readonly mesh: FlowMesh;
  /** Features before normalisation, of B N nodes. */
  readonly graph: FeatureGraph;
  /** The change of velocity, float32 `[B N, D]`. */
  readonly target: Tensor;
};

/**
 * Makes a training sample of a batch.
 *
 * @param batch A trajectory, and B of its frames.
 * @param key A key of `random`, for the noise and the symmetries.
 * @param options What to draw.
 * @returns The graph of the noisy frames, and the target.
 * @throws {TypeError} If `frames` is not int32 `[B]`.
 *
 * @example Frames 0 and 1 of a triangle, without noise
 * ```ts
 * import { flowSample, flowTrajectory, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const trajectory = flowTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 1, 0, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [4, 0, 5] },
 *   velocity: { shape: [3, 3, 2], data: Array.from({ length: 18 }, (_, i) => i) },
 * });
 * const batch = { ...trajectory, frames: tf.tensor1d([0, 1], "int32") };
 * const { graph, target } = flowSample(batch, random.key(0), { noise: { scale: 0 } });
 * assertEquals(graph.nodes.shape, [6, 11]);
 * assertEquals([...target.dataSync()], new Array(12).fill(6));
 * ```
 */
export function flowSample(
  batch: FlowBatch,
  key: Tensor,
  options: FlowSampleOptions = {},
): FlowSample {
  const { frames, velocity } = batch;
  if (frames.dtype !== "int32" || frames.rank !== 1) {
    throw new TypeError(
      `Cannot take a sample as frames are a vector of indices: expected int32 [B], got ` +
        describe(frames),
    );
  }
  return tidy(() => {
    const [noiseKey, symmetryKey] = tf.unstack(split(key));
    const symmetry = drawFlowSymmetry(symmetryKey!, frames.shape[0]!, velocity.shape[2]!, options);
    const mesh = moveMesh(repeatMesh(batch.mesh, frames.shape[0]!), symmetry);
    const normal = nodeTypeMask(mesh.nodeType, [NodeType.NORMAL]);
    const noise = options.noise ?? { scale: 0.02 };
    const { current, next } = frameNoise(noiseKey!, framePair(batch, symmetry), normal, noise);
    return {
      mesh,
      graph: flowGraph(mesh, current),
      target: firstOrder.target(next, current, current),
    };
  });
}

/** The frames and those that follow them, `[B N, D]` each. */
function framePair({ velocity, frames }: FlowBatch, symmetry: FlowSymmetry): NoisyFrame {
  const [numFrames, , dimension] = velocity.shape as [number, number, number];
  let [current, next]: [Tensor, Tensor] = [frames, frames];
  if (symmetry.clock) {
    // Frames between those that are stored; the cubic needs two on each side.
    const last = tf.sub(numFrames - 2, symmetry.clock);
    const time = tf.maximum(tf.minimum(tf.add(frames, symmetry.phase!), last), 1);
    current = interpolateFrames(velocity, time);
    next = interpolateFrames(velocity, tf.add(time, symmetry.clock));
  } else {
    current = tf.gather(velocity, frames);
    next = tf.gather(velocity, tf.add(frames, tf.scalar(1, "int32")));
  }
  const scale = symmetry.velocity;
  const flat = (x: Tensor): Tensor => tf.reshape(scale ? tf.mul(x, scale) : x, [-1, dimension]);
  return { current: flat(current), next: flat(next) };
}

/** The mesh of B copies, each as its symmetry has it. */
function moveMesh(mesh: FlowMesh, { position }: FlowSymmetry): FlowMesh {
  if (!position) return mesh;
  const [copies, , dimension] = position.shape as [number, number, number];
  const moved = tf.mul(tf.reshape(mesh.position, [copies, -1, dimension]), position);
  return { ...mesh, position: tf.reshape(moved, [-1, dimension]) };
}
