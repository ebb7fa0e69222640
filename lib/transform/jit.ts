/**
 * `jit`: one compiled program for a function, per signature of its arguments.
 *
 * @module
 */
import { type Compiler, currentCompiler } from "../engine/mod.ts";
import { gradientDepth } from "../tfjs/mod.ts";
import { checkFunction, type Tensor, treeUnflatten } from "../tree/mod.ts";
import { flattenCall } from "./call.ts";
import { callDirectly } from "./direct_call.ts";
import { compilerToLower, type Lowered, showProgram } from "./lowered.ts";
import { argumentPositions, programName, Programs, traceCall, type Traced } from "./programs.ts";

/** Options of {@linkcode jit}. */
export interface JitOptions {
  /**
   * Positions of arguments whose memory the results may take; those tensors are gone afterwards.
   */
  readonly donate?: number | readonly number[];
  /**
   * Positions of arguments that are not tensors: a program is made for each value. Numbers,
   * strings, and plain arrays and objects of them are told apart by value, all else by identity.
   */
  readonly static?: number | readonly number[];
}

export type { Lowered } from "./lowered.ts";

/** A function compiled by {@linkcode jit}. */
export interface Jitted<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  /** Traces the function for these arguments, and does not run it. */
  lower(...args: Args): Lowered;
}

/**
 * Compiles a function of trees of tensors.
 *
 * The function is called once for each signature (structure, shapes and dtypes of the arguments,
 * values of static ones), with tracers: tensors without values. What it does to them becomes one
 * XLA program; later calls only run that. It returns at once; reading a result waits. Tensors that
 * the function closes over become inputs of the program with the values of the first call; a
 * `tf.Variable` is read, and written back if the function assigns it, at each call.
 *
 * Inside another `jit`, or inside `grad`, the function is part of the surrounding program. Where
 * the engine does not compile (wasm, cpu), the function is simply called, and what it leaves behind
 * is disposed, as a program would have done.
 *
 * @param f A pure function: trees of tensors in, a tree of tensors out.
 * @param options `donate`: arguments whose buffers may be reused; `static`: non-tensor arguments.
 * @returns A function of the same arguments and result, with `lower` to see its program.
 * @throws {TypeError} If an argument that is not static holds something else than tensors, or the
 * function makes a `tf.Variable` and keeps it.
 * @throws {RangeError} If a position is not a whole number, or is both static and donated.
 *
 * @example
 * ```ts
 * import { init, jit } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await init();
 * const step = jit((p: { w: tf.Tensor }, x: tf.Tensor) => ({ y: tf.mul(p.w, tf.add(x, 1)) }));
 * assertEquals(Array.from(step({ w: tf.scalar(3) }, tf.tensor1d([1, 2])).y.dataSync()), [6, 9]);
 * ```
 */
export function jit<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  options: JitOptions = {},
): Jitted<Args, Result> {
  checkFunction(f, "jit", "the first argument");
  const name = programName(f, "jit");
  const { donated, statics } = argumentPositions(name, options);
  const programs = new Programs();

  const prepare = (compiler: Compiler, args: Args): [Traced, Tensor[]] => {
    const call = flattenCall(args, statics, name);
    const trace = (): Traced => traceCall(compiler, f, call, { name, donated });
    return [programs.get(jitted, compiler, call.signature, trace), call.leaves];
  };
  const jitted = (...args: Args): Result => {
    const compiler = currentCompiler();
    if (!compiler) return callDirectly(f, args, donated);
    if (compiler.isTracing() || gradientDepth() > 0) return f(...args);
    const [{ program, results }, leaves] = prepare(compiler, args);
    return treeUnflatten(results, program.run(leaves)) as Result;
  };
  const lower = (...args: Args): Lowered =>
    showProgram(prepare(compilerToLower(name), args)[0].program);
  return Object.assign(jitted, { lower });
}
