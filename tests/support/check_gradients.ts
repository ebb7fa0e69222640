/** Checks derivatives of any order against finite differences. @module */
import * as tf from "@tensorflow/tfjs";
import { AssertionError } from "@std/assert";
import "../../lib/tfjs/mod.ts";
import {
  type Tensor,
  type Tree,
  treeFlatten,
  treeLeaves,
  treeUnflatten,
} from "../../lib/tree/mod.ts";

/** Options of {@linkcode checkGradients}. */
export interface CheckGradientsOptions {
  /** How many derivatives are checked: 1 for the gradient, 2 for its gradient too, and so on. */
  readonly order?: number;
  /** Step of the differences. */
  readonly eps?: number;
  /** Error allowed, relative to the size of the derivative. */
  readonly tolerance?: number;
  /** Seed of the random directions. */
  readonly seed?: number;
}

/** Small deterministic generator (mulberry32) of numbers in [-1, 1). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** Values of tensors, joined, in double precision. */
function read(tensors: readonly Tensor[]): number[] {
  return tensors.flatMap((tensor) => Array.from(tensor.dataSync()));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x, i) => sum + x * b[i]!, 0);
}

type Leafwise = (xs: Tensor[]) => Tensor[];

/**
 * Cotangent to cotangent: the gradients of `<f(xs), weights>`, zeros where `f` ignores an input.
 */
function pullBack(f: Leafwise, weights: readonly Tensor[]): Leafwise {
  return (xs) => {
    const loss = (): Tensor => tf.addN(f(xs).map((y, i) => tf.sum(tf.mul(y, weights[i]!))));
    const { grads } = tf.engine().gradients(loss, xs, undefined, true);
    return xs.map((x, i) => grads[i] ?? tf.zerosLike(x));
  };
}

function checkOrder(
  f: Leafwise,
  xs: Tensor[],
  order: number,
  options: CheckGradientsOptions,
): void {
  const { eps = 1e-2, tolerance = 2e-3, seed = 0 } = options;
  const next = uniform(seed + order * 7919);
  const random = (shape: number[]): Tensor =>
    tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, next), shape);
  const weights = f(xs).map((y) => random(y.shape));
  const direction = xs.map((x) => random(x.shape));
  const [w, v] = [read(weights), read(direction)];

  const alongDirection = (step: number): number =>
    dot(read(f(xs.map((x, i) => tf.add(x, tf.mul(direction[i]!, step))))), w);
  const central = (h: number): number => (alongDirection(h) - alongDirection(-h)) / (2 * h);
  // Richardson's extrapolation takes the error from h^2 to h^4, so h can be large for float32.
  const numeric = (4 * central(eps / 2) - central(eps)) / 3;

  const gradient = pullBack(f, weights);
  const g = read(gradient(xs));
  const analytic = dot(g, v);
  const size = Math.max(Math.abs(numeric), g.reduce((sum, x, i) => sum + Math.abs(x * v[i]!), 0));
  const values = read(f(xs)).reduce((sum, y, i) => sum + Math.abs(y * w[i]!), 0);
  const rounding = 1e-6 * (values + 1e-3) / eps;
  if (!(Math.abs(analytic - numeric) <= tolerance * size + rounding)) {
    throw new AssertionError({
      message: `Derivative ${order} along a random direction is ${analytic}, ` +
        `finite differences give ${numeric} (tolerance ${tolerance}, eps ${eps}, seed ${seed})`,
    });
  }
  if (order < (options.order ?? 1)) checkOrder(gradient, xs, order + 1, options);
}

/**
 * Fails unless the derivatives of `f` agree with central differences along random directions, for
 * each order up to `order`: the gradient of `f`, the gradient of that gradient, and so on.
 *
 * @param f A function of the args to a tensor or a tree of tensors, float32.
 * @param args Trees of float32 tensors; what has no derivative belongs into the closure. Keep them
 * away from kinks by more than `eps`.
 */
// deno-lint-ignore no-explicit-any
export function checkGradients<A extends any[]>(
  f: (...args: A) => unknown,
  args: A,
  options: CheckGradientsOptions = {},
): void {
  tf.tidy(() => {
    const [leaves, treedef] = treeFlatten(args as Tree);
    const leafwise: Leafwise = (xs) =>
      treeLeaves(f(...treeUnflatten(treedef, xs) as unknown as A) as Tree);
    checkOrder(leafwise, leaves, 1, options);
  });
}
