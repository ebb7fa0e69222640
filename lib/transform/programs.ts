/** The programs that a compiled function has, one for each signature of its arguments. @module */
import * as tf from "@tensorflow/tfjs";
import {
  type CompiledProgram,
  type Compiler,
  currentCompiler,
  EngineError,
  type Replicas,
} from "../engine/mod.ts";
import {
  countLeaves,
  type Tensor,
  type Tree,
  type TreeDef,
  treeFlatten,
  treeUnflatten,
} from "../tree/mod.ts";
import type { FlatCall } from "./call.ts";
import type { Lowered } from "./jit.ts";

/** A traced signature: the program, and how to put its results together. */
export interface Traced {
  readonly program: CompiledProgram;
  readonly results: TreeDef;
}

type Cache = Map<string, Traced>;

const programsOfLostFunctions = new FinalizationRegistry<Cache>((cache) => {
  for (const { program } of cache.values()) program.dispose();
});

/** A function's programs by signature, for each compiler; freed when their owner is. */
export class Programs {
  readonly #caches = new Map<Compiler, Cache>();

  /**
   * The program for a signature, made by `trace` if there is none.
   *
   * @param owner The function that the user holds.
   */
  get(owner: object, compiler: Compiler, signature: string, trace: () => Traced): Traced {
    let cache = this.#caches.get(compiler);
    if (!cache) {
      this.#caches.set(compiler, cache = new Map());
      programsOfLostFunctions.register(owner, cache);
    }
    let traced = cache.get(signature);
    if (!traced) cache.set(signature, traced = trace());
    return traced;
  }
}

/** How a function is traced. */
export interface TraceSettings {
  readonly name: string;
  /** Positions of arguments whose memory the results may take. */
  readonly donated: readonly number[];
  /** The devices that run the program at once; one if there are none. */
  readonly replicas?: Replicas;
}

/** Traces a function for one signature. */
export function traceCall<Args extends readonly unknown[], Result>(
  compiler: Compiler,
  f: (...args: Args) => Result,
  call: FlatCall,
  { name, donated, replicas }: TraceSettings,
): Traced {
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
  }, {
    name,
    donate: donatedLeaves(call.defs, donated),
    ...(replicas ? { replicas } : {}),
  });
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

/** What a program shows of itself. */
export function showProgram(program: CompiledProgram): Lowered {
  return { text: () => program.text(), cost: () => program.cost() };
}

/** The compiler that shows the program of a function. @throws {EngineError} If there is none. */
export function compilerToLower(name: string): Compiler {
  const compiler = currentCompiler();
  if (compiler) return compiler;
  throw new EngineError(
    `Cannot lower ${name} as the ${tf.getBackend()} engine does not compile ` +
      `(call \`await init({engine: "xla"})\` first)`,
  );
}

/** Positions given as one number, a list, or not at all. */
export function toList(value: number | readonly number[] | undefined): readonly number[] {
  return value === undefined ? [] : typeof value === "number" ? [value] : value;
}

/** The function's name as an MLIR symbol. */
export function programName(f: { readonly name: string }, unnamed: string): string {
  return f.name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=[0-9])/, "_") || unnamed;
}
