/** The programs that a compiled function has, one for each signature of its arguments. @module */
import type { CompiledProgram, Compiler, Replicas } from "../engine/mod.ts";
import {
  countLeaves,
  describe,
  type Tensor,
  type Tree,
  type TreeDef,
  treeFlatten,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";
import type { FlatCall } from "./call.ts";

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
  let flat: [Tensor[], TreeDef];
  try {
    flat = treeFlatten(output as Tree);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new TypeError(
      `Cannot compile ${name} as its result must be a tree of tensors: ${error.message}`,
    );
  }
  const disposed = flat[0].findIndex((tensor) => tensor.isDisposed);
  if (disposed < 0) return flat;
  throw new TypeError(
    `Cannot compile ${name} as its result must be alive: ` +
      `${treePaths(output)[disposed] || "it"} was disposed (return it before)`,
  );
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

/** Which arguments of a compiled function are donated, and which are no tensors. */
export interface ArgumentOptions {
  readonly donate?: number | readonly number[];
  readonly static?: number | readonly number[];
}

/**
 * The positions that options name.
 *
 * @throws {RangeError} If one is no position, or is both donated and static.
 */
export function argumentPositions(
  name: string,
  options: ArgumentOptions,
): { donated: readonly number[]; statics: ReadonlySet<number> } {
  const donated = positions(name, "donate", options.donate);
  const statics = new Set(positions(name, "static", options.static));
  const both = donated.find((position) => statics.has(position));
  if (both === undefined) return { donated, statics };
  throw new RangeError(
    `Cannot jit ${name} as a static argument has no memory to donate: argument ${both} is both`,
  );
}

function positions(
  name: string,
  option: keyof ArgumentOptions,
  value: number | readonly number[] = [],
): readonly number[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const wrong = list.findIndex((position) =>
    !(Number.isInteger(position) && position as number >= 0)
  );
  if (wrong < 0) return list as number[];
  throw new RangeError(
    `Cannot jit ${name} as \`${option}\` names arguments by their positions, from 0: got ` +
      describe(list[wrong]),
  );
}

/** The function's name as an MLIR symbol. */
export function programName(f: { readonly name: string }, unnamed: string): string {
  return f.name.replace(/[^A-Za-z0-9_]/g, "_").replace(/^(?=[0-9])/, "_") || unnamed;
}
