/**
 * `scan`: a loop of a known number of steps, one program inside `jit`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { currentCompiler, type ScanLoop, type ScanStep } from "../engine/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import {
  checkFunction,
  describe,
  formatShape,
  type Tensor,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";
import { type AnyRank, checkSame, type Flat, flatten } from "./check_carry.ts";
import { recordScan } from "./control_flow_gradients.ts";

/** Options of {@linkcode scan}. */
export interface ScanOptions {
  /** The number of steps, where there are no `xs`, or to be held against theirs. */
  readonly length?: number;
  /**
   * Whether the steps go from the last row of `xs` to the first; results keep the order of `xs`.
   */
  readonly reverse?: boolean;
}

/**
 * Runs a step again and again, handing the carry on and stacking the results.
 *
 * Works as `jax.lax.scan`: `[carry, ys]`, where `ys` stacks what the steps gave along a new first
 * axis. Inside `jit` the step is called once, with tracers, and the loop is one StableHLO `while`,
 * however long. Elsewhere it is a plain loop that calls the step each time, so that it can be
 * looked into. Differentiable any number of times: the backward pass keeps the carry of each step
 * and computes the step anew from it (as `jax.checkpoint` around the step), so memory grows with
 * the carry alone.
 *
 * @param f A step: the carry and one row of `xs` (null where there are none) to `[carry, y]`. The
 * carry keeps its structure, shapes and dtypes; `y` may be null.
 * @param init The carry before the first step.
 * @param xs Trees of tensors `[length, ...]`, or the number of steps, or null with `length`.
 * @param options `length` and `reverse`.
 * @returns The last carry, and `ys`, leaves `[length, ...]`.
 * @throws {TypeError} If the carry changes, if `xs` differ in their first sizes, if there is
 * neither `xs` nor `length`, or if the step does not return `[carry, y]`.
 * @throws {RangeError} If the length is not a whole number.
 *
 * @example Cumulative sums
 * ```ts
 * import { scan } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const add = (sum: tf.Tensor, x: tf.Tensor) => {
 *   const next = tf.add(sum, x);
 *   return [next, next] as const;
 * };
 * const [sum, sums] = scan(add, tf.scalar(0), tf.tensor1d([1, 2, 3]));
 * assertEquals(sum.dataSync()[0], 6);
 * assertEquals([...sums.dataSync()], [1, 3, 6]);
 * ```
 *
 * @example A rollout of three steps
 * ```ts
 * import { jit, scan } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const rollout = jit((x: tf.Tensor) => scan((x) => [tf.mul(x, 2), x], x, 3)[1]);
 * assertEquals([...rollout(tf.scalar(5)).dataSync()], [5, 10, 20]);
 * ```
 */
export function scan<C, Y>(
  f: (carry: C, x: null) => readonly [AnyRank<C>, Y],
  init: C,
  xs: number | null,
  options?: ScanOptions,
): [C, Y];
/** With `xs`: each step gets a row of them. */
export function scan<C, X, Y>(
  f: (carry: C, x: X) => readonly [AnyRank<C>, Y],
  init: C,
  xs: X,
  options?: ScanOptions,
): [C, Y];
export function scan(
  // deno-lint-ignore no-explicit-any
  f: (carry: any, x: any) => readonly [any, any],
  init: unknown,
  xs: unknown,
  options: ScanOptions = {},
): [unknown, unknown] {
  checkFunction(f, "scan", "a step");
  const carry = flatten("scan", "the carry", init);
  const rows = flatten("scan", "xs", typeof xs === "number" ? null : xs);
  const length = lengthOf(rows, typeof xs === "number" ? xs : null, options.length);
  let y: Flat | null = null;
  const step: ScanStep = (leaves, row) => {
    const given = treeUnflatten(carry.def, leaves);
    const [next, out] = splitPair(f(given, treeUnflatten(rows.def, row)));
    const after = flatten("scan", "the carry", next);
    const before = { ...carry, leaves };
    checkSame("scan", "the carry keeps its type from step to step", [
      "the carry before a step",
      before,
    ], ["after it", after]);
    const result = flatten("scan", "what a step gives", out);
    if (y) checkSame("scan", "all steps give the same", ["the first", y], ["another", result]);
    y ??= result;
    return [after.leaves, result.leaves];
  };
  const loop = { init: carry.leaves, xs: rows.leaves, length, reverse: options.reverse ?? false };
  const results = run(loop, step);
  const last = treeUnflatten(carry.def, results.slice(0, carry.leaves.length));
  return [last, treeUnflatten(y!.def, results.slice(carry.leaves.length))];
}

