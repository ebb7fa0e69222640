/** Convolutions and sliding windows on the host. @module */
import { sizeOf, stridesOf } from "../../../base/mod.ts";
import { ARRAYS, type HostArray } from "../host_array.ts";
import { identityOf } from "../identity.ts";
import type { HloNode } from "../node.ts";
import type { WindowDims } from "../op.ts";
import { combineOf } from "./arithmetic.ts";
import { accumulator, forEachIndex, like, type Rules } from "./array.ts";

/** The rules of operations that slide a window. */
export const WINDOWS: Rules<"convolution" | "reduce_window" | "scatter_to_maximum"> = {
  convolution: convolve,
  reduce_window: (n, [x]) => {
    const { combine } = n.attrs;
    const out = accumulator(n.type, sizeOf(n.shape)).fill(identityOf(combine, n.type));
    const step = combineOf(combine, n.type);
    forEachIndex(n.shape, (place, o) => {
      forEachInWindow(n.inputs[0]!.shape, n.attrs, place, (i) => out[o] = step(out[o]!, x![i]!));
    });
    return ARRAYS[n.type].from(out);
  },
  scatter_to_maximum: (n, [x, source]) => {
    const out = accumulator(n.type, sizeOf(n.shape));
    forEachIndex(n.inputs[1]!.shape, (place, o) => {
      let first = -1;
      forEachInWindow(n.shape, n.attrs, place, (i) => {
        if (first < 0 || !(x![first]! >= x![i]!)) first = i;
      });
      if (first >= 0) out[first]! += source![o]!;
    });
    return ARRAYS[n.type].from(out);
  },
};

/** Calls `visit` with the position of each element under a window that stands at `place`. */
function forEachInWindow(
  shape: readonly number[],
  { size, stride, low }: WindowDims,
  place: readonly number[],
  visit: (position: number) => void,
): void {
  const strides = stridesOf(shape);
  forEachIndex(size, (offset) => {
    let position = 0;
    for (let d = 0; d < shape.length; d++) {
      const at = place[d]! * stride[d]! + offset[d]! - low[d]!;
      if (at < 0 || at >= shape[d]!) return;
      position += at * strides[d]!;
    }
    visit(position);
  });
}

function convolve(n: HloNode<"convolution">, [x, filter]: readonly HostArray[]): HostArray {
  const { stride, low, lhsDilation, rhsDilation, groups } = n.attrs;
  const [lhs, rhs] = n.inputs.map(({ shape }) => shape) as [readonly number[], readonly number[]];
  const [from, taps] = [stridesOf(lhs), stridesOf(rhs)];
  const [perGroup, filters] = [rhs.at(-2)!, rhs.at(-1)! / groups];
  const spatial = stride.length;
  const out = like(n);
  forEachIndex(n.shape, (place, o) => {
    const feature = place[spatial + 1]!;
    const first = Math.floor(feature / filters) * perGroup;
    let sum = 0;
    forEachIndex(rhs.slice(0, spatial), (tap) => {
      let [i, k] = [place[0]! * from[0]! + first, feature];
      for (let d = 0; d < spatial; d++) {
        const at = place[d + 1]! * stride[d]! + tap[d]! * rhsDilation[d]! - low[d]!;
        const row = at / lhsDilation[d]!;
        if (at < 0 || !Number.isInteger(row) || row >= lhs[d + 1]!) return;
        i += row * from[d + 1]!;
        k += tap[d]! * taps[d]!;
      }
      for (let c = 0; c < perGroup; c++) sum += x![i + c]! * filter![k + c * taps[spatial]!]!;
    });
    out[o] = sum;
  });
  return out;
}
