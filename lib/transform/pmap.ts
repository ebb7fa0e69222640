/**
 * `pmap`: one compiled program that runs on several devices at once.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Compiler, currentCommunicator, currentCompiler, EngineError } from "../engine/mod.ts";
import { isTapeOn } from "../tfjs/mod.ts";
import { checkFunction, type Tensor, type Tree, treeMap, treeUnflatten } from "../tree/mod.ts";
import { sizeAlong, withAxes } from "./axes.ts";
import { flattenCall } from "./call.ts";
import { callDirectly } from "./direct_call.ts";
import type { JitOptions, Jitted } from "./jit.ts";
import { compilerToLower, type Lowered, showProgram } from "./lowered.ts";
import { argumentPositions, programName, Programs, traceCall, type Traced } from "./programs.ts";
import { type AxisOptions, replicaGrid } from "./replica_grid.ts";

/** Options of {@linkcode pmap}. */
export interface PmapOptions extends JitOptions, AxisOptions {}

/**
 * Compiles a function of trees of tensors for several devices, which run it at once.
 *
 * Every tensor of the arguments and results has a leading axis of D: row i is replica i's, whose
 * function sees it without that axis. What a call gives stays on its devices, as one tensor of
 * shape `[D, ...]`, until it is read or used by something else, so that handing it to the next call
 * copies nothing. Inside, replicas know of each other by {@linkcode psum} and its kin. Works as
 * `jax.pmap`.
 *
 * With `{axes: {data: 2, edges: 2}}` there are two leading axes, `[2, 2, ...]`, and collectives go
 * along either. Tensors that the function closes over are on every device; a `tf.Variable` is read
 * at each call, and must not be assigned. `jit` inside is part of the program; gradients are taken
 * inside, by `grad` of what the function calls.
 *
 * Where `distributed.init` has joined several processes, the axes go on through all of them: each
 * passes the rows of its own devices, and collectives are over all. Every process makes the same
 * calls.
 *
 * Where the engine does not compile (wasm, cpu) there is one device, and D must be 1.
 *
 * @param f A pure function: trees of tensors in, a tree of tensors out.
 * @param options The axes, and `donate` and `static` as `jit` has them.
 * @returns A function of the same arguments and result with leading axes, with `lower`.
 * @throws {TypeError} If leading axes differ, if there are no tensors to tell D by, or if it is
 *   called inside `jit`, `pmap` or `grad`.
 * @throws {EngineError} If there are fewer devices than replicas.
 *
 * @example The mean of what all devices have, here of one
 * ```ts
 * import { init, pmap, pmean, type Tensor } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * await init(); // init({ devices: 4 }) for four virtual ones on a CPU
 * const centred = pmap((x: Tensor) => tf.sub(x, pmean(tf.mean(x), "devices")), {
 *   axisName: "devices",
 * });
 * assertEquals(centred(tf.tensor2d([[1, 2, 3]])).arraySync(), [[-1, 0, 1]]);
 * ```
 */
export function pmap<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  options: PmapOptions = {},
): Jitted<Args, Result> {
  checkFunction(f, "pmap", "the first argument");
  const name = programName(f, "pmap");
  const { donated, statics } = argumentPositions(name, options);
  const programs = new Programs();
  checkOptions(options, name);

  const prepare = (compiler: Compiler, args: Args): [Traced, Tensor[]] => {
    const call = flattenCall(args, statics, name);
    const signature = `${call.signature}; ${currentCommunicator()?.size ?? 1} processes`;
    const trace = (): Traced => {
      const { axes, local, first } = replicaGrid(args, statics, options, name);
      const alone = (...args: Args): Result => withAxes(axes, first, () => f(...args));
      return traceCall(compiler, alone, call, { name, donated, replicas: { axes: local } });
    };
    return [programs.get(mapped, compiler, signature, trace), call.leaves];
  };
  const mapped = (...args: Args): Result => {
    const compiler = currentCompiler();
    checkOutside(compiler, name);
    if (!compiler) return callAlone(f, args, { statics, donated, options, name });
    const [{ program, results }, leaves] = prepare(compiler, args);
    return treeUnflatten(results, program.run(leaves)) as Result;
  };
  const lower = (...args: Args): Lowered =>
    showProgram(prepare(compilerToLower(name), args)[0].program);
  return Object.assign(mapped, { lower });
}

function checkOptions({ axisName, axes }: PmapOptions, name: string): void {
  if (axes === undefined) return;
  if (axisName !== undefined) {
    throw new TypeError(
      `Cannot make ${name} parallel as there is either one axis or several: got axisName ` +
        `${JSON.stringify(axisName)} and axes {${Object.keys(axes).join(", ")}} (drop one of them)`,
    );
  }
  const wrong = Object.entries(axes).find(([, size]) => !(Number.isInteger(size) && size >= 1));
  if (!wrong && Object.keys(axes).length > 0) return;
  throw new RangeError(
    `Cannot make ${name} parallel as axes have sizes of 1 or more: ` +
      (wrong ? `${wrong[0]} is ${wrong[1]}` : "there are none"),
  );
}

/** Fails where a program for several devices cannot be part of what surrounds it. */
function checkOutside(compiler: Compiler | null, name: string): void {
  if (compiler?.isTracing()) {
    throw new TypeError(
      `Cannot call ${name} inside jit, pmap, scan or cond as a program for several devices is one ` +
        `of its own (call it outside: pmap compiles by itself; for several axes use {axes})`,
    );
  }
  if (!isTapeOn()) return;
  throw new TypeError(
    `Cannot differentiate through ${name} as its replicas hold what the gradient needs ` +
      `(take the gradient inside: pmap((p, x) => pmean(grad(loss)(p, x), axisName)))`,
  );
}

/** How a call is made. */
interface CallSettings {
  readonly statics: ReadonlySet<number>;
  readonly donated: readonly number[];
  readonly options: PmapOptions;
  readonly name: string;
}

/** Calls the function where nothing compiles: for the one replica that there may be. */
function callAlone<Args extends readonly unknown[], Result>(
  f: (...args: Args) => Result,
  args: Args,
  { statics, donated, options, name }: CallSettings,
): Result {
  flattenCall(args, statics, name);
  const { axes, local, first } = replicaGrid(args, statics, options, name);
  if (sizeAlong(axes) > 1) {
    throw new EngineError(
      `Cannot call ${name} on several processes as the ${tf.getBackend()} engine does not compile ` +
        `(start each with \`await init({engine: "xla"})\`)`,
    );
  }
  const rank = local.length;
  const alone = (...args: Args): Result => {
    const rows = args.map((arg, i) =>
      statics.has(i) ? arg : mapTensors((x) => tf.reshape(x, x.shape.slice(rank)), arg)
    );
    const result = withAxes(axes, first, () => f(...rows as unknown as Args));
    return mapTensors((x) => tf.reshape(x, [...local, ...x.shape]), result);
  };
  return callDirectly(alone, args, donated);
}

function mapTensors<T>(fn: (x: Tensor) => Tensor, tree: T): T {
  return treeMap(fn, tree as Tree) as T;
}
