/** What other folders need of segments, and users do not get. @module */
export { checkSegmentArgs } from "./check.ts";
export type { Combining } from "./combining.ts";
export { softmaxOver } from "./softmax.ts";
export { meanOver } from "./statistics.ts";
