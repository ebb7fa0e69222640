/**
 * Derivatives of functions over trees of tensors, of any order.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { gradients } from "../tfjs/mod.ts";
import {
  checkFunction,
  describe,
  isTensor,
  type Tensor,
  type Tree,
  type TreeDef,
  treeFlatten,
  treePaths,
  treeUnflatten,
} from "../tree/mod.ts";
import { checkAlive } from "./check_carry.ts";

/** Which arguments to differentiate by: a position, or a list of them; `-1` is the last one. */
export type Argnums = number | readonly number[];

/** The type of the gradients of a function with arguments `A`: that of the arguments named. */
export type GradientsOf<A extends readonly unknown[], N extends Argnums> = N extends
  readonly number[] ? { -readonly [K in keyof N]: ArgumentAt<A, N[K]> } : ArgumentAt<A, N>;

/** The type of the argument at a position. */
export type ArgumentAt<A extends readonly unknown[], N> = N extends number
  ? `${N}` extends keyof A ? A[N] : A[number]
  : never;

/** Options of {@linkcode grad} and {@linkcode valueAndGrad}. */
export interface GradOptions<N extends Argnums = Argnums, H extends boolean = boolean> {
  /** Which arguments to differentiate by; 0 by default. A list gives a list of gradients. */
  readonly argnums?: N;
  /** Whether the function returns `[loss, aux]`, where `aux` is passed through. */
  readonly hasAux?: H;
}

/**
 * Makes the function that computes the gradients of a scalar function.
 *
 * Works as `jax.grad`: the gradients have the structure of the arguments they belong to, and are
 * zeros for leaves that the loss does not depend on. It nests in any order with itself, so
 * `grad(grad(f))` is a second derivative.
 *
 * @param f A function whose result is a scalar float32 tensor (or `[scalar, aux]` with `hasAux`).
 * @param options Which arguments to differentiate by, and whether there is an auxiliary result.
 * @returns A function of the same arguments to the gradients, or to `[gradients, aux]`.
 * @throws {TypeError} When called, if an argument to differentiate by has a leaf that is not
 * float32, or if the loss is not a scalar of float32.
 * @throws {RangeError} When called, if there is no argument at one of the positions `argnums`, or
 * one of them comes twice.
 *
 * @example A gradient, and a second derivative
 * ```ts
 * import { grad } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const cube = (x: tf.Tensor) => tf.mul(x, tf.square(x));
 * assertEquals(grad(cube)(tf.scalar(2)).dataSync()[0], 12);
 * assertEquals(grad(grad(cube))(tf.scalar(2)).dataSync()[0], 12);
 * ```
 */
export function grad<A extends unknown[], const N extends Argnums = 0>(
  f: (...args: A) => Tensor,
  options?: GradOptions<N, false>,
): (...args: A) => GradientsOf<A, N>;
/** With `hasAux`: the function returns `[loss, aux]`, its gradient `[gradients, aux]`. */
export function grad<A extends unknown[], X, const N extends Argnums = 0>(
  f: (...args: A) => readonly [Tensor, X],
  options: GradOptions<N, true> & { readonly hasAux: true },
): (...args: A) => [GradientsOf<A, N>, X];
export function grad(f: AnyFunction, options: GradOptions = {}): AnyFunction {
  checkFunction(f, "apply grad()", "its argument");
  return (...args) => {
    const { value, grads, aux } = differentiate("grad()", f, args, options);
    value.dispose();
    return options.hasAux ? [grads, aux] : grads;
  };
}

/**
 * Makes the function that computes both the value and the gradients of a scalar function.
 *
 * Works as `jax.value_and_grad`; see {@linkcode grad} for what is differentiated.
 *
 * @param f A function whose result is a scalar float32 tensor (or `[scalar, aux]` with `hasAux`).
 * @param options Which arguments to differentiate by, and whether there is an auxiliary result.
 * @returns A function of the same arguments to `[value, gradients]`, or to
 * `[[value, aux], gradients]`.
 * @throws {TypeError} When called, if an argument to differentiate by has a leaf that is not
 * float32, or if the loss is not a scalar of float32.
 * @throws {RangeError} When called, if there is no argument at one of the positions `argnums`, or
 * one of them comes twice.
 *
 * @example
 * ```ts
 * import { valueAndGrad } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const loss = (params: { w: tf.Tensor; b: tf.Tensor }, x: tf.Tensor) =>
 *   tf.sum(tf.square(tf.add(tf.mul(params.w, x), params.b)));
 * const params = { w: tf.scalar(3), b: tf.scalar(-1) };
 * const [value, grads] = valueAndGrad(loss)(params, tf.scalar(2));
 * assertEquals(value.dataSync()[0], 25);
 * assertEquals([grads.w.dataSync()[0], grads.b.dataSync()[0]], [20, 10]);
 * ```
 */
export function valueAndGrad<A extends unknown[], const N extends Argnums = 0>(
  f: (...args: A) => Tensor,
  options?: GradOptions<N, false>,
): (...args: A) => [Tensor, GradientsOf<A, N>];
/** With `hasAux`: the function returns `[loss, aux]`, and so does the value. */
export function valueAndGrad<A extends unknown[], X, const N extends Argnums = 0>(
  f: (...args: A) => readonly [Tensor, X],
  options: GradOptions<N, true> & { readonly hasAux: true },
): (...args: A) => [[Tensor, X], GradientsOf<A, N>];
export function valueAndGrad(f: AnyFunction, options: GradOptions = {}): AnyFunction {
  checkFunction(f, "apply valueAndGrad()", "its argument");
  return (...args) => {
    const { value, grads, aux } = differentiate("valueAndGrad()", f, args, options);
    return [options.hasAux ? [value, aux] : value, grads];
  };
}

