/** Walking dense arrays by strides, for the evaluator. @module */

/** An offset and a stride for each dimension of the box that is walked. */
export interface Walk {
  readonly offset: number;
  readonly strides: readonly number[];
}

/**
 * Calls `visit` with two positions for each element of a box, in row-major order: where the walks
 * `a` and `b` are then.
 */
export function walkPair(
  shape: readonly number[],
  a: Walk,
  b: Walk,
  visit: (a: number, b: number) => void,
): void {
  if (shape.some((size) => size === 0)) return;
  const rank = shape.length;
  const index = new Array<number>(rank).fill(0);
  let [i, j] = [a.offset, b.offset];
  while (true) {
    visit(i, j);
    let d = rank - 1;
    for (; d >= 0; d--) {
      i += a.strides[d]!;
      j += b.strides[d]!;
      if (++index[d]! < shape[d]!) break;
      i -= shape[d]! * a.strides[d]!;
      j -= shape[d]! * b.strides[d]!;
      index[d] = 0;
    }
    if (d < 0) return;
  }
}
