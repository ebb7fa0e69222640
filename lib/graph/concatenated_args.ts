/** Update functions that see one concatenated tensor. @module */
import * as tf from "@tensorflow/tfjs";

import {
  checkFunction,
  describe,
  formatShape,
  type Tensor,
  type Tree,
  treeLeaves,
} from "../tree/mod.ts";

/** Options of {@linkcode concatenatedArgs}. */
export interface ConcatenatedArgsOptions {
  /** The axis along which features are joined; the last by default. */
  readonly axis?: number | null | undefined;
}

const DTYPES: readonly string[] = ["bool", "int32", "float32"];

/** In the widest of their dtypes, as JAX promotes them: bool to int32 to float32. */
function promote(tensors: readonly Tensor[]): Tensor[] {
  const ranks = tensors.map(({ dtype }) => DTYPES.indexOf(dtype));
  const odd = ranks.indexOf(-1);
  if (odd >= 0) {
    throw new TypeError(
      `Cannot concatenate arguments as tensors must be ${DTYPES.join(", ")}: ` +
        `one is ${describe(tensors[odd])}`,
    );
  }
  const widest = DTYPES[Math.max(...ranks)] as tf.DataType;
  return tensors.map((x) => x.dtype === widest ? x : tf.cast(x, widest));
}

function concatenate(leaves: readonly Tensor[], axis: number): Tensor {
  if (leaves.length === 0) {
    throw new TypeError(
      "Cannot concatenate arguments as one at least must hold a tensor: all are null " +
        "(give the graph features)",
    );
  }
  const { rank } = leaves[0]!;
  const along = axis < 0 ? axis + rank : axis;
  const others = (x: Tensor): string => formatShape(x.shape.filter((_, i) => i !== along));
  const fits = (x: Tensor): boolean => x.rank === rank && others(x) === others(leaves[0]!);
  if (along < 0 || along >= rank || !leaves.every(fits)) {
    throw new TypeError(
      `Cannot concatenate arguments as they may differ along axis ${axis} alone: ` +
        `the shapes are ${leaves.map((x) => formatShape(x.shape)).join(", ")}`,
    );
  }
  return tf.concat(promote(leaves), along);
}

/**
 * Wraps a function of one tensor into an update function: it gets the leaves of all arguments, in
 * order, concatenated. Null is skipped.
 *
 * @param fn A function of one tensor, such as a network's.
 * @param options The axis.
 * @throws {TypeError} If `fn` is no function.
 * @throws {RangeError} If the axis is not whole.
 * @returns A function of any number of trees. Calling it throws {TypeError} if there is nothing to
 * concatenate or shapes do not fit.
 *
 * @example The edge update of the paper: an MLP of edge, sender, receiver and globals
 * ```ts
 * import { concatenatedArgs } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const updateEdge = concatenatedArgs((x) => tf.sum(x, -1));
 * const [edges, nodes] = [tf.tensor([[1], [2]]), { a: tf.tensor([[10], [20]]), b: null }];
 * assertEquals(updateEdge(edges, nodes, null).arraySync(), [11, 22]);
 * ```
 */
export function concatenatedArgs<R>(
  fn: (features: Tensor) => R,
  options?: ConcatenatedArgsOptions | null,
): (...args: Tree[]) => R {
  const axis = options?.axis ?? -1;
  checkFunction(fn, "concatenate arguments", "what they go to");
  if (!Number.isInteger(axis)) {
    throw new RangeError(
      `Cannot concatenate arguments as an axis is a whole number: axis is ${String(axis)}`,
    );
  }
  return (...args) => fn(concatenate(treeLeaves(args), axis));
}
