/** The types of mesh nodes, as MeshGraphNets numbers them. @module */
import * as tf from "@tensorflow/tfjs";
import { describe, isTensor, type Tensor } from "../tree/mod.ts";

/**
 * The kind of a node of a mesh: free, or held by one kind of boundary.
 *
 * @example
 * ```ts
 * import { NodeType } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([NodeType.NORMAL, NodeType.WALL_BOUNDARY], [0, 6]);
 * ```
 */
export const NodeType = {
  /** Inside the fluid or the cloth: what is simulated. */
  NORMAL: 0,
  OBSTACLE: 1,
  AIRFOIL: 2,
  HANDLE: 3,
  INFLOW: 4,
  OUTFLOW: 5,
  WALL_BOUNDARY: 6,
} as const;

/** One of the values of {@linkcode NodeType}. */
export type NodeType = typeof NodeType[keyof typeof NodeType];

/**
 * The width of the one-hot code: nine, of which two are spare.
 *
 * @example
 * ```ts
 * import { NODE_TYPE_SIZE, nodeTypeOneHot } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * assertEquals(nodeTypeOneHot(tf.tensor1d([0], "int32")).shape, [1, NODE_TYPE_SIZE]);
 * ```
 */
export const NODE_TYPE_SIZE = 9;

/**
 * Writes node types as one-hot rows.
 *
 * @param nodeType int32 `[N]`.
 * @returns float32 `[N, 9]`; a row of zeros for a type outside 0 to 8.
 * @throws {TypeError} If `nodeType` is not int32 `[N]`.
 *
 * @example
 * ```ts
 * import { NodeType, nodeTypeOneHot } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const oneHot = nodeTypeOneHot(tf.tensor1d([NodeType.INFLOW], "int32"));
 * assertEquals(oneHot.arraySync(), [[0, 0, 0, 0, 1, 0, 0, 0, 0]]);
 * ```
 */
export function nodeTypeOneHot(nodeType: Tensor): Tensor {
  checkNodeType(nodeType, "write node types as one-hot rows");
  // Not oneHot(..., "float32"): tfjs's wasm kernel writes the bits of integers there.
  return tf.tidy(() => tf.cast(tf.oneHot(nodeType, NODE_TYPE_SIZE), "float32"));
}

/**
 * Marks the nodes that are of one of several types.
 *
 * @param nodeType int32 `[N]`.
 * @param types The types to mark.
 * @returns bool `[N]`.
 * @throws {TypeError} If `nodeType` is not int32 `[N]`.
 *
 * @example The nodes that MeshGraphNets predicts in a flow
 * ```ts
 * import { NodeType, nodeTypeMask } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const nodeType = tf.tensor1d([0, 4, 5, 6], "int32");
 * const mask = nodeTypeMask(nodeType, [NodeType.NORMAL, NodeType.OUTFLOW]);
 * assertEquals([...mask.dataSync()], [1, 0, 1, 0]);
 * ```
 */
export function nodeTypeMask(nodeType: Tensor, types: readonly NodeType[]): Tensor {
  checkNodeType(nodeType, "mark nodes by type");
  return tf.tidy(() => {
    let mask: Tensor = tf.fill(nodeType.shape, 0, "bool");
    for (const type of types) {
      mask = tf.logicalOr(mask, tf.equal(nodeType, tf.scalar(type, "int32")));
    }
    return mask;
  });
}

function checkNodeType(nodeType: Tensor, action: string): void {
  if (isTensor(nodeType) && nodeType.dtype === "int32" && nodeType.rank === 1) return;
  throw new TypeError(
    `Cannot ${action} as they are a vector: expected int32 [N], got ${describe(nodeType)} ` +
      `(MeshGraphNets' node_type is [1, N, 1]: reshape it)`,
  );
}
