/**
 * `jit`: one compiled program for a function, per signature of its arguments.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import {
  type CompiledProgram,
  type Compiler,
  currentCompiler,
  EngineError,
  tidy,
} from "../engine/mod.ts";
import {
  countLeaves,
  describe,
  formatShape,
  formatTreeDef,
  isTensor,
  type Tensor,
  type Tree,
  type TreeDef,
  treeDispose,
  treeFlatten,
  type TreeOf,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";

/** Options of {@linkcode jit}. */
export interface JitOptions {
  /** Positions of arguments whose memory the results may take; those tensors are gone afterwards. */
  readonly donate?: number | readonly number[];
  /** Positions of arguments that are not tensors: a program is made for each value. */
  readonly static?: number | readonly number[];
}

/** A program that was traced but not run. */
export interface Lowered {
  /** The StableHLO of the program. */
  text(): string;
  /**
   * Compiles the program for the calls to come, or loads it from the cache of compiled programs,
   * beside whatever else is done until the promise is awaited.
   */
  compile(): Promise<void>;
}

/** A function compiled by {@linkcode jit}. */
export interface Jitted<Args extends readonly unknown[], Result> {
  (...args: Args): Result;
  /** Traces the function for these arguments, and does not run it. */
  lower(...args: Args): Lowered;
}

/** A traced signature: the program, and how to put its results together. */
interface Entry {
  readonly program: CompiledProgram;
  readonly results: TreeDef;
}

/** A function's programs by signature, for one compiler; freed with the function. */
type Cache = Map<string, Entry>;

const programsOfLostFunctions = new FinalizationRegistry<Cache>((cache) => {
  for (const { program } of cache.values()) program.dispose();
});

/**
 * Compiles a function of trees of tensors.
 *
 * The function is called once for each signature (structure, shapes and dtypes of the arguments,
 * values of static ones), with tracers: tensors without values. What it does to them becomes one XLA
 * program; later calls only run that. It returns at once; reading a result waits. Tensors that the
 * function closes over become inputs of the program with the values of the first call; a
 * `tf.Variable` is read, and written back if the function assigns it, at each call.
 *
 * Inside another `jit`, or inside `grad`, the function is part of the surrounding program. Where the
 * engine does not compile (wasm, cpu), the function is simply called, and what it leaves behind is
 * disposed, as a program would have done.
 *
 * @param f A pure function: trees of tensors in, a tree of tensors out.
 * @param options `donate`: arguments whose buffers may be reused; `static`: non-tensor arguments.
 * @returns A function of the same arguments and result, with `lower` to see its program.
 * @throws {TypeError} If an argument that is not static holds something else than tensors.
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
  const donated = toList(options.donate);
  const statics = new Set(toList(options.static));
  const caches = new Map<Compiler, Cache>();
  const name = programName(f);

  const prepare = (compiler: Compiler, args: Args): { entry: Entry; leaves: Tensor[] } => {
    const call = flattenCall(args, statics, name);
    let cache = caches.get(compiler);
    if (!cache) {
      caches.set(compiler, cache = new Map());
      programsOfLostFunctions.register(jitted, cache);
    }
    let entry = cache.get(call.signature);
    if (!entry) {
      entry = traceCall(compiler, f, call, { name, donated });
      cache.set(call.signature, entry);
    }
    return { entry, leaves: call.leaves };
  };

  const jitted = (...args: Args): Result => {
    const compiler = currentCompiler();
    if (!compiler) return callDirectly(f, args, donated);
    if (compiler.isTracing() || gradientDepth() > 0) return f(...args);
    const { entry, leaves } = prepare(compiler, args);
    return treeUnflatten(entry.results, entry.program.run(leaves)) as Result;
  };
  const lower = (...args: Args): Lowered => {
    const compiler = currentCompiler();
    if (!compiler) {
      throw new EngineError(
        `Cannot lower ${name} as the ${tf.getBackend()} engine does not compile ` +
          `(call \`await init({engine: "xla"})\` first)`,
      );
    }
    const { program } = prepare(compiler, args).entry;
    return { text: () => program.text(), compile: () => program.compile() };
  };
  return Object.assign(jitted, { lower });
}

/** How many direct calls surround the running one: the outermost is the program, as when compiled. */
let directDepth = 0;

/**
 * Calls the function where nothing compiles. As from a program, the results are tensors of their own
 * (what the function passes through is cloned), what it leaves behind is disposed, and donated
 * arguments are gone.
 */
