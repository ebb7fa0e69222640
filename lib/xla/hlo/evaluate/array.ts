/** Rules of evaluation, and how they walk values. @module */
import { type HostArray, hostArray } from "../host_array.ts";
import { type HloNode, type Op, sizeOf } from "../node.ts";
import type { ElementType } from "../op.ts";

/** An array of zeros for a node's values. */
export function like(node: HloNode): HostArray {
  return hostArray(node.type, sizeOf(node.shape));
}

/** Computes a node from its operands' values. */
export type Rule<O extends Op> = (node: HloNode<O>, operands: readonly HostArray[]) => HostArray;

/** The rules of some operations, each of which has one. */
export type Rules<O extends Op> = { readonly [K in O]: Rule<K> };

/** Sums of floats are kept in double precision until they are whole. */
export function accumulator(
  type: ElementType,
  size: number,
): Float64Array | Int32Array | Uint8Array {
  return type === "f32"
    ? new Float64Array(size)
    : type === "i32"
    ? new Int32Array(size)
    : new Uint8Array(size);
}

/** Calls `visit` with the coordinates and the position of each element. */
export function forEachIndex(
  shape: readonly number[],
  visit: (index: readonly number[], position: number) => void,
): void {
  const size = sizeOf(shape);
  const index = shape.map(() => 0);
  for (let position = 0; position < size; position++) {
    visit(index, position);
    for (let d = shape.length - 1; d >= 0; d--) {
      if (++index[d]! < shape[d]!) break;
      index[d] = 0;
    }
  }
}

/** Whether coordinates lie in a shape. */
export function inside(index: readonly number[], shape: readonly number[]): boolean {
  return index.every((i, d) => i >= 0 && i < shape[d]!);
}
