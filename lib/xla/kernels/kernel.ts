/**
 * Kernels as pure functions from nodes and attributes to nodes.
 *
 * @module
 */
import type { HloNode } from "../hlo/mod.ts";

/** Named inputs; kernels of a list of tensors (Concat, AddN, Pack) have them under "0", "1", … */
export type Inputs = Readonly<Record<string, HloNode>>;

/** A kernel: appends nodes, never computes. */
// deno-lint-ignore no-explicit-any -- tfjs types attributes as unknown; each kernel names its own.
export type Kernel<A = any> = (inputs: Inputs, attrs: A) => HloNode | HloNode[];

/** The kernels of one family of operations, by tfjs's kernel names. */
export type KernelTable = Readonly<Record<string, Kernel>>;

/**
 * An axis as a dimension: negative axes count from the end.
 *
 * @throws {RangeError} If there is no such dimension.
 */
export function toDimension(axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw new RangeError(
    `Cannot work along an axis as it must be a whole number in [${-rank}, ${rank}): ${axis}`,
  );
}

/** tfjs's axis attribute (a number, a list, or none for all) as dimensions. */
export function toDimensions(axis: number | number[] | null | undefined, rank: number): number[] {
  if (axis === null || axis === undefined) return Array.from({ length: rank }, (_, i) => i);
  const axes = Array.isArray(axis) ? axis : [axis];
  return axes.map((a) => toDimension(a, rank));
}

/** All inputs of a kernel of a list of tensors, in order. */
export function listInputs(inputs: Inputs): HloNode[] {
  return Object.keys(inputs).sort((a, b) => Number(a) - Number(b)).map((key) => inputs[key]!);
}
