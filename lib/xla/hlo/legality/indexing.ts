/** Rules of legality: operations that find elements by index, or give indices. @module */
import { type HloNode, sameShape } from "../node.ts";
import { firstOf, fitsIn, keepsBoth, keepsType, rule, sameShapes, unless } from "./rule.ts";

/** Sizes of the dimensions of an index operand but that of its vectors. */
const batchOf = (indices: HloNode, vectorDim: number): number[] =>
  indices.shape.filter((_, d) => d !== vectorDim);

/** Puts windows among batch dimensions: dimension `at[k]` of the result is the window's `k`-th. */
function mixed(rank: number, at: readonly number[], window: number[], batch: number[]): number[] {
  const rest = [...batch];
  return Array.from(
    { length: rank },
    (_, d) => at.includes(d) ? window[at.indexOf(d)]! : rest.shift()!,
  );
}

/** Operations that find elements by index, or give indices. */
export const INDEXING = {
  gather: rule<"gather">(2, (n) => {
    const [x, indices] = n.inputs as [HloNode, HloNode];
    const { offsetDims, collapsedSliceDims, sliceSizes, indexVectorDim } = n.attrs;
    const window = sliceSizes.filter((_, d) => !collapsedSliceDims.includes(d));
    const shape = mixed(n.shape.length, offsetDims, window, batchOf(indices, indexVectorDim));
    return firstOf(
      unless(indices.type === "i32", "int32 indices"),
      fitsIn(sliceSizes, x.shape),
      unless(sameShape(shape, n.shape), "a box an index"),
      keepsType(n),
    );
  }),
  scatter: rule<"scatter">(3, (n) => {
    const [x, indices, updates] = n.inputs as [HloNode, HloNode, HloNode];
    const { updateWindowDims, insertedWindowDims, indexVectorDim } = n.attrs;
    const batch = batchOf(indices, indexVectorDim);
    const found = updates.shape.filter((_, d) => !updateWindowDims.includes(d));
    const window = x.shape.filter((_, d) => !insertedWindowDims.includes(d));
    return firstOf(
      unless(indices.type === "i32", "int32 indices"),
      unless(x.type === updates.type, "updates of one type"),
      unless(sameShape(found, batch), "an update an index"),
      fitsIn(updateWindowDims.map((d) => updates.shape[d]!), window),
      keepsBoth(n),
    );
  }),
  argsort: rule<"argsort">(1, (n) =>
    firstOf(
      unless(n.type === "i32", "an int32 result"),
      unless(n.shape.length > 0, "a dimension to sort"),
      unless(n.inputs[0]!.type !== "i1", "keys that are numbers"),
      sameShapes(n),
    )),
};
