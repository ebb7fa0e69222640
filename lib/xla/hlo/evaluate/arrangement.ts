/** Reordering, slicing, padding and joining on the host. @module */
import { stridesOf } from "../../../base/mod.ts";
import type { HostArray } from "../host_array.ts";
import type { HloNode } from "../node.ts";
import { forEachIndex, inside, like, type Rules } from "./array.ts";
import { walkPair } from "./strided.ts";

/** The rules of operations that move elements. */
export const ARRANGEMENT: Rules<
  | "reshape"
  | "optimization_barrier"
  | "transpose"
  | "broadcast_in_dim"
  | "slice"
  | "reverse"
  | "pad"
  | "concatenate"
> = {
  reshape: (_, [x]) => x!,
  optimization_barrier: (_, [x]) => x!,
  transpose: (n, [x]) => {
    const strides = stridesOf(n.inputs[0]!.shape);
    return pick(n, x!, 0, n.attrs.permutation.map((d) => strides[d]!));
  },
  broadcast_in_dim: (n, [x]) => {
    const { shape } = n.inputs[0]!;
    const from = stridesOf(shape);
    const strides = n.shape.map(() => 0);
    n.attrs.dims.forEach((to, d) => strides[to] = shape[d] === 1 ? 0 : from[d]!);
    return pick(n, x!, 0, strides);
  },
  slice: (n, [x]) => {
    const from = stridesOf(n.inputs[0]!.shape);
    const offset = n.attrs.start.reduce((sum, start, d) => sum + start * from[d]!, 0);
    return pick(n, x!, offset, from.map((stride, d) => stride * n.attrs.stride[d]!));
  },
  reverse: (n, [x]) => {
    const strides = stridesOf(n.shape);
    let offset = 0;
    for (const d of n.attrs.dims) {
      offset += (n.shape[d]! - 1) * strides[d]!;
      strides[d] = -strides[d]!;
    }
    return pick(n, x!, offset, strides);
  },
  pad: (n, [x, value]) => {
    const { low, interior } = n.attrs;
    const { shape } = n.inputs[0]!;
    const out = like(n).fill(value![0]!);
    scatterBoxes(
      shape,
      (index) => {
        const at = index.map((i, d) => low[d]! + i * (interior[d]! + 1));
        return inside(at, n.shape) ? at : null;
      },
      n.shape,
      (to, from) => out[to] = x![from]!,
    );
    return out;
  },
  concatenate: (n, parts) => {
    const out = like(n);
    const to = stridesOf(n.shape);
    let offset = 0;
    n.inputs.forEach(({ shape }, p) => {
      const walk = { offset, strides: to };
      walkPair(shape, walk, { offset: 0, strides: stridesOf(shape) }, (o, i) => {
        out[o] = parts[p]![i]!;
      });
      offset += shape[n.attrs.dimension]! * to[n.attrs.dimension]!;
    });
    return out;
  },
};

function pick(node: HloNode, x: HostArray, offset: number, strides: readonly number[]): HostArray {
  const out = like(node);
  const to = { offset: 0, strides: stridesOf(node.shape) };
  walkPair(node.shape, to, { offset, strides }, (o, i) => out[o] = x[i]!);
  return out;
}

function scatterBoxes(
  shape: readonly number[],
  place: (index: readonly number[]) => readonly number[] | null,
  into: readonly number[],
  visit: (to: number, from: number) => void,
): void {
  const strides = stridesOf(into);
  forEachIndex(shape, (index, from) => {
    const at = place(index);
    if (at) visit(at.reduce((sum, i, d) => sum + i * strides[d]!, 0), from);
  });
}
