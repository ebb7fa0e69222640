/** Gathers, scatters and segment reductions. @module */
import { formatShape } from "../../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { type Combine, hlo, type HloNode, isOp, sizeOf } from "../hlo/mod.ts";
import { type Kernel, type KernelTable, toDimension } from "./kernel.ts";

interface GatherAttrs {
  readonly axis: number;
  readonly batchDims: number;
}

/**
 * Takes along an axis; out-of-range indices throw where they are known, and are clamped elsewhere.
 */
const gatherV2: Kernel<GatherAttrs> = ({ x, indices }, { axis, batchDims: given = 0 }) => {
  const dim = toDimension(axis, x!.shape.length);
  tf.backend_util.segment_util.collectGatherOpShapeInfo(
    { shape: [...x!.shape] } as tf.Tensor,
    { shape: [...indices!.shape] } as tf.Tensor,
    dim,
    given,
  );
  checkBounds(indices!, x!.shape[dim]!);
  const batchDims = given < 0 ? given + indices!.shape.length : given;
  if (batchDims > 0) return batchedGather(x!, indices!, dim, batchDims);
  const before = x!.shape.slice(0, dim);
  const after = x!.shape.slice(dim + 1);
  const rank = indices!.shape.length;
  const shape = [...before, ...indices!.shape, ...after];
  const offsetDims = [...before.map((_, i) => i), ...after.map((_, i) => dim + rank + i)];
  return hlo.gather(x!, hlo.reshape(indices!, [...indices!.shape, 1]), {
    offsetDims,
    collapsedSliceDims: [dim],
    startIndexMap: [dim],
    indexVectorDim: rank,
    sliceSizes: [...before, 1, ...after],
  }, shape);
};

/** Throws if an index that is known now, on the host, lies outside `[0, size)`. */
function checkBounds(indices: HloNode, size: number): void {
  const known = isOp(indices, "constant") && sizeOf(indices.shape) > 0
    ? [indices.attrs.value]
    : indices.data?.host ?? [];
  for (const index of known) {
    if (index >= 0 && index < size) continue;
    throw new RangeError(
      `Cannot gather rows as their indices must be among those there are: ` +
        `GatherV2: the index value ${index} is not in [0, ${size - 1}]`,
    );
  }
}

/** Flattens the batch into the rows: index `i` of batch `b` is row `b * size + i`. */
function batchedGather(x: HloNode, indices: HloNode, dim: number, batchDims: number): HloNode {
  const batch = x.shape.slice(0, batchDims);
  const between = x.shape.slice(batchDims, dim);
  const [size, after] = [x.shape[dim]!, x.shape.slice(dim + 1)];
  // Move the axis next to the batch, so that rows are [batch * size, between..., after...].
  const order = [
    ...batch.map((_, i) => i),
    dim,
    ...between.map((_, i) => batchDims + i),
    ...after.map((_, i) => dim + 1 + i),
  ];
  const count = sizeOf(batch);
  const rows = hlo.reshape(hlo.transpose(x, order), [count * size, ...between, ...after]);
  const taken = indices.shape.slice(batchDims);
  const flat = hlo.reshape(indices, [count, sizeOf(taken)]);
  const offset = hlo.mul(hlo.iota(flat.shape, 0, "i32"), hlo.constant(size, [], "i32"));
  const ids = hlo.reshape(hlo.add(flat, offset), [sizeOf(flat.shape)]);
  const result = hlo.reshape(hlo.gatherRows(rows, ids), [...batch, ...taken, ...between, ...after]);
  const [b, t] = [batch.length, taken.length];
  return hlo.transpose(result, [
    ...batch.map((_, i) => i),
    ...between.map((_, i) => b + t + i),
    ...taken.map((_, i) => b + i),
    ...after.map((_, i) => b + t + between.length + i),
  ]);
}

/** Takes slices by the coordinates in the last dimension of `indices`. */
const gatherNd: Kernel = ({ params, indices }) => {
  const depth = indices!.shape.at(-1) ?? Infinity;
  if (depth > params!.shape.length) {
    throw new TypeError(
      `Cannot gather slices as the last dimension of the indices must count dimensions of x: ` +
        `indices ${formatShape(indices!.shape)}, x ${formatShape(params!.shape)}`,
    );
  }
  const outer = indices!.shape.slice(0, -1);
  const inner = params!.shape.slice(depth);
  return hlo.gather(params!, indices!, {
    offsetDims: inner.map((_, i) => outer.length + i),
    collapsedSliceDims: Array.from({ length: depth }, (_, i) => i),
    startIndexMap: Array.from({ length: depth }, (_, i) => i),
    indexVectorDim: outer.length,
    sliceSizes: [...Array.from({ length: depth }, () => 1), ...inner],
  }, [...outer, ...inner]);
};

