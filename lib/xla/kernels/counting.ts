/** Counting values, and finding places in sorted ones. @module */
import { hlo, type HloNode, sizeOf } from "../hlo/mod.ts";
import type { Kernel, KernelTable } from "./kernel.ts";

interface BincountAttrs {
  readonly size: number;
  readonly binaryOutput?: boolean;
}

/** Adds up weights (or counts) by value; values of `size` and above are dropped. */
const bincount: Kernel<BincountAttrs> = ({ x, weights }, attrs) => {
  const flat = [sizeOf(x!.shape)];
  return denseBincount({ x: hlo.reshape(x!, flat), weights: weights! }, attrs);
};

/** The same; two dimensions are rows with bins of their own. */
const denseBincount: Kernel<BincountAttrs> = ({ x, weights }, { size, binaryOutput }) => {
  const type = weights!.type;
  const amounts = sizeOf(weights!.shape) > 0 && !binaryOutput
    ? hlo.reshape(weights!, x!.shape)
    : hlo.constant(1, x!.shape, type);
  if (sizeOf(x!.shape) === 0) return hlo.constant(0, [...x!.shape.slice(0, -1), size], type);
  const combine = binaryOutput ? "maximum" : "add";
  if (x!.shape.length === 1) return sumByValue(amounts, x!, size, combine);
  // A row's values have bins of their own, one row's after another's.
  const [rows] = x!.shape as [number];
  const row = hlo.iota(x!.shape, 0, "i32");
  const own = hlo.add(hlo.mul(row, hlo.like(row, size)), x!);
  const ids = hlo.select(hlo.compare("LT", x!, hlo.like(x!, size)), own, hlo.like(x!, -1));
  const flat = [sizeOf(x!.shape)];
  const counts = sumByValue(
    hlo.reshape(amounts, flat),
    hlo.reshape(ids, flat),
    rows * size,
    combine,
  );
  return hlo.reshape(counts, [rows, size]);
};

/** Sums (or marks) of the amounts by their values; a bin that nothing falls into is 0. */
function sumByValue(
  amounts: HloNode,
  ids: HloNode,
  size: number,
  combine: "add" | "maximum",
): HloNode {
  const sums = hlo.scatterRows(amounts, ids, size, combine);
  return combine === "add" ? sums : hlo.binary("maximum", sums, hlo.like(sums, 0));
}

/** How many of a row's sorted numbers come before each value. */
const searchSorted: Kernel<{ side: "left" | "right" }> = ({ sortedSequence, values }, { side }) => {
  const [rows, length] = sortedSequence!.shape as [number, number];
  const count = values!.shape[1]!;
  const shape = [rows, count, length];
  const before = hlo.compare(
    side === "left" ? "LT" : "LE",
    hlo.broadcastInDim(sortedSequence!, shape, [0, 2]),
    hlo.broadcastInDim(values!, shape, [0, 1]),
  );
  return hlo.reduce(hlo.convert(before, "i32"), "add", [2]);
};

/** Kernels that count and search. */
export const COUNTING: KernelTable = {
  Bincount: bincount,
  DenseBincount: denseBincount,
  SearchSorted: searchSorted,
};