// deno-lint-ignore no-explicit-any
type AnyFunction = (...args: any[]) => any;

interface Differentiated {
  readonly value: Tensor;
  readonly grads: unknown;
  readonly aux: unknown;
}

function differentiate(
  caller: string,
  f: AnyFunction,
  args: readonly unknown[],
  { argnums = 0, hasAux = false }: GradOptions,
): Differentiated {
  const positions = resolveArgnums(caller, argnums, args.length);
  const flat = positions.map((position) => flattenArgument(caller, position, args[position]));
  let aux: [leaves: unknown[], treedef: TreeDef] = [[], { kind: "null" }];
  const [value, ...tensors] = tf.tidy(() => {
    // New tensors, so that an inner derivative by `x` and an outer one by the same `x` do not mix.
    const xs = flat.map(([leaves]) => leaves.map((x) => tf.clone(x)));
    const inner = [...args];
    positions.forEach((position, i) => inner[position] = treeUnflatten(flat[i]![1], xs[i]!));
    const forward = (): Tensor => {
      const out = f(...inner);
      const [loss, auxTree] = hasAux ? splitAux(caller, out) : [out, null];
      checkLoss(caller, loss, hasAux);
      aux = treeFlatten<unknown>(auxTree as Tree, isAuxLeaf);
      // tfjs frees what the forward pass makes; these are kept until they are copied below.
      aux[0] = kept = aux[0].map((x) => isTensor(x) ? tf.keep(tf.clone(x)) : x);
      return tf.clone(loss);
    };
    let kept: unknown[] = [];
    try {
      const { value, grads } = gradients(forward, xs.flat());
      aux[0] = kept.map((x) => isTensor(x) ? tf.clone(x) : x);
      return [value, ...grads, ...aux[0].filter(isTensor)];
    } finally {
      tf.dispose(kept.filter(isTensor));
    }
  }) as [Tensor, ...Tensor[]];
  let next = 0;
  const grads = flat.map(([leaves, treedef]) =>
    treeUnflatten(treedef, tensors.slice(next, next += leaves.length))
  );
  return {
    value,
    grads: Array.isArray(argnums) ? grads : grads[0],
    aux: treeUnflatten(aux[1], aux[0]),
  };
}

/** Numbers, strings and functions in an auxiliary result pass through. */
const isAuxLeaf = (value: unknown): boolean => isTensor(value) || typeof value !== "object";

function resolveArgnums(caller: string, argnums: Argnums, count: number): number[] {
  const positions = (
    Array.isArray(argnums) ? argnums as readonly number[] : [argnums as number]
  ).map((argnum) => {
    const position = argnum < 0 ? argnum + count : argnum;
    if (Number.isInteger(position) && position >= 0 && position < count) return position;
    throw new RangeError(
      `Cannot apply ${caller} as argnums must name arguments of the call: got ${argnum} ` +
        `for ${count} arguments`,
    );
  });
  if (new Set(positions).size < positions.length) {
    throw new RangeError(
      `Cannot apply ${caller} as argnums must name each argument once: got ` +
        `[${(argnums as number[]).join(", ")}] for ${count} arguments`,
    );
  }
  return positions;
}

function flattenArgument(caller: string, position: number, arg: unknown): [Tensor[], TreeDef] {
  const [leaves, treedef] = treeFlatten(arg as Tree);
  checkAlive(`apply ${caller}`, `argument ${position}`, leaves, arg);
  leaves.forEach((leaf, i) => {
    if (leaf.dtype === "float32") return;
    const path = treePaths(arg)[i]!;
    throw new TypeError(
      `Cannot apply ${caller} as it differentiates by float32 tensors only: ` +
        `argument ${position}${path && ` at ${path}`} is ${describe(leaf)} ` +
        `(close over it, pass it as another argument, or cast it to float32)`,
    );
  });
  return [leaves, treedef];
}

function splitAux(caller: string, out: unknown): [unknown, unknown] {
  if (Array.isArray(out) && out.length === 2) return out as [unknown, unknown];
  throw new TypeError(
    `Cannot apply ${caller} as with hasAux the function must return [loss, aux]: ` +
      `it returned ${describe(out)}`,
  );
}

function checkLoss(caller: string, loss: unknown, hasAux: boolean): asserts loss is Tensor {
  if (isTensor(loss) && loss.rank === 0 && loss.dtype === "float32") return;
  const remedy = isTensor(loss)
    ? loss.rank > 0 ? "reduce it with tf.mean or tf.sum" : "cast it to float32"
    : Array.isArray(loss) && !hasAux
    ? "set hasAux for a function that returns [loss, aux]"
    : "return a tensor";
  const got = loss instanceof Promise ? "a promise" : describe(loss);
  throw new TypeError(
    `Cannot apply ${caller} as the loss must be a scalar: expected float32 [], got ${got} ` +
      `(${remedy})`,
  );
}
