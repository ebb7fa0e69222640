/** Checks of the functions that loops and branches call. @module */
import {
  describe,
  formatTreeDef,
  isTensor,
  type Tensor,
  type Tree,
  type TreeDef,
  treeFlatten,
  treePaths,
} from "../tree/mod.ts";

/** A tree with the ranks of its tensors left open: what a function may return for a `T`. */
export type AnyRank<T> = T extends Tensor ? Tensor
  : T extends object ? { readonly [K in keyof T]: AnyRank<T[K]> }
  : T;

/** A tree of tensors, taken apart. */
export interface Flat {
  readonly leaves: Tensor[];
  readonly def: TreeDef;
  readonly tree: unknown;
}

/** Takes a tree of tensors apart; `what` names it in errors. */
export function flatten(action: string, what: string, tree: unknown): Flat {
  if (tree instanceof Promise) {
    tree.catch(() => {});
    throw new TypeError(
      `Cannot ${action} as its functions must not be async: ${what} is a promise ` +
        `(await before the loop or branch, and close over the result)`,
    );
  }
  try {
    const [leaves, def] = treeFlatten(tree as Tree);
    checkAlive(action, what, leaves, tree);
    return { leaves, def, tree };
  } catch (error) {
    if (!(error instanceof TypeError) || error.message.startsWith(`Cannot ${action}`)) throw error;
    throw new TypeError(`Cannot ${action} as ${what} must be a tree of tensors: ${error.message}`);
  }
}

/** Fails if a tensor of a tree was disposed. */
export function checkAlive(
  action: string,
  what: string,
  leaves: readonly Tensor[],
  tree: unknown,
): void {
  const disposed = leaves.findIndex((tensor) => tensor.isDisposed);
  if (disposed < 0) return;
  const path = treePaths(tree)[disposed];
  throw new TypeError(
    `Cannot ${action} as its tensors must be alive: ${what}${path ? ` at ${path}` : ""} was ` +
      `disposed (clone it before)`,
  );
}

/** Fails unless a tree has the structure, shapes and dtypes of another. */
export function checkSame(
  action: string,
  rule: string,
  [beforeName, before]: readonly [string, Flat],
  [afterName, after]: readonly [string, Flat],
): void {
  const [a, b] = [formatTreeDef(before.def), formatTreeDef(after.def)];
  if (a !== b) {
    throw new TypeError(
      `Cannot ${action} as ${rule}: ${beforeName} has the structure ${a}, ${afterName} ${b}`,
    );
  }
  const at = before.leaves.findIndex((x, i) => describe(x) !== describe(after.leaves[i]!));
  if (at < 0) return;
  const [x, y] = [before.leaves[at]!, after.leaves[at]!];
  const path = treePaths(before.tree)[at];
  const remedy = x.dtype !== y.dtype
    ? `cast it with tf.cast(…, "${x.dtype}")`
    : "reshape it, or keep its size with a mask";
  throw new TypeError(
    `Cannot ${action} as ${rule}: ${beforeName}${path ? ` at ${path}` : ""} is ${describe(x)}, ` +
      `${afterName} ${describe(y)} (${remedy})`,
  );
}

/** Fails unless a value is a bool scalar. */
export function checkPredicate(
  action: string,
  what: string,
  value: unknown,
): asserts value is Tensor {
  if (isTensor(value)) checkAlive(action, what, [value], value);
  if (isTensor(value) && value.dtype === "bool" && value.rank === 0) return;
  const remedy = !isTensor(value)
    ? 'use tf.scalar(…, "bool")'
    : value.rank > 0
    ? "reduce it with tf.all or tf.any"
    : "compare it, as with tf.greater(…, 0)";
  throw new TypeError(
    `Cannot ${action} as ${what} must be a bool scalar: got ${describe(value)} (${remedy})`,
  );
}
