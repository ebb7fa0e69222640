/**
 * Collectives, by which the replicas of a parallel function combine their values: sums, means,
 * extrema, and all of them side by side.
 *
 * All of them work inside {@linkcode pmap}, along one of its axes or several, on trees of tensors.
 * Gradients are those of the sum of all replicas' losses, as in JAX's `pmap`: where every replica
 * computes the same loss of the same parameters, `pmean` of the gradients is the gradient.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { runKernel, tidy } from "../tfjs/mod.ts";
import { describe, type Tensor, type Tree, treeMap } from "../tree/mod.ts";
import { checkTogether, selectAxes, type SelectedAxes } from "./axes.ts";

/** Runs a kernel that replicas run together. */
function runTogether(name: string, inputs: Record<string, Tensor>, attrs: object): Tensor {
  return runKernel(name, inputs, { ...attrs });
}

/** Applies a collective to each tensor of a tree. */
function mapLeaves<T>(
  action: string,
  x: T,
  axisName: string | readonly string[],
  each: (x: Tensor, axes: SelectedAxes) => Tensor,
): T {
  const axes = selectAxes(action, axisName);
  checkTogether(action);
  return tidy(() =>
    treeMap((leaf: Tensor) => {
      if (["float32", "int32", "bool"].includes(leaf.dtype)) {
        return each(leaf, axes);
      }
      throw new TypeError(
        `Cannot ${action} as devices have numbers only: got ${describe(leaf)} ` +
          `(float32, int32 or bool tensors)`,
      );
    }, x as Tree)
  ) as T;
}

function sumAlong(x: Tensor, { size, groups }: SelectedAxes): Tensor {
  const numbers = x.dtype === "bool" ? tf.cast(x, "int32") : x;
  return size === 1 ? tf.clone(numbers) : runTogether("AllReduceSum", { x: numbers }, { groups });
}

/**
 * The sum over the replicas along an axis; each gets it.
 *
 * Its gradient is `psum` of the cotangents. bool counts as 0 and 1, and gives int32.
 *
 * @param x A tree of tensors.
 * @param axisName The name of an axis of the surrounding `pmap`, or several.
 * @returns The same tree, dtypes kept but for bool.
 * @throws {TypeError} If there is no such axis around the call, or inside a branch of `cond` or a
 *   `whileLoop`, which replicas may leave at different times.
 *
 * @example
 * ```ts
 * import { pmap, psum, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * // One device here; with init({devices: 4}) there would be four rows.
 * const total = pmap((x: Tensor) => psum(tf.sum(x), "devices"), { axisName: "devices" });
 * assertEquals(total(tf.tensor2d([[1, 2, 3]])).arraySync(), [6]);
 * ```
 */
export function psum<T>(x: T, axisName: string | readonly string[]): T {
  return mapLeaves("psum", x, axisName, sumAlong);
}

/**
 * The mean over the replicas along an axis; each gets it.
 *
 * Its gradient is `pmean` of the cotangents. int32 and bool give float32.
 *
 * @param x A tree of tensors.
 * @param axisName The name of an axis of the surrounding `pmap`, or several.
 * @returns The same tree, float32.
 * @throws {TypeError} As {@linkcode psum}.
 *
 * @example Data parallel training in one line
 * ```ts
 * import { grad, pmap, pmean, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const loss = (w: Tensor, x: Tensor) => tf.mean(tf.square(tf.mul(w, x)));
 * const gradient = pmap((w: Tensor, x: Tensor) => pmean(grad(loss)(w, x), "data"), {
 *   axisName: "data",
 * });
 * assertEquals(gradient(tf.tensor1d([3]), tf.tensor2d([[1, 2]])).arraySync(), [15]);
 * ```
 */
export function pmean<T>(x: T, axisName: string | readonly string[]): T {
  return mapLeaves(
    "pmean",
    x,
    axisName,
    (x, axes) => tf.div(sumAlong(tf.cast(x, "float32"), axes), axes.size),
  );
}

function extremum(action: string, combine: "maximum" | "minimum") {
  return <T>(x: T, axisName: string | readonly string[]): T =>
    mapLeaves(action, x, axisName, (x, { size, groups }) => {
      if (size === 1) return tf.clone(x);
      const numbers = x.dtype === "bool" ? tf.cast(x, "int32") : x;
      return tf.cast(
        runTogether("AllReduceExtremum", { x: numbers }, { groups, combine }),
        x.dtype,
      );
    });
}

