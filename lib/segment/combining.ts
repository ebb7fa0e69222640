/** How what several devices have of each segment becomes one. @module */
import type { Tensor } from "../tree/mod.ts";

/** Combines values of segments, `[numSegments, ...]`, over those who have rows of them. */
export interface Combining {
  sum(values: Tensor): Tensor;
  max(values: Tensor): Tensor;
}

/** All rows are here. */
export const ALL_HERE: Combining = { sum: (values) => values, max: (values) => values };