function callDirectly<Args extends readonly unknown[], Result>(
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

function isNoNest(value: unknown): boolean {
  if (isTensor(value) || typeof value !== "object" || value === null) return true;
  return !Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype;
}

/** The arguments of one call, flat. */
interface FlatCall {
  readonly args: readonly unknown[];
  /** Tensors of all arguments in order. */
  readonly leaves: Tensor[];
  /** The structure of each argument, null for a static one. */
  readonly defs: readonly (TreeDef | null)[];
  readonly signature: string;
}

function flattenCall(
  args: readonly unknown[],
  statics: ReadonlySet<number>,
  name: string,
): FlatCall {
  const leaves: Tensor[] = [];
  const defs: (TreeDef | null)[] = [];
  const signature: string[] = [];
  args.forEach((arg, i) => {
    if (statics.has(i)) {
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

const objectIds = new WeakMap<object, number>();
let nextObjectId = 0;

/** Static values are told apart by value where they can be, and by identity otherwise. */
function staticKey(value: unknown, i: number, name: string): string {
  if (isTensor(value)) {
    throw new TypeError(
      `Cannot trace ${name} as a static argument must not be a tensor: argument ${i} is ` +
        `${describe(value)} (take ${i} out of \`static\`)`,
    );
  }
  if (typeof value !== "object" && typeof value !== "function" || value === null) {
    return `${typeof value} ${Object.is(value, -0) ? "-0" : String(value)}`;
  }
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (plain) {
    const text = JSON.stringify(value, (_, v) => typeof v === "function" ? objectKey(v) : v);
    return `json ${text}`;
  }
  return objectKey(value);
}

function objectKey(value: object): string {
  if (!objectIds.has(value)) objectIds.set(value, nextObjectId++);
  return `object ${objectIds.get(value)}`;
}

interface TraceSettings {
  readonly name: string;
  readonly donated: readonly number[];
}

/** Traces the function for one signature. */
function traceCall<Args extends readonly unknown[], Result>(
  compiler: Compiler,
  f: (...args: Args) => Result,
  call: FlatCall,
  { name, donated }: TraceSettings,
): Entry {
  let results: TreeDef | null = null;
  const program = compiler.trace(call.leaves, (tracers) => {
    let next = 0;
    const args = call.defs.map((def, i) => {
      if (!def) return call.args[i];
      const count = countLeaves(def);
      next += count;
      return treeUnflatten(def, tracers.slice(next - count, next));
    });
    const output = f(...args as unknown as Args);
    const [leaves, def] = flattenResult(output, name);
    results = def;
    return leaves;
  }, { name, donate: donatedLeaves(call.defs, donated) });
  return { program, results: results! };
}

function flattenResult(output: unknown, name: string): [Tensor[], TreeDef] {
  if (output instanceof Promise) {
    // What it fails of is that it cannot read tracers, which nobody is left to hear.
    output.catch(() => {});
    throw new TypeError(
      `Cannot compile ${name} as it is async: a program has no place to wait (await outside jit, ` +
        `and pass tensors in; in place of tf.whereAsync and tf.booleanMaskAsync use tf.where with ` +
        `three arguments, or a mask)`,
    );
  }
  try {
    return treeFlatten(output as Tree);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TypeError(
      `Cannot compile ${name} as its result must be a tree of tensors: ${error.message}`,
    );
  }
}

/** Positions among all leaves of the leaves of donated arguments. */
function donatedLeaves(defs: readonly (TreeDef | null)[], donated: readonly number[]): number[] {
  const positions: number[] = [];
  let next = 0;
  defs.forEach((def, i) => {
    const count = def ? countLeaves(def) : 0;
    const own = Array.from({ length: count }, (_, k) => next + k);
    if (donated.includes(i)) positions.push(...own);
    next += count;
  });
  return positions;
}

function toList(value: number | readonly number[] | undefined): readonly number[] {
  return value === undefined ? [] : typeof value === "number" ? [value] : value;
}

/** The function's name as an MLIR symbol. */
function programName(f: { readonly name: string }): string {
  return f.name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=[0-9])/, "_") || "jit";
}

/** How many gradients are being recorded around this call. */
function gradientDepth(): number {
  return (tf.engine().state as unknown as { gradientDepth: number }).gradientDepth;
}
