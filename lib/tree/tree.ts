/**
 * Nests: trees whose leaves are tensors.
 *
 * A tree is a tensor, `null` (a tree without leaves), or an array or plain object of trees. Leaves
 * come in a fixed order: array items by index, object entries by sorted key. Features, parameters,
 * optimiser states and whole graphs are all trees, so one set of functions serves them all.
 *
 * @module
 */
import { describe, isTensor, type Tensor } from "./tensor.ts";

/** A tree with leaves of type `L`: a leaf, `null`, or an array or plain object of trees. */
export type TreeOf<L> = L | null | undefined | readonly TreeOf<L>[] | {
  readonly [key: string]: TreeOf<L>;
};

/** A tree of tensors. */
export type Tree = TreeOf<Tensor>;

/** The shape of a tree without its leaves; made by {@linkcode treeFlatten}. */
export type TreeDef =
  | { readonly kind: "leaf" }
  | { readonly kind: "null" }
  | { readonly kind: "array"; readonly children: readonly TreeDef[] }
  | {
    readonly kind: "object";
    readonly keys: readonly string[];
    readonly children: readonly TreeDef[];
    /** Values of the object under symbol keys; the object itself is not kept alive. */
    readonly symbols: readonly (readonly [symbol, PropertyDescriptor])[];
  };

/** Decides what counts as a leaf; arrays and plain objects below it are not opened. */
export type IsLeaf = (value: unknown) => boolean;

/** Deeper nests are taken for objects that hold themselves. */
const MAX_DEPTH = 1000;

const LEAF: TreeDef = { kind: "leaf" };
const NULL: TreeDef = { kind: "null" };

/** Whether a value is an object literal (or has no prototype): the only objects that are nests. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ||
    // An object of another realm (a worker, a notebook's vm) has another Object.
    Object.getPrototypeOf(prototype) === null && prototype.constructor?.name === "Object";
}

function endless(path: string): TypeError {
  return new TypeError(
    `Cannot flatten a tree as it must come to an end: it is nested deeper than ${MAX_DEPTH} at ` +
      `${path.slice(0, 40)}… (take out what holds itself)`,
  );
}

function build(
  value: unknown,
  isLeaf: IsLeaf,
  path: string,
  visit: (leaf: unknown, path: string) => void,
  depth = 0,
): TreeDef {
  if (value === null || value === undefined) return NULL;
  if (isLeaf(value)) {
    visit(value, path);
    return LEAF;
  }
  if (depth > MAX_DEPTH) throw endless(path);
  if (Array.isArray(value)) {
    // Array.from, for it shows holes as undefined.
    const children = Array.from(
      value,
      (item, i) => build(item, isLeaf, `${path}[${i}]`, visit, depth + 1),
    );
    return { kind: "array", children };
  }
  if (isPlainObject(value)) {
    const keys = Object.keys(value).sort();
    const children = keys.map((key) =>
      build(value[key], isLeaf, path === "" ? key : `${path}.${key}`, visit, depth + 1)
    );
    const symbols = Object.getOwnPropertySymbols(value).map((symbol) =>
      [symbol, Object.getOwnPropertyDescriptor(value, symbol)!] as const
    );
    return { kind: "object", keys, children, symbols };
  }
  throw new TypeError(
    `Cannot flatten a tree as each leaf must be a tensor: ${path || "the tree"} is ` +
      `${describe(value)} (use tensors, null, arrays and plain objects)`,
  );
}

/**
 * Splits a tree into its leaves and its structure.
 *
 * @param tree The tree.
 * @param isLeaf What counts as a leaf; tensors by default.
 * @returns The leaves in order, and the structure for {@linkcode treeUnflatten}.
 * @throws {TypeError} If something is neither leaf, null, array nor plain object; the path is
 * named.
 *
 * @example Leaves come by sorted key
 * ```ts
 * import { treeFlatten } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [leaves] = treeFlatten({ b: tf.scalar(2), a: [tf.scalar(1), null] });
 * assertEquals(leaves.map((leaf) => leaf.dataSync()[0]), [1, 2]);
 * ```
 */
export function treeFlatten<L = Tensor>(
  tree: TreeOf<L>,
  isLeaf: IsLeaf = isTensor,
): [leaves: L[], treedef: TreeDef] {
  const leaves: L[] = [];
  const treedef = build(tree, isLeaf, "", (leaf) => leaves.push(leaf as L));
  return [leaves, treedef];
}

/**
 * Puts leaves back into a structure. Symbol-keyed properties of the objects that were flattened
 * (such as a display hook) are carried over.
 *
 * @throws {RangeError} If the number of leaves is not the structure's.
 *
 * @example
 * ```ts
 * import { treeFlatten, treeUnflatten } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [, treedef] = treeFlatten({ w: tf.scalar(1), b: null });
 * const back = treeUnflatten(treedef, [tf.scalar(7)]) as { w: tf.Tensor; b: null };
 * assertEquals(back.w.dataSync()[0], 7);
 * assertEquals(back.b, null);
 * ```
 */
