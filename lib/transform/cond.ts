/**
 * `cond`: one of two functions, chosen by a tensor.
 *
 * @module
 */
import { currentCompiler } from "../engine/mod.ts";
import { checkFunction, type Tensor, treeUnflatten } from "../tree/mod.ts";
import { withoutCollectives } from "./axes.ts";
import { checkPredicate, checkSame, type Flat, flatten } from "./check_carry.ts";
import { recordCond } from "./control_flow_gradients.ts";

/**
 * Calls one of two functions.
 *
 * Works as `jax.lax.cond`. Inside `jit` both functions are called once, with tracers, and the
 * program computes one of them (a StableHLO `case`); elsewhere the predicate is read, and the
 * function that it chooses is called. Differentiable any number of times. For single numbers
 * `tf.where`, which computes both sides, is often faster.
 *
 * @param predicate A bool scalar.
 * @param ifTrue Called if it is true.
 * @param ifFalse Called if it is false; its result has the structure, shapes and dtypes of the
 * other.
 * @param operands What the functions are called with.
 * @returns The result of the function that was chosen, a tree of tensors.
 * @throws {TypeError} If the predicate is not a bool scalar, or the results differ in type.
 *
 * @example
 * ```ts
 * import { cond } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const x = tf.tensor1d([3, -4]);
 * const half = (x: tf.Tensor) => tf.div(x, 2);
 * const same = (x: tf.Tensor) => tf.clone(x);
 * assertEquals([...cond(tf.greater(tf.norm(x), 1), half, same, x).dataSync()], [1.5, -2]);
 * ```
 */
export function cond<A extends unknown[], R>(
  predicate: Tensor,
  ifTrue: (...operands: A) => R,
  ifFalse: (...operands: A) => R,
  ...operands: A
): R {
  checkPredicate("branch", "the predicate", predicate);
  checkFunction(ifTrue, "branch", "ifTrue");
  checkFunction(ifFalse, "branch", "ifFalse");
  const compiler = currentCompiler();
  if (!compiler?.isTracing()) {
    const [name, branch] = predicate.dataSync()[0]
      ? ["ifTrue", ifTrue] as const
      : ["ifFalse", ifFalse] as const;
    const result = branch(...operands);
    flatten("branch", `the result of ${name}`, result);
    return result;
  }
  let first: Flat | null = null;
  const callAlone = (branch: (...operands: A) => R): R =>
    withoutCollectives("a branch of cond", () => branch(...operands));
  const leavesOf = (name: string, branch: (...operands: A) => R) => (): Tensor[] => {
    const result = flatten("branch", `the result of ${name}`, callAlone(branch));
    first ??= result;
    checkSame("branch", "both functions give the same type", ["ifTrue", first], [name, result]);
    return result.leaves;
  };
  const results = recordCond(
    compiler,
    predicate,
    leavesOf("ifTrue", ifTrue),
    leavesOf("ifFalse", ifFalse),
  );
  return treeUnflatten(first!.def, results) as R;
}
