/**
 * Meshwork: graph networks for Deno on TensorFlow.js tensors, compiled by XLA.
 *
 * One plain TypeScript function is eager in a notebook, compiled with `jit`, differentiated any
 * number of times with `grad`, and runs in a browser too.
 *
 * @example A graph network in a few lines
 * ```ts
 * import { graphNetwork, graphsTuple, init, jit } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await init();
 * const graph = graphsTuple({
 *   nodes: [[1], [2], [3]],
 *   edges: null,
 *   globals: null,
 *   senders: [0, 1, 2],
 *   receivers: [1, 2, 0],
 *   nNode: [3],
 *   nEdge: [3],
 * });
 * const network = graphNetwork({
 *   updateEdgeFn: (_edges: null, sender: tf.Tensor) => sender,
 *   updateNodeFn: (_nodes: tf.Tensor, _sent: tf.Tensor, received: tf.Tensor) => tf.mul(2, received),
 * });
 * const { nodes } = jit(network)(graph);
 * assertEquals(Array.from(nodes.dataSync()), [6, 2, 4]);
 * ```
 *
 * @module
 */
export {
  type IsLeaf,
  isTensor,
  type Tensor,
  type Tree,
  type TreeDef,
  treeDispose,
  treeFlatten,
  treeLeaves,
  treeMap,
  type TreeOf,
  treePaths,
  treeUnflatten,
} from "./lib/tree/mod.ts";
export {
  type ClientOptions,
  type Device,
  type DeviceMemory,
  type EngineDescription,
  EngineError,
  type OperationCounts,
  type ProgramCost,
  type ProgramMemory,
  TracerError,
} from "./lib/engine/mod.ts";
export * from "./lib/init/mod.ts";
export * from "./lib/transform/mod.ts";
export * as random from "./lib/random/mod.ts";
export type {
  AnyTypedArray,
  ArrayData,
  ArrayRecord,
  NestedArray,
  TensorLike,
  TensorLikeTree,
  TensorTreeOf,
} from "./lib/tensor/mod.ts";
export * from "./lib/segment/mod.ts";
export * from "./lib/graph/mod.ts";
export * from "./lib/models/mod.ts";
export * from "./lib/nn/mod.ts";
export * from "./lib/train/mod.ts";
export * from "./lib/sharding/mod.ts";
export * from "./lib/spatial/mod.ts";
export * from "./lib/physics/mod.ts";
