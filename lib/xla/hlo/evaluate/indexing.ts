/** Gathers, scatters and sorts on the host. @module */
import { stridesOf } from "../../../base/mod.ts";
import { ARRAYS, type HostArray } from "../host_array.ts";
import type { HloNode } from "../node.ts";
import { combineOf } from "./arithmetic.ts";
import { accumulator, forEachIndex, inside, like, type Rules } from "./array.ts";

/** The rules of operations that read and write by index. */
export const INDEXING: Rules<"gather" | "scatter" | "argsort"> = {
  gather: (n, [x, indices]) => {
    const { offsetDims, collapsedSliceDims, startIndexMap, sliceSizes } = n.attrs;
    const { shape } = n.inputs[0]!;
    const window = shape.map((_, d) => d).filter((d) => !collapsedSliceDims.includes(d));
    const from = stridesOf(shape);
    const out = like(n);
    const starts = indexReader(n.inputs[1]!, indices!, n.attrs.indexVectorDim);
    forEachIndex(n.shape, (index, o) => {
      const start = starts(index.filter((_, d) => !offsetDims.includes(d)));
      let at = 0;
      startIndexMap.forEach((d, k) => {
        at += Math.min(Math.max(start[k]!, 0), shape[d]! - sliceSizes[d]!) * from[d]!;
      });
      offsetDims.forEach((d, k) => at += index[d]! * from[window[k]!]!);
      out[o] = x![at]!;
    });
    return out;
  },
  scatter: (n, [x, indices, updates]) => {
    const { updateWindowDims, insertedWindowDims, scatterDimsToOperandDims, combine } = n.attrs;
    const window = n.shape.map((_, d) => d).filter((d) => !insertedWindowDims.includes(d));
    const out = accumulator(n.type, x!.length);
    out.set(x!);
    const to = stridesOf(n.shape);
    const step = combineOf(combine, n.type);
    const starts = indexReader(n.inputs[1]!, indices!, n.attrs.indexVectorDim);
    forEachIndex(n.inputs[2]!.shape, (index, u) => {
      const start = starts(index.filter((_, d) => !updateWindowDims.includes(d)));
      const position = n.shape.map(() => 0);
      scatterDimsToOperandDims.forEach((d, k) => position[d] = start[k]!);
      updateWindowDims.forEach((d, k) => position[window[k]!]! += index[d]!);
      if (!inside(position, n.shape)) return;
      const at = position.reduce((sum, i, d) => sum + i * to[d]!, 0);
      out[at] = step(out[at]!, updates![u]!);
    });
    return ARRAYS[n.type].from(out);
  },
  argsort: (n, [keys]) => {
    const size = n.shape[n.shape.length - 1]!;
    const out = new Int32Array(keys!.length);
    const sign = n.attrs.descending ? -1 : 1;
    for (let row = 0; row < out.length; row += size) {
      const order = Array.from({ length: size }, (_, i) => i);
      order.sort((a, b) => sign * compareKeys(keys![row + a]!, keys![row + b]!));
      out.set(order, row);
    }
    return out;
  },
};

/** The order of sorted keys: NaN after all numbers. */
function compareKeys(a: number, b: number): number {
  if (a === b) return 0;
  return Number.isNaN(a) || Number.isNaN(b)
    ? Number(Number.isNaN(a)) - Number(Number.isNaN(b))
    : a - b;
}

/** Reads index vectors of a gather or scatter by their batch coordinates. */
function indexReader(
  { shape }: HloNode,
  values: HostArray,
  vectorDim: number,
): (batch: readonly number[]) => number[] {
  const strides = stridesOf(shape);
  const implicit = vectorDim === shape.length;
  const length = implicit ? 1 : shape[vectorDim]!;
  return (batch) => {
    let at = 0;
    batch.forEach((i, k) => at += i * strides[!implicit && k >= vectorDim ? k + 1 : k]!);
    return Array.from({ length }, (_, k) => values[at + (implicit ? 0 : k * strides[vectorDim]!)]!);
  };
}
