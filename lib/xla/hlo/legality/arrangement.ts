/** Rules of legality: operations that move elements. @module */
import { paddedShape } from "../infer_shape.ts";
import { type HloNode, sameShape, sizeOf } from "../node.ts";
import {
  distinct,
  firstOf,
  fitsIn,
  keepsBoth,
  keepsType,
  rule,
  sameTypes,
  unless,
} from "./rule.ts";

/** That starts of a box, an int32 scalar for each dimension, follow the operands before them. */
function startsAfter(count: number, { inputs }: HloNode): string | null {
  const starts = inputs.slice(count);
  return unless(
    starts.length === inputs[0]!.shape.length &&
      starts.every(({ shape, type }) => shape.length === 0 && type === "i32"),
    "an int32 scalar a dimension",
  );
}

/** Operations that move elements. */
export const ARRANGEMENT = {
  reshape: rule<"reshape">(1, (n) =>
    firstOf(
      unless(sizeOf(n.shape) === sizeOf(n.inputs[0]!.shape), "as many elements as its operand"),
      keepsType(n),
    )),
  transpose: rule<"transpose">(1, (n) => {
    const { permutation } = n.attrs;
    const sorted = [...permutation].sort((a, b) => a - b);
    const { shape } = n.inputs[0]!;
    return firstOf(
      unless(
        sorted.length === shape.length && sorted.every((d, i) => d === i),
        "a permutation",
      ),
      unless(sameShape(permutation.map((d) => shape[d]!), n.shape), "the permuted shape"),
      keepsType(n),
    );
  }),
  broadcast_in_dim: rule<"broadcast_in_dim">(1, (n) => {
    const { shape } = n.inputs[0]!;
    const { dims } = n.attrs;
    const fits = dims.every((to, from) => shape[from] === 1 || shape[from] === n.shape[to]);
    return firstOf(
      unless(dims.length === shape.length && fits, "dimensions that fit"),
      distinct(dims, n.shape),
      keepsType(n),
    );
  }),
  slice: rule<"slice">(1, (n) => {
    const { shape } = n.inputs[0]!;
    const { start, stride } = n.attrs;
    const inside = n.shape.length === shape.length &&
      n.shape.every((size, d) =>
        start[d]! >= 0 && stride[d]! > 0 && start[d]! + (size - 1) * stride[d]! < shape[d]!
      );
    return firstOf(unless(inside, "a box inside its operand"), keepsType(n));
  }),
  pad: rule<"pad">(2, (n) => {
    const [x, value] = n.inputs as [HloNode, HloNode];
    return firstOf(
      unless(value.shape.length === 0, "a scalar to pad with"),
      sameTypes(n),
      unless(n.attrs.interior.every((count) => count >= 0), "no negative places between"),
      unless(sameShape(paddedShape(x.shape, n.attrs), n.shape), "the padded shape"),
      keepsType(n),
    );
  }),
  reverse: rule<"reverse">(1, (n) => firstOf(keepsBoth(n), distinct(n.attrs.dims, n.shape))),
  concatenate: rule<"concatenate">("any", (n) => {
    const d = n.attrs.dimension;
    const total = n.inputs.reduce((sum, part) => sum + (part.shape[d] ?? NaN), 0);
    const others = n.inputs.every(({ shape }) =>
      sameShape(shape.toSpliced(d, 1), n.shape.toSpliced(d, 1))
    );
    return firstOf(
      unless(total === n.shape[d] && others, "parts that add up to the result"),
      sameTypes(n),
      keepsType(n),
    );
  }),
  dynamic_slice: rule<"dynamic_slice">(
    "any",
    (n) => firstOf(startsAfter(1, n), fitsIn(n.shape, n.inputs[0]!.shape), keepsType(n)),
  ),
  dynamic_update_slice: rule<"dynamic_update_slice">("any", (n) => {
    const [x, update] = n.inputs as [HloNode, HloNode];
    return firstOf(
      startsAfter(2, n),
      fitsIn(update.shape, x.shape),
      unless(update.type === x.type, "an update of its operand's type"),
      keepsBoth(n),
    );
  }),
};