function run(loop: ScanLoop, step: ScanStep): Tensor[] {
  if (loop.length === 0) return runNever(loop, step);
  const compiler = currentCompiler();
  return compiler?.isTracing() ? recordScan(compiler, loop, step) : runPlainly(loop, step);
}

/** The loop as it is written. What a step leaves behind is disposed, so that memory stays flat. */
function runPlainly({ init, xs, length, reverse }: ScanLoop, step: ScanStep): Tensor[] {
  return tidy(() => {
    const rows = xs.map((x) => tf.unstack(x));
    let carry: readonly Tensor[] = init;
    const ys = new Array<readonly Tensor[]>(length);
    for (let i = 0; i < length; i++) {
      const at = reverse ? length - 1 - i : i;
      const [next, y] = tidy(() => {
        const [next, y] = step([...carry], rows.map((row) => row[at]!));
        // Own tensors, whatever the step passed through.
        return [next.map((x) => tf.clone(x)), y.map((x) => tf.clone(x))] as const;
      });
      if (i > 0) tf.dispose([...carry]);
      carry = next;
      ys[at] = y;
    }
    return [...carry, ...ys[0]!.map((_, k) => tf.stack(ys.map((y) => y[k]!)))];
  });
}

/** No step at all: one is made of zeros, only to learn what it would give. */
function runNever({ init, xs }: ScanLoop, step: ScanStep): Tensor[] {
  return tidy(() => {
    const [, y] = step([...init], xs.map((x) => tf.zeros(x.shape.slice(1), x.dtype)));
    const empty = y.map((x) => tf.zeros([0, ...x.shape], x.dtype));
    return [...init.map((x) => tf.clone(x)), ...empty];
  });
}

function splitPair(out: unknown): [unknown, unknown] {
  if (Array.isArray(out) && out.length === 2) return out as [unknown, unknown];
  if (out instanceof Promise) out.catch(() => {});
  const got = out instanceof Promise ? "a promise" : describe(out);
  throw new TypeError(
    `Cannot scan as a step returns [carry, y]: it returned ${got} (return [carry, null] where ` +
      `there is nothing to stack)`,
  );
}

/** The largest int32, in which steps are counted. */
const MAX_STEPS = 2 ** 31 - 1;

function lengthOf({ leaves, tree }: Flat, steps: number | null, option?: number): number {
  const given = steps ?? option;
  if (given !== undefined && !(Number.isInteger(given) && given >= 0 && given <= MAX_STEPS)) {
    throw new RangeError(
      `Cannot scan as the length is a number of steps: got ${given} (at most ${MAX_STEPS})`,
    );
  }
  const paths = leaves.length > 0 ? treePaths(tree).map((path) => path || "xs") : [];
  const scalar = leaves.findIndex((x) => x.rank === 0);
  if (scalar >= 0) {
    throw new TypeError(
      `Cannot scan as xs have a row for each step: ${paths[scalar]} is ` +
        `${describe(leaves[scalar])} (close over what is the same in all steps)`,
    );
  }
  const sizes: [string, number][] = leaves.map((x, i) => [
    `${paths[i]} ${formatShape(x.shape)}`,
    x.shape[0]!,
  ]);
  if (option !== undefined) sizes.push([`the option length, ${option}`, option]);
  if (steps !== null) sizes.push([`the third argument, ${steps}`, steps]);
  const [first] = sizes;
  if (!first) {
    throw new TypeError(
      "Cannot scan as the number of steps is not known: there are no tensors in xs " +
        "(give it as the third argument, or as {length})",
    );
  }
  const other = sizes.find(([, size]) => size !== first[1]);
  if (!other) return first[1];
  throw new TypeError(
    `Cannot scan as all xs have one first size, the number of steps: ${first[0]} and ${other[0]}`,
  );
}
