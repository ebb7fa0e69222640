/** Builders of what is done to rows: gathered, combined, read and written at a place. @module */
import { constant, gather, reshape, scatter } from "./build.ts";
import { identityOf } from "./identity.ts";
import { type HloNode, makeNode } from "./node.ts";
import type { Combine } from "./op.ts";

/** Rows of `x [N, ...F]` by `ids [E]`, which are clamped to `[0, N)`: `[E, ...F]`. */
export function gatherRows(x: HloNode, ids: HloNode): HloNode {
  const inner = x.shape.slice(1);
  return gather(x, reshape(ids, [ids.shape[0]!, 1]), {
    offsetDims: inner.map((_, i) => i + 1),
    collapsedSliceDims: [0],
    startIndexMap: [0],
    indexVectorDim: 1,
    sliceSizes: [1, ...inner],
  }, [ids.shape[0]!, ...inner]);
}

/** Combines rows `[E, ...F]` into `[n, ...F]` by `ids [E]`; ids outside `[0, n)` are dropped. */
export function scatterRows(rows: HloNode, ids: HloNode, n: number, combine: Combine): HloNode {
  const inner = rows.shape.slice(1);
  const init = constant(identityOf(combine, rows.type), [n, ...inner], rows.type);
  return scatter(init, reshape(ids, [ids.shape[0]!, 1]), rows, combine, {
    updateWindowDims: inner.map((_, i) => i + 1),
    insertedWindowDims: [0],
    scatterDimsToOperandDims: [0],
    indexVectorDim: 1,
  });
}

/** The starts of a box that is one row: `row` in the first dimension, 0 in the others. */
function rowStarts(x: HloNode, row: HloNode): HloNode[] {
  return x.shape.map((_, i) => i === 0 ? row : constant(0, [], "i32"));
}

/** Row `row` (an int32 scalar, clamped to the rows there are) of `x [N, ...F]`: `[...F]`. */
export function rowAt(x: HloNode, row: HloNode): HloNode {
  const inner = x.shape.slice(1);
  const slice = makeNode("dynamic_slice", [x, ...rowStarts(x, row)], [1, ...inner], x.type, null);
  return reshape(slice, inner);
}

/** `x [N, ...F]` with row `row` replaced by `value [...F]`. */
export function withRow(x: HloNode, value: HloNode, row: HloNode): HloNode {
  const operands = [x, reshape(value, [1, ...value.shape]), ...rowStarts(x, row)];
  return makeNode("dynamic_update_slice", operands, x.shape, x.type, null);
}
