/**
 * Algebra that costs nothing to know: adding 0, multiplying by 1, folding constants.
 *
 * Only rewrites that keep every value, NaN and infinities included: `x * 0` stays.
 *
 * @module
 */
import { type BinaryOp, hlo, type HloNode, isConstant, isOp, type Op } from "../hlo/mod.ts";

const FOLD: { readonly [O in BinaryOp]?: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
  maximum: (a, b) => Math.max(a, b),
  minimum: (a, b) => Math.min(a, b),
};

/** Operations that leave a constant one: the same number in another shape. */
const REARRANGE: ReadonlySet<Op> = new Set<Op>(
  ["broadcast_in_dim", "reshape", "transpose", "slice", "reverse"],
);

/** The other operand of an operation that one operand leaves as it is. */
function neutral(node: HloNode): HloNode | null {
  const [a, b] = node.inputs as [HloNode, HloNode];
  switch (node.op) {
    case "add":
      // -0 + 0 is 0, so only integers may drop a zero; float sums keep theirs.
      if (node.type !== "i32") return null;
      return isConstant(a, 0) ? b : isConstant(b, 0) ? a : null;
    case "subtract":
      return isConstant(b, 0) ? a : null;
    case "multiply":
      return isConstant(a, 1) ? b : isConstant(b, 1) ? a : null;
    case "divide":
      return isConstant(b, 1) ? a : null;
    default:
      return null;
  }
}

/** Constant folding and neutral elements, for {@linkcode rewrite}. */
export function simplify(node: HloNode): HloNode | null {
  const [a, b] = node.inputs;
  if (a && isOp(a, "constant") && REARRANGE.has(node.op)) {
    return hlo.constant(a.attrs.value, node.shape, node.type);
  }
  if (!a || !b || node.inputs.length > 2) return null;
  const fold = FOLD[node.op as BinaryOp];
  if (fold && node.type === "f32" && isOp(a, "constant") && isOp(b, "constant")) {
    return hlo.constant(fold(a.attrs.value, b.attrs.value), node.shape, node.type);
  }
  return neutral(node);
}
