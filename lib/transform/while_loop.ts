/**
 * `whileLoop`: a loop that ends when a condition on its state does not hold.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { currentCompiler } from "../engine/mod.ts";
import { addToTape, isFloat, isTapeOn, offTape, tidy } from "../tfjs/mod.ts";
import { checkFunction, type Tensor, treeUnflatten } from "../tree/mod.ts";
import { withoutCollectives } from "./axes.ts";
import { type AnyRank, checkPredicate, checkSame, flatten } from "./check_carry.ts";

/**
 * Runs `body` on the state as long as `condition` holds.
 *
 * Works as `jax.lax.while_loop`. Inside `jit` both functions are called once, with tracers, and the
 * loop is one StableHLO `while`; elsewhere it is a plain loop, which reads the condition's value at
 * each step. It has no derivative in reverse, because how many states it would have to keep is not
 * known; use {@linkcode scan}, with a mask for steps that are to do nothing.
 *
 * @param condition The state to a bool scalar: whether to go on.
 * @param body The state to the next one, of the same structure, shapes and dtypes.
 * @param init The state at the start, a tree of tensors.
 * @returns The first state for which the condition does not hold.
 * @throws {TypeError} If the state changes its type, if the condition is not a bool scalar, or,
 * when a gradient reaches it, because it has none.
 *
 * @example The first power of two above 100
 * ```ts
 * import { whileLoop } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const power = whileLoop((x) => tf.lessEqual(x, 100), (x) => tf.mul(x, 2), tf.scalar(1));
 * assertEquals(power.dataSync()[0], 128);
 * ```
 */
export function whileLoop<C>(
  condition: (carry: C) => Tensor,
  body: (carry: C) => AnyRank<C>,
  init: C,
): C {
  checkFunction(condition, "run a while loop", "condition");
  checkFunction(body, "run a while loop", "body");
  const start = flatten("run a while loop", "the carry", init);
  const asTree = (leaves: readonly Tensor[]): C => treeUnflatten(start.def, leaves) as C;
  const test = (carry: readonly Tensor[]): Tensor => {
    const more = callAlone(() => condition(asTree(carry)));
    checkPredicate("run a while loop", "the condition", more);
    return more;
  };
  const step = (carry: readonly Tensor[]): Tensor[] => {
    const next = flatten("run a while loop", "the carry", callAlone(() => body(asTree(carry))));
    checkSame("run a while loop", "the carry keeps its type from step to step", [
      "the carry before a step",
      { ...start, leaves: [...carry] },
    ], ["after it", next]);
    return next.leaves;
  };
  return asTree(run(start.leaves, test, step));
}

const callAlone = <T>(fn: () => T): T => withoutCollectives("a whileLoop", fn);

type Test = (carry: readonly Tensor[]) => Tensor;
type Step = (carry: readonly Tensor[]) => Tensor[];

function run(init: readonly Tensor[], test: Test, step: Step): Tensor[] {
  const compiler = currentCompiler();
  if (!compiler?.isTracing()) {
    const results = runPlainly(init, test, step);
    return isTapeOn()
      ? withoutDerivative(results, results.map((x) => offTape(() => tf.clone(x))))
      : results;
  }
  if (!isTapeOn()) return compiler.whileLoop(init, test, step).results;
  const { results, captured } = offTape(() => compiler.whileLoop(init, test, step));
  return withoutDerivative([...init, ...captured.filter(isFloat)], results);
}

/** The loop as it is written. What a step leaves behind is disposed. */
function runPlainly(init: readonly Tensor[], test: Test, step: Step): Tensor[] {
  const holds = (carry: readonly Tensor[]): boolean =>
    tidy(() => Boolean(test(carry).dataSync()[0]));
  let carry = init.map((x) => tf.clone(x));
  while (holds(carry)) {
    const next = tidy(() => step(carry).map((x) => tf.clone(x)));
    tf.dispose(carry);
    carry = next;
  }
  return carry;
}

/** Puts a node on the tape that refuses to be walked. */
function withoutDerivative(inputs: readonly Tensor[], results: Tensor[]): Tensor[] {
  addToTape("WhileLoop", inputs, results, () => {
    throw new TypeError(
      "Cannot differentiate a while loop in reverse as the number of its steps is not known " +
        "beforehand (use scan with a length, and tf.where for steps that are to do nothing)",
    );
  });
  return results;
}
