/** Sums, products of matrices, convolutions and windows on the host. @module */
import { sizeOf, stridesOf } from "../../../base/mod.ts";
import { ARRAYS, type HostArray } from "../host_array.ts";
import { identityOf } from "../identity.ts";
import type { HloNode } from "../node.ts";
import { combineOf } from "./arithmetic.ts";
import { accumulator, like, type Rules } from "./array.ts";
import { walkPair } from "./strided.ts";

/** The rules of operations that combine many elements into one. */
export const CONTRACTION: Rules<"dot_general" | "reduce"> = {
  dot_general: evaluateDot,
  reduce: (n, [x]) => {
    const { combine, dims } = n.attrs;
    const { shape } = n.inputs[0]!;
    const kept = stridesOf(n.shape);
    let next = 0;
    const strides = shape.map((_, d) => dims.includes(d) ? 0 : kept[next++]!);
    const sums = accumulator(n.type, sizeOf(n.shape)).fill(identityOf(combine, n.type));
    const step = combineOf(combine, n.type);
    const walk = { offset: 0, strides: stridesOf(shape) };
    walkPair(shape, { offset: 0, strides }, walk, (o, i) => sums[o] = step(sums[o]!, x![i]!));
    return ARRAYS[n.type].from(sums);
  },
};

function evaluateDot(
  n: HloNode<"dot_general">,
  [a, b]: readonly HostArray[],
): HostArray {
  const [x, y] = n.inputs as [HloNode, HloNode];
  const { batch, lhsContract, rhsContract } = n.attrs;
  const out = like(n);
  const [xs, ys] = [stridesOf(x.shape), stridesOf(y.shape)];
  const free = (shape: readonly number[], contract: number): number[] =>
    shape.map((_, d) => d).filter((d) => d >= batch && d !== contract);
  const [xFree, yFree] = [free(x.shape, lhsContract), free(y.shape, rhsContract)];
  const batches = xs.slice(0, batch);
  const aStrides = [...batches, ...xFree.map((d) => xs[d]!), ...yFree.map(() => 0)];
  const bStrides = [...ys.slice(0, batch), ...xFree.map(() => 0), ...yFree.map((d) => ys[d]!)];
  const [aStep, bStep] = [xs[lhsContract]!, ys[rhsContract]!];
  const length = x.shape[lhsContract]!;
  let o = 0;
  walkPair(n.shape, { offset: 0, strides: aStrides }, { offset: 0, strides: bStrides }, (i, j) => {
    let sum = 0;
    for (let k = 0; k < length; k++) sum += a![i + k * aStep]! * b![j + k * bStep]!;
    out[o++] = sum;
  });
  return out;
}