export function treeUnflatten<L = Tensor>(treedef: TreeDef, leaves: readonly L[]): TreeOf<L> {
  const expected = countLeaves(treedef);
  if (expected !== leaves.length) {
    throw new RangeError(
      `Cannot unflatten a tree as it takes one leaf a place: the structure has ${expected} ` +
        `leaves, got ${leaves.length}`,
    );
  }
  let next = 0;
  const fill = (def: TreeDef): TreeOf<L> => {
    switch (def.kind) {
      case "leaf":
        return leaves[next++]!;
      case "null":
        return null;
      case "array":
        return def.children.map(fill);
      case "object": {
        // Not by assignment, which in browsers takes a key "__proto__" for something else.
        const out = Object.fromEntries(def.keys.map((key, i) => [key, fill(def.children[i]!)]));
        for (const [symbol, property] of def.symbols) Object.defineProperty(out, symbol, property);
        return out as TreeOf<L>;
      }
    }
  };
  return fill(treedef);
}

/** How many leaves a structure has. */
export function countLeaves(def: TreeDef): number {
  if (def.kind === "leaf") return 1;
  if (def.kind === "null") return 0;
  return def.children.reduce((sum, child) => sum + countLeaves(child), 0);
}

/**
 * The leaves of a tree, in order.
 *
 * @throws {TypeError} If something is neither leaf, null, array nor plain object; the path is
 * named.
 *
 * @example
 * ```ts
 * import { treeLeaves } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * assertEquals(treeLeaves([tf.scalar(1), { x: tf.scalar(2) }]).length, 2);
 * ```
 */
export function treeLeaves<L = Tensor>(tree: TreeOf<L>, isLeaf: IsLeaf = isTensor): L[] {
  return treeFlatten<L>(tree, isLeaf)[0];
}

/**
 * The path of each leaf, in order: `nodes.position`, `params[0].w`; empty for a bare leaf.
 *
 * @throws {TypeError} If something is neither leaf, null, array nor plain object; the path is
 * named.
 *
 * @example
 * ```ts
 * import { treePaths } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * assertEquals(treePaths([{ w: tf.scalar(1) }, tf.scalar(2)]), ["[0].w", "[1]"]);
 * ```
 */
export function treePaths(tree: unknown, isLeaf: IsLeaf = isTensor): string[] {
  const paths: string[] = [];
  build(tree, isLeaf, "", (_, path) => paths.push(path));
  return paths;
}

/**
 * Prints a structure, `*` for a leaf: `{edges: null, nodes: [*, *]}`. Equal text, equal structure.
 */
export function formatTreeDef(def: TreeDef): string {
  switch (def.kind) {
    case "leaf":
      return "*";
    case "null":
      return "null";
    case "array":
      return `[${def.children.map(formatTreeDef).join(", ")}]`;
    case "object":
      return `{${
        def.keys.map((key, i) => `${formatKey(key)}: ${formatTreeDef(def.children[i]!)}`).join(", ")
      }}`;
  }
}

/** A key as it is written in an object: quoted where it is no name. */
function formatKey(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
}

/**
 * Applies a function to each leaf, or to the leaves in the same place of several trees.
 *
 * @param fn Called with one leaf of each tree, of any shape; its result takes the leaf's place.
 * @param tree The tree that gives the result its structure.
 * @param rest More trees of the same structure.
 * @returns A tree of the same structure.
 * @throws {TypeError} If the structures differ; both are printed.
 *
 * @example Stochastic gradient descent in one line
 * ```ts
 * import { treeMap } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const params = { w: tf.scalar(1), b: tf.scalar(2) };
 * const grads = { w: tf.scalar(10), b: tf.scalar(20) };
 * const next = treeMap((p, g) => tf.sub(p, tf.mul(0.1, g)), params, grads);
 * assertEquals([next.w.dataSync()[0], next.b.dataSync()[0]], [0, 0]);
 * ```
 */
export function treeMap<T>(
  fn: (leaf: Tensor, ...others: Tensor[]) => unknown,
  tree: T,
  ...rest: readonly unknown[]
): T {
  if (typeof fn !== "function") {
    throw new TypeError(
      `Cannot map over trees as the first argument must be a function: got ${describe(fn)}`,
    );
  }
  const [leaves, treedef] = treeFlatten(tree as Tree);
  const others = rest.map((other, i) => {
    const [otherLeaves, otherDef] = treeFlatten(other as Tree);
    assertSameStructure(treedef, otherDef, "map over trees", `tree ${i + 1}`);
    return otherLeaves;
  });
  const mapped = leaves.map((leaf, i) => fn(leaf, ...others.map((o) => o[i]!)));
  return treeUnflatten(treedef, mapped) as T;
}

/**
 * Disposes every tensor of a tree.
 *
 * @param tree What is not needed any more.
 * @param options Tensors to leave alone, such as those of the next state that a step handed on.
 * @throws {TypeError} If something is neither tensor, null, array nor plain object; the path is
 * named.
 *
 * @example
 * ```ts
 * import { treeDispose } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const params = { w: tf.scalar(1), b: [tf.scalar(2), null] };
 * treeDispose(params);
 * assert(params.w.isDisposed);
 * ```
 */
export function treeDispose(
  tree: unknown,
  { except = null }: { readonly except?: Tree } = {},
): void {
  const kept = new Set(treeLeaves(except));
  for (const leaf of treeLeaves(tree as Tree)) if (!kept.has(leaf)) leaf.dispose();
}

/**
 * Fails unless two structures are equal.
 *
 * @throws {TypeError} `Cannot <action> as all trees must have one structure: …`, both printed.
 */
export function assertSameStructure(
  expected: TreeDef,
  actual: TreeDef,
  action: string,
  name: string,
): void {
  const [a, b] = [formatTreeDef(expected), formatTreeDef(actual)];
  if (a === b) return;
  throw new TypeError(
    `Cannot ${action} as all trees must have one structure: expected ${a}, ${name} is ${b}`,
  );
}
