/** The call in place of a program where nothing compiles. @module */
import * as tf from "@tensorflow/tfjs";
import { gradientDepth, tidy } from "../tfjs/mod.ts";
import { isTensor, treeDispose, treeFlatten, type TreeOf, treeUnflatten } from "../tree/mod.ts";

/**
 * How many direct calls surround the running one: the outermost is the program, as when compiled.
 */
let directDepth = 0;

/**
 * Calls the function where nothing compiles. As from a program, the results are tensors of their
 * own (what the function passes through is cloned), what it leaves behind is disposed, and donated
 * arguments are gone.
 */
export function callDirectly<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  args: Args,
  donated: readonly number[],
): Result {
  directDepth++;
  try {
    const result = callTidily(f, args);
    const isProgram = directDepth === 1 && gradientDepth() === 0 && !(result instanceof Promise);
    if (isProgram) { for (const position of donated) treeDispose(args[position]); }
    return result;
  } finally {
    directDepth--;
  }
}

function callTidily<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  args: Args,
): Result {
  return tidy(() => {
    // Ids grow: a tensor with a smaller one was there before the call.
    const { id } = tf.scalar(0);
    const result = f(...args);
    if (result instanceof Promise) return result;
    const [leaves, def] = treeFlatten<unknown>(result as TreeOf<unknown>, isNoNest);
    const own = leaves.map((leaf) => isTensor(leaf) && leaf.id < id ? tf.clone(leaf) : leaf);
    return treeUnflatten(def, own) as Result;
  });
}

/** Whether a value is a leaf: a tensor, or what is no array or plain object. */
export function isNoNest(value: unknown): boolean {
  if (isTensor(value) || typeof value !== "object" || value === null) return true;
  return !Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype;
}
