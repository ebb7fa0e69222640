/** Reductions, cumulative sums and arg-extrema. @module */
import { type Combine, hlo, type HloNode, identityOf } from "../hlo/mod.ts";
import { type Kernel, type KernelTable, toDimension, toDimensions } from "./kernel.ts";

interface ReductionAttrs {
  readonly axis?: number | number[];
  readonly keepDims?: boolean;
}

function reduced(x: HloNode, combine: Combine, { axis, keepDims }: ReductionAttrs): HloNode {
  const dims = toDimensions(axis, x.shape.length);
  const result = hlo.countAlong(x, dims) === 0
    ? ofNothing(x, combine, dims)
    : hlo.reduce(x, combine, dims);
  return keepDims
    ? hlo.reshape(result, x.shape.map((size, i) => dims.includes(i) ? 1 : size))
    : result;
}

/** tfjs's results of no elements: a sum of 0, a product of 1, no maximum; never true. */
function ofNothing(x: HloNode, combine: Combine, dims: readonly number[]): HloNode {
  const value = combine === "multiply" ? 1 : combine === "add" || x.type !== "f32" ? 0 : NaN;
  return hlo.constant(value, x.shape.filter((_, i) => !dims.includes(i)), x.type);
}

/** Sums and products of bool count in int32. */
const counting = (combine: Combine): Kernel<ReductionAttrs> => ({ x }, attrs) =>
  reduced(x!.type === "i1" ? hlo.convert(x!, "i32") : x!, combine, attrs);

const logical = (combine: Combine): Kernel<ReductionAttrs> => ({ x }, attrs) =>
  reduced(hlo.convert(x!, "i1"), combine, attrs);

const mean: Kernel<ReductionAttrs> = ({ x }, attrs) => {
  const values = hlo.convert(x!, "f32");
  const count = hlo.countAlong(values, toDimensions(attrs.axis, values.shape.length));
  return hlo.div(reduced(values, "add", attrs), hlo.like(values, Math.max(count, 1)));
};

/** The first position of the extremum along a dimension; as in tfjs, a NaN counts only if first. */
const argExtremum =
  (combine: "maximum" | "minimum"): Kernel<ReductionAttrs> => ({ x }, { axis }) => {
    const dim = toDimension(axis as number ?? 0, x!.shape.length);
    if (x!.shape[dim] === 0) return hlo.constant(0, x!.shape.toSpliced(dim, 1), "i32");
    const kept = x!.shape.map((size, i) => i === dim ? 1 : size);
    const worst = hlo.like(x!, identityOf(combine, x!.type));
    const values = x!.type === "f32" ? hlo.select(hlo.compare("NE", x!, x!), worst, x!) : x!;
    const best = hlo.broadcastTo(hlo.reshape(hlo.reduce(values, combine, [dim]), kept), x!.shape);
    const position = hlo.iota(x!.shape, dim, "i32");
    const hit = hlo.compare("EQ", values, best);
    const none = hlo.like(position, 2 ** 31 - 1);
    const found = hlo.reduce(hlo.select(hit, position, none), "minimum", [dim]);
    if (x!.type !== "f32") return found;
    const first = hlo.reshape(hlo.sliceDim(x!, dim, 0, 1), found.shape);
    return hlo.select(hlo.compare("NE", first, first), hlo.like(found, 0), found);
  };

interface CumulativeAttrs {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/**
 * A running sum or product by doubling: after step `k` each element holds the last `2^k` ones, so
 * `log2(n)` shifted additions do.
 */
const cumulative = (combine: "add" | "multiply"): Kernel<CumulativeAttrs> =>
(
  inputs,
  { axis, exclusive, reverse },
) => {
  const x = inputs.x!.type === "i1" ? hlo.convert(inputs.x!, "i32") : inputs.x!;
  const dim = toDimension(axis, x.shape.length);
  const size = x.shape[dim]!;
  const identity = hlo.like(x, combine === "add" ? 0 : 1);
  const shift = (value: HloNode, by: number): HloNode => {
    const low = value.shape.map((_, i) => i === dim ? by : 0);
    const none = value.shape.map(() => 0);
    return reverse
      ? hlo.pad(hlo.sliceDim(value, dim, by, size - by), identity, none, low)
      : hlo.pad(hlo.sliceDim(value, dim, 0, size - by), identity, low, none);
  };
  let result = exclusive && size > 0 ? shift(x, 1) : x;
  for (let by = 1; by < size; by *= 2) result = hlo.binary(combine, result, shift(result, by));
  return result;
};

/** Kernels of reductions. */
export const REDUCTION: KernelTable = {
  Sum: counting("add"),
  Prod: counting("multiply"),
  // Max alone calls its axes "reductionIndices".
  Max: ({ x }, { reductionIndices: axis, keepDims }) => reduced(x!, "maximum", { axis, keepDims }),
  Min: ({ x }, attrs) => reduced(x!, "minimum", attrs),
  Mean: mean,
  All: logical("and"),
  Any: logical("or"),
  ArgMax: argExtremum("maximum"),
  ArgMin: argExtremum("minimum"),
  Cumsum: cumulative("add"),
  Cumprod: cumulative("multiply"),
};