/** Combines slices into `x`; indices of rank 0 and 1 are places along the first dimension. */
function scatterInto(x: HloNode, places: HloNode, updates: HloNode, combine: Combine): HloNode {
  const flat = places.shape.length < 2;
  const indices = flat ? hlo.reshape(places, [sizeOf(places.shape), 1]) : places;
  const depth = indices.shape[indices.shape.length - 1]!;
  const outer = indices.shape.length - 1;
  const inner = x.shape.slice(depth);
  const rows = hlo.broadcastTo(updates, [...indices.shape.slice(0, -1), ...inner]);
  const leading = Array.from({ length: depth }, (_, i) => i);
  return hlo.scatter(x, indices, rows, combine, {
    updateWindowDims: inner.map((_, i) => outer + i),
    insertedWindowDims: leading,
    scatterDimsToOperandDims: leading,
    indexVectorDim: outer,
  });
}

const scatterNd: Kernel<{ shape: number[] }> = ({ indices, updates }, { shape }) =>
  scatterInto(hlo.constant(0, shape, updates!.type), indices!, updates!, "add");

const sparseToDense: Kernel<{ outputShape: number[] }> = (
  { sparseIndices, sparseValues, defaultValue },
  { outputShape },
) => {
  const init = hlo.broadcastTo(defaultValue!, outputShape);
  return scatterInto(init, sparseIndices!, sparseValues!, "replace");
};

const segment = (combine: Combine): Kernel<{ numSegments: number }> =>
(
  { x, segmentIds },
  { numSegments },
) => {
  const ids = segmentIds!;
  // tfjs allows ids of several dimensions; they and the rows they stand for are flattened.
  const rows = hlo.reshape(x!, [sizeOf(ids.shape), ...x!.shape.slice(ids.shape.length)]);
  return hlo.scatterRows(rows, hlo.reshape(ids, [sizeOf(ids.shape)]), numSegments, combine);
};

/** Rows by id, zero where the id is outside the rows: the transpose of a segment sum. */
const segmentGather: Kernel = ({ x, segmentIds }) => {
  const ids = segmentIds!;
  const n = x!.shape[0]!;
  const shape = [...ids.shape, ...x!.shape.slice(1)];
  if (n === 0) return hlo.constant(0, shape, x!.type);
  const inside = hlo.binary(
    "and",
    hlo.compare("GE", ids, hlo.like(ids, 0)),
    hlo.compare("LT", ids, hlo.like(ids, n)),
  );
  return hlo.select(
    hlo.broadcastInDim(inside, shape, [0]),
    hlo.gatherRows(x!, ids),
    hlo.like(x!, 0),
  );
};

interface TopKAttrs {
  readonly k: number;
  readonly sorted: boolean;
}

/**
 * Keys that a compiler may sort by their bits: one zero, and NaN after all numbers, as values
 * compare.
 * Without this -0 comes before 0, and a NaN with its sign set before everything.
 */
function sortKey(x: HloNode): HloNode {
  if (x.type !== "f32") return x;
  const oneZero = hlo.select(hlo.compare("EQ", x, hlo.like(x, 0)), hlo.like(x, 0), x);
  return hlo.select(hlo.compare("NE", x, x), hlo.like(x, NaN), oneZero);
}

/** The k largest of the last dimension: a stable descending sort, cut off. */
const topK: Kernel<TopKAttrs> = ({ x }, { k }) => {
  const dim = x!.shape.length - 1;
  const shape = x!.shape.with(dim, k);
  if (sizeOf(shape) === 0) return [hlo.constant(0, shape, x!.type), hlo.constant(0, shape, "i32")];
  const order = hlo.argsort(sortKey(x!), true);
  const indices = hlo.sliceDim(order, dim, 0, k);
  const values = batchedGather(x!, indices, dim, dim);
  return [values, indices];
};

/** Kernels that read and write by index. */
export const INDEXING: KernelTable = {
  GatherV2: gatherV2,
  GatherNd: gatherNd,
  ScatterNd: scatterNd,
  TensorScatterUpdate: ({ tensor, indices, updates }) =>
    scatterInto(tensor!, indices!, updates!, "replace"),
  SparseToDense: sparseToDense,
  UnsortedSegmentSum: segment("add"),
  UnsortedSegmentMax: segment("maximum"),
  UnsortedSegmentMin: segment("minimum"),
  SegmentGather: segmentGather,
  StableArgsort: ({ x }) => hlo.argsort(sortKey(x!)),
  TopK: topK,
};