/**
 * The maximum over the replicas along an axis, elementwise; each gets it.
 *
 * The replicas that attain it share its gradient equally (JAX has none).
 *
 * @param x A tree of tensors.
 * @param axisName The name of an axis of the surrounding `pmap`, or several.
 * @returns The same tree, dtypes kept.
 * @throws {TypeError} As {@linkcode psum}.
 *
 * @example
 * ```ts
 * import { pmap, pmax, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const largest = pmap((x: Tensor) => pmax(tf.max(x), "devices"), { axisName: "devices" });
 * assertEquals(largest(tf.tensor2d([[1, 3, 2]])).arraySync(), [3]);
 * ```
 */
export function pmax<T>(x: T, axisName: string | readonly string[]): T {
  return extremum("pmax", "maximum")(x, axisName);
}

/**
 * The minimum over the replicas along an axis, elementwise; each gets it. See {@linkcode pmax}.
 *
 * @param x A tree of tensors.
 * @param axisName The name of an axis of the surrounding `pmap`, or several.
 * @returns The same tree, dtypes kept.
 * @throws {TypeError} As {@linkcode psum}.
 *
 * @example
 * ```ts
 * import { pmap, pmin, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const least = pmap((x: Tensor) => pmin(tf.min(x), "devices"), { axisName: "devices" });
 * assertEquals(least(tf.tensor2d([[1, 3, 2]])).arraySync(), [1]);
 * ```
 */
export function pmin<T>(x: T, axisName: string | readonly string[]): T {
  return extremum("pmin", "minimum")(x, axisName);
}

/**
 * Stacks the values of all replicas along an axis, along a new first axis; each gets all of them.
 *
 * A cotangent goes back to the replica that its row came from, summed over those who got it.
 *
 * @param x A tree of tensors.
 * @param axisName The name of an axis of the surrounding `pmap`, or several (the last goes
 * fastest).
 * @returns The same tree, leaves with a first axis as long as there are replicas along the axis.
 * @throws {TypeError} As {@linkcode psum}.
 *
 * @example
 * ```ts
 * import { allGather, pmap, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const all = pmap((x: Tensor) => allGather(x, "devices"), { axisName: "devices" });
 * assertEquals(all(tf.tensor2d([[1, 2]])).arraySync(), [[[1, 2]]]);
 * ```
 */
export function allGather<T>(x: T, axisName: string | readonly string[]): T {
  return mapLeaves("allGather", x, axisName, (x, axes) => {
    if (axes.size === 1) return tf.expandDims(x, 0);
    // A sum of rows of which all but one are zero; one kind of collective is enough.
    const rank = x.rank;
    const rows = tf.reshape(tf.range(0, axes.size, 1, "int32"), [
      axes.size,
      ...Array(rank).fill(1),
    ]);
    const mine = tf.equal(rows, indexAlong(axes));
    const numbers = x.dtype === "bool" ? tf.cast(x, "int32") : x;
    const placed = tf.where(mine, tf.expandDims(numbers, 0), tf.zeros([1], numbers.dtype));
    return tf.cast(sumAlong(placed, axes), x.dtype);
  });
}

/**
 * The place of a replica along an axis: int32 scalar, from 0.
 *
 * @param axisName The name of an axis of the surrounding `pmap`, or several (the last goes
 * fastest).
 * @throws {TypeError} If there is no such axis around the call.
 *
 * @example
 * ```ts
 * import { axisIndex, pmap, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const numbered = pmap((x: Tensor) => tf.add(x, tf.cast(axisIndex("devices"), "float32")), {
 *   axisName: "devices",
 * });
 * assertEquals(numbered(tf.tensor1d([5])).arraySync(), [5]);
 * ```
 */
export function axisIndex(axisName: string | readonly string[]): Tensor {
  const axes = selectAxes("find the place", axisName);
  return tidy(() => indexAlong(axes));
}

function indexAlong({ size, strides, first }: SelectedAxes): Tensor {
  if (size === 1) return tf.scalar(0, "int32");
  return strides.map((axis) => runTogether("AxisIndex", {}, { ...axis, first })).reduce((
    index,
    place,
    i,
  ) => tf.add(tf.mul(index, tf.scalar(strides[i]!.size, "int32")), place));
}
