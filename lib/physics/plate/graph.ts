/** The graph that a plate's simulator looks at: edges of the mesh, and of what touches. @module */
import * as tf from "@tensorflow/tfjs";
import type { WorldEdgeList } from "../../spatial/mod.ts";
import { tidy } from "../../tfjs/mod.ts";
import type { Tensor } from "../../tree/mod.ts";
import { displacementFeatures, worldAndMeshFeatures } from "../edge_features.ts";
import type { FlowMesh } from "../mesh_record.ts";
import { NodeType, nodeTypeMask, nodeTypeOneHot } from "../node_type.ts";

/** A plate in one frame, and who touches whom. */
export type PlateFrame = {
  /** float32 `[N, D]`. */
  readonly worldPosition: Tensor;
  /** float32 `[N, 1]`. */
  readonly stress: Tensor;
  /** Of this frame or an earlier one. */
  readonly worldEdges: WorldEdgeList;
};

/** A graph with edges of the mesh and world edges. */
export type PlateGraph = {
  /** float32 `[N, 2 D + 9]`. */
  readonly nodes: Tensor;
  /** float32 `[E, 2 D + 2]`. */
  readonly edges: Tensor;
  /** int32 `[E]`. */
  readonly senders: Tensor;
  /** int32 `[E]`. */
  readonly receivers: Tensor;
  /** float32 `[W, D + 1]`. */
  readonly worldEdges: Tensor;
  /** int32 `[W]`; N where there is no edge. */
  readonly worldSenders: Tensor;
  /** int32 `[W]`; N where there is no edge. */
  readonly worldReceivers: Tensor;
};

/** What a graph is made of. */
export interface PlateView {
  /** Where nodes are, float32 `[N, D]`. */
  readonly current: Tensor;
  /** Where they will be, float32 `[N, D]`; looked at where they are moved from outside. */
  readonly next: Tensor;
  /** The ends of world edges, int32 `[W]` each. */
  readonly touching: Pick<WorldEdgeList, "senders" | "receivers">;
}

/**
 * The graph of a frame: nodes `[position, prescribed motion, one-hot type]`, edges of the mesh
 * `[relative position in the world, distance, relative position in the mesh, distance]`, world
 * edges `[relative position in the world, distance]`.
 *
 * The paper (Pfaff et al. 2021, arXiv:2010.03409) came without code for plates. The features of
 * nodes are those that one of its authors named (deepmind-research, issue 326): the motion is that
 * to the next frame of nodes that are not NORMAL, and zero of those that are.
 *
 * @param mesh The mesh.
 * @param view Positions, and who touches whom.
 * @returns Features before normalisation.
 * @throws {TypeError} If the mesh's `nodeType` is not int32 `[N]`, or positions are not float32.
 *
 * @example A node pushes another one, from the left
 * ```ts
 * import { plateGraph } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const none = tf.tensor1d([], "int32");
 * const { nodes, worldEdges } = plateGraph({
 *   position: tf.tensor2d([[0], [1]]),
 *   nodeType: tf.tensor1d([1, 0], "int32"), // OBSTACLE, NORMAL
 *   senders: none,
 *   receivers: none,
 *   nodeMask: tf.ones([2], "bool"),
 *   edgeMask: tf.ones([0], "bool"),
 * }, {
 *   current: tf.tensor2d([[0.75], [1]]),
 *   next: tf.tensor2d([[0.875], [9]]),
 *   touching: { senders: tf.tensor1d([0], "int32"), receivers: tf.tensor1d([1], "int32") },
 * });
 * assertEquals(nodes.slice([0, 0], [2, 4]).arraySync(), [[0.75, 0.125, 0, 1], [1, 0, 1, 0]]);
 * assertEquals(worldEdges.arraySync(), [[-0.25, 0.25]]);
 * ```
 */
export function plateGraph(
  mesh: FlowMesh,
  { current, next, touching }: PlateView,
): PlateGraph {
  return tidy(() => {
    const { nodeType, senders, receivers } = mesh;
    const motion = tf.sub(next, current);
    return {
      nodes: tf.concat(
        [
          current,
          tf.where(freeNodes(mesh), tf.zerosLike(motion), motion),
          nodeTypeOneHot(nodeType),
        ],
        1,
      ),
      edges: worldAndMeshFeatures(current, mesh),
      senders: tf.clone(senders),
      receivers: tf.clone(receivers),
      worldEdges: displacementFeatures(current, touching),
      worldSenders: tf.clone(touching.senders),
      worldReceivers: tf.clone(touching.receivers),
    };
  });
}

/** bool `[N, 1]`: what the network moves. */
export const freeNodes = ({ nodeType }: FlowMesh): Tensor =>
  tf.expandDims(nodeTypeMask(nodeType, [NodeType.NORMAL]), 1);

/** bool `[N, 1]`: the plate, without what presses it. */
export const plateNodes = ({ nodeType }: FlowMesh): Tensor =>
  tf.expandDims(nodeTypeMask(nodeType, [NodeType.NORMAL, NodeType.HANDLE]), 1);
