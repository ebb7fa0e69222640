/**
 * `checkpoint`: what a function computes on its way is computed again for its gradient, not kept.
 *
 * @module
 */
import { type Compiler, currentCompiler } from "../engine/mod.ts";
import { addToTape, isFloat, isTapeOn, offTape, pullBack } from "../tfjs/mod.ts";
import {
  checkFunction,
  isTensor,
  type Tensor,
  treeFlatten,
  type TreeOf,
  treeUnflatten,
} from "../tree/mod.ts";
import { isNoNest } from "./direct_call.ts";

/**
 * Makes a function whose gradient keeps only what it reads, and computes the rest once more.
 *
 * Works as `jax.checkpoint`: values and gradients, of any order, stay the same. A gradient keeps
 * what the forward pass computed until the backward pass needs it: with `checkpoint` around each
 * step of a deep network that is what goes from step to step, and inside one step at a time. The
 * price is the forward pass a second time, about a third of a training step.
 *
 * It has an effect inside `jit`, `pmap` and their loops; elsewhere the function is simply called.
 * `jit(f).lower(...args).cost()` tells what a program needs. Steps of `scan` are always computed
 * again.
 *
 * @param f A pure function. What it closes over, such as parameters, has gradients too.
 * @returns A function of the same arguments and result; what is no tensor in them passes through.
 * @throws {TypeError} If `f` is no function.
 *
 * @example The same gradient, and less memory
 * ```ts
 * import { checkpoint, grad, jit, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const step = checkpoint((x: Tensor) => tf.square(tf.square(x)));
 * const gradient = jit(grad((x: Tensor) => tf.sum(step(step(x)))));
 * assertEquals(gradient(tf.tensor1d([1, -1])).arraySync(), [16, -16]);
 * ```
 */
export function checkpoint<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
): (...args: Args) => Result {
  checkFunction(f, "checkpoint", "its argument");
  return (...args) => {
    const compiler = currentCompiler();
    if (!compiler?.isTracing() || !isTapeOn()) return f(...args);
    let output: ReturnType<typeof treeFlatten<unknown>> | null = null;
    const results = record(compiler, () => {
      output = treeFlatten<unknown>(f(...args) as TreeOf<unknown>, isNoNest);
      return output[0].filter((leaf) => isTensor(leaf));
    });
    let next = 0;
    const [leaves, def] = output!;
    const filled = leaves.map((leaf) => isTensor(leaf) ? results[next++]! : leaf);
    return treeUnflatten(def, filled) as Result;
  };
}

/**
 * Calls a function, as one entry of the tape if there is one. So is its gradient, which calls it
 * anew, and the gradient of that.
 */
function record(compiler: Compiler, call: () => readonly Tensor[]): readonly Tensor[] {
  if (!isTapeOn()) return call();
  const { results, captured } = offTape(() => compiler.watch(call));
  compiler.keepInTrace(captured);
  const inputs = captured.filter(isFloat);
  addToTape("Checkpoint", inputs, results.filter(isFloat), (dys) => [
    ...record(compiler, () =>
      // After the cotangents, so that it is not what the forward pass has computed.
      compiler.after(captured, dys, () => pullBack(() => call().filter(isFloat), inputs, dys))),
  ]);
  return results;
}
