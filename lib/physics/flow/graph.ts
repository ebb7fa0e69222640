/** The graph that a flow simulator looks at: MeshGraphNets' features of a flow. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import { displacementFeatures } from "../edge_features.ts";
import type { FeatureGraph } from "../mesh_graph_nets.ts";
import { nodeTypeOneHot } from "../node_type.ts";
import { repeatIds, repeatRows } from "../repeat.ts";
import type { FlowMesh } from "./trajectory.ts";

/**
 * The graph of a frame: nodes `[velocity, one-hot type]`, edges `[relative position, distance]`.
 *
 * The relative position is the sender's minus the receiver's, in the mesh. As `cfd_model.py` of
 * MeshGraphNets, before its normalisers.
 *
 * @param mesh The mesh.
 * @param velocity float32 `[N, D]`.
 * @returns nodes `[N, D + 9]`, edges `[E, D + 1]`, no globals, one graph.
 * @throws {TypeError} If the mesh's `nodeType` is not int32 `[N]`.
 *
 * @example
 * ```ts
 * import { flowGraph, flowTrajectory } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const { mesh } = flowTrajectory({
 *   cells: { shape: [1, 1, 3], data: [0, 1, 2] },
 *   mesh_pos: { shape: [1, 3, 2], data: [0, 0, 3, 4, 0, 1] },
 *   node_type: { shape: [1, 3, 1], data: [4, 0, 5] },
 *   velocity: { shape: [1, 3, 2], data: new Float32Array(6) },
 * });
 * const graph = flowGraph(mesh, tf.zeros([3, 2]));
 * assertEquals(graph.nodes.shape, [3, 11]);
 * // The first edge goes from node 1 to node 0.
 * assertEquals([...graph.edges.dataSync()].slice(0, 3), [3, 4, 5]);
 * ```
 */
export function flowGraph(mesh: FlowMesh, velocity: Tensor): FeatureGraph {
  return tidy(() => {
    const { position, nodeType, senders, receivers } = mesh;
    return {
      nodes: tf.concat([velocity, nodeTypeOneHot(nodeType)], 1),
      edges: displacementFeatures(position, mesh),
      senders: tf.clone(senders),
      receivers: tf.clone(receivers),
      globals: null,
      nNode: tf.tensor1d([position.shape[0]!], "int32"),
      nEdge: tf.tensor1d([senders.shape[0]!], "int32"),
    };
  });
}

/**
 * Several copies of a mesh side by side, as one mesh: for several frames at once.
 *
 * @param mesh N nodes and E edges.
 * @param copies How many, B.
 * @returns A mesh of B N nodes and B E edges.
 */
export function repeatMesh(mesh: FlowMesh, copies: number): FlowMesh {
  const numNodes = mesh.position.shape[0]!;
  return tidy(() => ({
    position: repeatRows(mesh.position, copies),
    nodeType: repeatRows(mesh.nodeType, copies),
    senders: repeatIds(mesh.senders, copies, numNodes),
    receivers: repeatIds(mesh.receivers, copies, numNodes),
    nodeMask: repeatRows(mesh.nodeMask, copies),
    edgeMask: repeatRows(mesh.edgeMask, copies),
  }));
}
