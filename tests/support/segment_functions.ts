/** The functions of rows and segment ids that are tested together. @module */
import {
  segmentMax,
  segmentMaxOrConstant,
  segmentMean,
  segmentMin,
  segmentMinOrConstant,
  segmentNormalize,
  segmentSoftmax,
  segmentSum,
  segmentVariance,
} from "../../lib/segment/mod.ts";
import type { TensorLike } from "../../lib/tensor/mod.ts";
import type { Tensor } from "../../lib/tree/mod.ts";

/** A function of rows `[E, ...]` and the segment of each, of which there are `numSegments`. */
export type SegmentFunction = (data: Tensor, ids: TensorLike, numSegments: number) => Tensor;

/** All of them by name; a segment without rows has 2 where a constant can be chosen. */
export const SEGMENT_FUNCTIONS: Readonly<Record<string, SegmentFunction>> = {
  segmentSum,
  segmentMean,
  segmentMax,
  segmentMin,
  segmentVariance,
  segmentNormalize: (x, ids, n) => segmentNormalize(x, ids, n, { eps: 1e-3 }),
  segmentSoftmax,
  segmentMaxOrConstant: (x, ids, n) => segmentMaxOrConstant(x, ids, n, { constant: 2 }),
  segmentMinOrConstant: (x, ids, n) => segmentMinOrConstant(x, ids, n, { constant: 2 }),
};
