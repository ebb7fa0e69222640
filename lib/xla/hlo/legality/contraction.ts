/** Rules of legality: operations that combine many elements into one. @module */
import { convolutionShape, dotShape, windowsShape } from "../infer_shape.ts";
import { type HloNode, sameShape } from "../node.ts";
import { distinct, firstOf, keepsBoth, keepsType, rule, sameTypes, unless } from "./rule.ts";

/** Operations that combine many elements into one. */
export const CONTRACTION = {
  dot_general: rule<"dot_general">(2, (n) => {
    const [a, b] = n.inputs as [HloNode, HloNode];
    const { batch, lhsContract, rhsContract } = n.attrs;
    return firstOf(
      unless(a.shape[lhsContract] === b.shape[rhsContract], "equal contracted sizes"),
      unless(sameShape(a.shape.slice(0, batch), b.shape.slice(0, batch)), "equal batch sizes"),
      unless(sameShape(dotShape(a.shape, b.shape, n.attrs), n.shape), "the shape of a product"),
      sameTypes(n),
      keepsType(n),
    );
  }),
  convolution: rule<"convolution">(2, (n) => {
    const [x, filter] = n.inputs as [HloNode, HloNode];
    const { groups } = n.attrs;
    const [features, per] = [x.shape.at(-1)!, filter.shape.at(-2)!];
    const shape = convolutionShape(x.shape, filter.shape, n.attrs);
    return firstOf(
      unless(features === per * groups, "the features of its filter"),
      unless(filter.shape.at(-1)! % groups === 0, "filters that its groups share out"),
      unless(sameShape(shape, n.shape), "a number a place of its filter"),
      sameTypes(n),
      keepsType(n),
    );
  }),
  reduce: rule<"reduce">(1, (n) => {
    const { shape } = n.inputs[0]!;
    const kept = shape.filter((_, i) => !n.attrs.dims.includes(i));
    return firstOf(
      distinct(n.attrs.dims, shape),
      unless(sameShape(kept, n.shape), "the shape without the reduced dimensions"),
      unless(n.attrs.combine !== "replace", "two elements to become one"),
      keepsType(n),
    );
  }),
  reduce_window: rule<"reduce_window">(1, (n) => {
    const { shape } = n.inputs[0]!;
    return firstOf(
      unless(n.attrs.size.length === shape.length, "a window of its operand's rank"),
      unless(sameShape(windowsShape(shape, n.attrs), n.shape), "an element a place of its window"),
      unless(n.attrs.combine !== "replace", "two elements to become one"),
      keepsType(n),
    );
  }),
  scatter_to_maximum: rule<"scatter_to_maximum">(2, (n) => {
    const [x, source] = n.inputs as [HloNode, HloNode];
    return firstOf(
      unless(
        sameShape(windowsShape(x.shape, n.attrs), source.shape),
        "a number a place of its window",
      ),
      sameTypes(n),
      unless(n.type !== "i1", "numbers"),
      keepsBoth(n),
    );
  }),
};
