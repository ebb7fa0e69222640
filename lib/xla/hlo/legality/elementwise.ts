/** Rules of legality: elementwise operations. @module */
import type { HloNode } from "../node.ts";
import {
  BINARY_OPS,
  type BinaryOp,
  type ElementType,
  sameFor,
  UNARY_OPS,
  type UnaryOp,
} from "../op.ts";
import { firstOf, keepsType, rule, sameShapes, sameTypes, unless } from "./rule.ts";

const NUMBERS: readonly ElementType[] = ["f32", "i32"];
const BITS: readonly ElementType[] = ["i32", "i1"];
const ALL: readonly ElementType[] = ["f32", "i32", "i1"];

/** The types that each elementwise operation is defined for. */
const OPERANDS: Readonly<Record<UnaryOp | BinaryOp, readonly ElementType[]>> = {
  ...sameFor(UNARY_OPS, ["f32"]),
  ...sameFor(["abs", "negate", "sign"], NUMBERS),
  ...sameFor(["divide", "power", "remainder", "subtract"], NUMBERS),
  ...sameFor(["and", "or", "xor", "not"], BITS),
  ...sameFor(["shift_left", "shift_right_logical"], ["i32"]),
  ...sameFor(["add", "multiply", "maximum", "minimum", "optimization_barrier"], ALL),
  atan2: ["f32"],
};

const elementwise = (n: HloNode): string | null =>
  firstOf(
    sameShapes(n),
    sameTypes(n),
    keepsType(n),
    unless(
      OPERANDS[n.op as BinaryOp]?.includes(n.type) ?? true,
      `operands of ${OPERANDS[n.op as BinaryOp]?.join(" or ")}`,
    ),
  );

/** Operations that take element by element, and have rules of types of their own. */
export const ELEMENTWISE = {
  ...sameFor(UNARY_OPS, rule(1, elementwise)),
  ...sameFor(BINARY_OPS, rule(2, elementwise)),
  multiply_add: rule<"multiply_add">(
    3,
    (n) => firstOf(elementwise(n), unless(n.type !== "i1", "numbers")),
  ),
  is_finite: rule<"is_finite">(1, (n) =>
    firstOf(
      sameShapes(n),
      unless(n.inputs[0]!.type === "f32", "float32 operands"),
      unless(n.type === "i1", "a bool result"),
    )),
  compare: rule<"compare">(
    2,
    (n) => firstOf(unless(n.type === "i1", "a bool result"), sameShapes(n), sameTypes(n)),
  ),
  select: rule<"select">(3, (n) => {
    const [condition, a, b] = n.inputs as [HloNode, HloNode, HloNode];
    return firstOf(
      unless(condition.type === "i1", "a bool condition"),
      sameShapes(n),
      unless(a.type === n.type && b.type === n.type, "branches of the result's type"),
    );
  }),
  convert: rule<"convert">(1, (n) =>
    // "Not zero" is a comparison; conversion to bool means another thing to each compiler.
    firstOf(sameShapes(n), unless(n.type !== "i1", "a result of numbers"))),
  bitcast_convert: rule<"bitcast_convert">(1, (n) =>
    firstOf(
      sameShapes(n),
      unless(n.type !== "i1" && n.inputs[0]!.type !== "i1", "types of one width"),
    )),
};
