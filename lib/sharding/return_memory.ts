/** Lets freed arrays go back to the system, where the C library would keep them. @module */
import { chooseMalloc } from "../base/mod.ts";

/** An array of this size is a mapping of its own, which ends when it is freed. */
const BYTES = 4 * 2 ** 20;

/**
 * Makes glibc return arrays of 4 MB and more as soon as they are freed, whatever an engine chose.
 *
 * By default it learns to keep those of up to 32 MB, between which the much larger arrays of edges
 * come and go: a process of several, whose program is cut into segments, then holds half as much
 * again as it needs. Elsewhere than on Linux, and with another C library, nothing happens.
 */
export function returnFreedMemory(): void {
  chooseMalloc("process of several", { mmapThreshold: BYTES });
}
