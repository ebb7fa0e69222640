/** Segments: sums, means, maxima and softmax over groups of rows. @module */
export type { SegmentOptions } from "./check.ts";
export * from "./or_constant.ts";
export * from "./partition.ts";
export * from "./reduce.ts";
export { segmentSoftmax } from "./softmax.ts";
export {
  segmentMean,
  segmentNormalize,
  type SegmentNormalizeOptions,
  segmentVariance,
} from "./statistics.ts";
