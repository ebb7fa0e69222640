/** Optimisers as pairs of pure functions over trees, as in Optax. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../tfjs/mod.ts";
import {
  assertSameStructure,
  describe,
  formatShape,
  type Tensor,
  type Tree,
  treeFlatten,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";

/** Turns gradients into updates of the parameters; its state is a tree, so it can be compiled. */
export interface GradientTransformation {
  /** The state before the first step. */
  init(params: Tree): Tree;
  /**
   * One step.
   *
   * @param grads Gradients, or what the transformation before made of them.
   * @param state The state before the step.
   * @param params The parameters; some transformations need them.
   * @returns What to add to the parameters, and the state after the step.
   */
  update<P>(grads: P, state: Tree, params?: P | null): [updates: P, state: Tree];
}

/**
 * Adds updates to parameters.
 *
 * @throws {TypeError} If structure, shapes or dtypes differ; the leaf is named.
 *
 * @example
 * ```ts
 * import { applyUpdates } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const params = applyUpdates({ w: tf.scalar(1) }, { w: tf.scalar(-0.5) });
 * assertEquals(params.w.dataSync()[0], 0.5);
 * ```
 */
export function applyUpdates<P>(params: P, updates: P): P {
  return tidy(() => mapLeaves("apply updates", (p, u) => tf.add(p!, u!), { params, updates }));
}

/**
 * Applies transformations one after another; the state is the array of their states.
 *
 * @throws {TypeError} When updated with a state that is no array with one for each transformation.
 *
 * @example Clip, then Adam
 * ```ts
 * import { adam, applyUpdates, chain, clipByGlobalNorm } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const optimizer = chain(clipByGlobalNorm(1), adam(0.1));
 * const params = { w: tf.scalar(1) };
 * const state = optimizer.init(params);
 * const [updates] = optimizer.update({ w: tf.scalar(50) }, state, params);
 * assertAlmostEquals(applyUpdates(params, updates).w.dataSync()[0]!, 0.9, 1e-5);
 * ```
 */
export function chain(...transformations: GradientTransformation[]): GradientTransformation {
  transformations.forEach((each: Partial<GradientTransformation> | undefined, i) => {
    if (typeof each?.init === "function" && typeof each.update === "function") return;
    throw new TypeError(
      `Cannot make chain() as it is made of transformations {init, update}: argument ${i} is ` +
        describe(each),
    );
  });
  return {
    init: (params) => transformations.map((transformation) => transformation.init(params)),
    update: (grads, state, params) => {
      const states = state as readonly Tree[];
      if (!Array.isArray(state) || states.length !== transformations.length) {
        throw new TypeError(
          `Cannot update chain() as its state is an array with a state for each transformation: ` +
            `expected ${transformations.length}, got ${
              Array.isArray(state) ? states.length : typeof state
            } (pass what init() or the last update() returned)`,
        );
      }
      return tidy(() => {
        const next: Tree[] = [];
        let updates = grads;
        transformations.forEach((transformation, i) => {
          [updates, next[i]] = transformation.update(updates, states[i], params);
        });
        return [updates, next];
      });
    },
  };
}

/**
 * Maps the leaves in the same place of several trees; the result has the structure of the first.
 *
 * Unlike `treeMap` it takes no leaves of different shapes, which would broadcast in silence.
 */
export function mapLeaves<P>(
  action: string,
  fn: (...leaves: Tensor[]) => Tensor,
  trees: Readonly<Record<string, unknown>>,
): P {
  const [[firstName, first], ...rest] = Object.entries(trees) as [
    [string, unknown],
    ...[string, unknown][],
  ];
  const [leaves, treedef] = treeFlatten(first as Tree);
  const others = rest.map(([name, tree]) => {
    const [otherLeaves, otherDef] = treeFlatten(tree as Tree);
    assertSameStructure(treedef, otherDef, action, name);
    otherLeaves.forEach((leaf, i) => {
      const expected = leaves[i]!;
      if (leaf.dtype === expected.dtype && `${leaf.shape}` === `${expected.shape}`) return;
      const path = treePaths(first)[i]!;
      throw new TypeError(
        `Cannot ${action} as leaves in the same place must have one shape and dtype: ` +
          `${firstName}${path && ` at ${path}`} is ${expected.dtype} ` +
          `${formatShape(expected.shape)}, ${name} is ${leaf.dtype} ${formatShape(leaf.shape)}`,
      );
    });
    return otherLeaves;
  });
  const mapped = leaves.map((leaf, i) => fn(leaf, ...others.map((other) => other[i]!)));
  return treeUnflatten(treedef, mapped) as P;
}
