/** Values on the host. @module */
import type { ElementType } from "./op.ts";

/** Values of a node on the host, in row-major order. */
export type HostArray = Float32Array | Int32Array | Uint8Array;

/** The array of each element type. */
export const ARRAYS = { f32: Float32Array, i32: Int32Array, i1: Uint8Array } as const;

/** An array of zeros of an element type. */
export function hostArray(type: ElementType, size: number): HostArray {
  return new ARRAYS[type](size);
}
