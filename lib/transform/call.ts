/**
 * The arguments of one call of a compiled function, flat, and the signature that chooses its
 * program.
 *
 * @module
 */
import {
  describe,
  formatShape,
  formatTreeDef,
  isTensor,
  type Tensor,
  type Tree,
  type TreeDef,
  treeFlatten,
  treePaths,
} from "../tree/mod.ts";
import { staticKey } from "./static_key.ts";

/** The arguments of one call, flat. */
export interface FlatCall {
  readonly args: readonly unknown[];
  /** Tensors of all arguments in order. */
  readonly leaves: Tensor[];
  /** The structure of each argument, null for a static one. */
  readonly defs: readonly (TreeDef | null)[];
  readonly signature: string;
}

/** Flattens arguments; those at the positions `statics` are no tensors. */
export function flattenCall(
  args: readonly unknown[],
  statics: ReadonlySet<number>,
  name: string,
): FlatCall {
  const leaves: Tensor[] = [];
  const defs: (TreeDef | null)[] = [];
  const signature: string[] = [];
  args.forEach((arg, i) => {
    if (statics.has(i)) {
      checkStatic(arg, i, name);
      defs.push(null);
      signature.push(`static ${staticKey(arg, i, name)}`);
      return;
    }
    const [tensors, def] = treeFlatten(arg as Tree, (value) => acceptLeaf(value, arg, i, name));
    checkAlive(tensors, arg, i, name);
    leaves.push(...tensors);
    defs.push(def);
    const types = tensors.map((t) => `${t.dtype}${formatShape(t.shape)}`);
    signature.push(`${formatTreeDef(def)} ${types.join(" ")}`);
  });
  return { args, leaves, defs, signature: signature.join("; ") };
}

function checkAlive(tensors: readonly Tensor[], arg: unknown, i: number, name: string): void {
  const disposed = tensors.findIndex((tensor) => tensor.isDisposed);
  if (disposed < 0) return;
  const path = treePaths(arg)[disposed];
  throw new TypeError(
    `Cannot call ${name} as its arguments must be alive: argument ${i}` +
      `${path ? ` at ${path}` : ""} was disposed (clone it before)`,
  );
}

function acceptLeaf(value: unknown, arg: unknown, i: number, name: string): boolean {
  if (isTensor(value)) return true;
  const isNest = Array.isArray(value) || typeof value === "object" && value !== null &&
      !ArrayBuffer.isView(value);
  if (isNest) return false;
  const path = treePaths(arg, (other) => other === value || isTensor(other)).find((p) => p !== "");
  throw new TypeError(
    `Cannot trace ${name} as arguments must be trees of tensors: argument ${i}` +
      `${path ? ` at or near ${path}` : ""} holds ${describe(value)} ` +
      `(wrap it with tf.scalar, or declare the argument as {static: [${i}]})`,
  );
}

function checkStatic(arg: unknown, i: number, name: string): void {
  if (!isTensor(arg)) return;
  throw new TypeError(
    `Cannot trace ${name} as a static argument must not be a tensor: argument ${i} is ` +
      `${describe(arg)} (take ${i} out of \`static\`)`,
  );
}
