/** Elementwise arithmetic, comparison and logic. @module */
import {
  type BinaryOp,
  type Direction,
  type ElementType,
  hlo,
  type HloNode,
  isOp,
  type UnaryOp,
} from "../hlo/mod.ts";
import type { Kernel, KernelTable } from "./kernel.ts";

const unary = (op: UnaryOp): Kernel => ({ x }) => hlo.unary(op, x!);

/** Operations of real numbers: an int32 operand is converted first. */
const real = (op: UnaryOp): Kernel => ({ x }) => hlo.unary(op, hlo.convert(x!, "f32"));

/** Arithmetic on bool is arithmetic on int32, as tfjs's upcast rules have it. */
const numeric = (x: HloNode): HloNode => x.type === "i1" ? hlo.convert(x, "i32") : x;

const binary = (op: BinaryOp): Kernel => ({ a, b }) => hlo.binary(op, numeric(a!), numeric(b!));

const compare = (direction: Direction): Kernel => ({ a, b }) => hlo.compare(direction, a!, b!);

const logical = (op: BinaryOp): Kernel => ({ a, b }) =>
  hlo.binary(op, hlo.convert(a!, "i1"), hlo.convert(b!, "i1"));

/** Whether every element is an integer, for floor semantics of the remainder. */
function floorMod(a: HloNode, b: HloNode): HloNode {
  const remainder = hlo.binary("remainder", a, b);
  const zero = hlo.like(remainder, 0);
  const wrongSign = hlo.compare(
    "NE",
    hlo.compare("LT", remainder, zero),
    hlo.compare("LT", b, zero),
  );
  const adjust = hlo.binary("and", hlo.compare("NE", remainder, zero), wrongSign);
  return hlo.select(adjust, hlo.add(remainder, b), remainder);
}

/** Floored quotient; int32 whatever the operands are, as in tfjs. */
function floorDiv(a: HloNode, b: HloNode): HloNode {
  if (a.type === "f32") return hlo.convert(hlo.unary("floor", hlo.div(a, b)), "i32");
  // The quotient rounds towards 0. Not the quotient of a - mod(a, b), which may be below all int32.
  const quotient = hlo.div(a, b);
  const isRounded = hlo.compare("NE", hlo.mul(quotient, b), a);
  const isNegative = hlo.compare(
    "NE",
    hlo.compare("LT", a, hlo.like(a, 0)),
    hlo.compare("LT", b, hlo.like(b, 0)),
  );
  const down = hlo.binary("and", isRounded, isNegative);
  return hlo.select(down, hlo.sub(quotient, hlo.like(quotient, 1)), quotient);
}

/**
 * The angle of the point (b, a). Where b is 1 everywhere, both are doubled: of `atan2(a, 1)` XLA's
 * CPU compiler makes an arctangent that reads and writes the wrong memory after a matrix product.
 */
function atan2(a: HloNode, b: HloNode): HloNode {
  const isOne = isOp(b, "constant") && b.attrs.value === 1;
  const [y, x] = isOne ? [hlo.add(a, a), hlo.like(b, 2)] : [a, b];
  const angle = hlo.binary("atan2", hlo.convert(y, "f32"), hlo.convert(x, "f32"));
  // As in tfjs, the angle of integers is one.
  return hlo.convert(angle, numeric(a).type);
}

function atan(x: HloNode): HloNode {
  const y = hlo.convert(x, "f32");
  return atan2(y, hlo.like(y, 1));
}

/** Integer powers by repeated squaring on the compiler's side; negative exponents truncate to 0. */
const power: Kernel = ({ a, b }) => hlo.binary("power", numeric(a!), numeric(b!));

/** Rounding leaves whole numbers as they are. */
const rounding = (op: UnaryOp): Kernel => ({ x }) => x!.type === "f32" ? hlo.unary(op, x!) : x!;

const never = (x: HloNode): HloNode => hlo.constant(0, x.shape, "i1");

function isInfinite(x: HloNode): HloNode {
  if (x.type !== "f32") return never(x);
  return hlo.compare("EQ", hlo.unary("abs", x), hlo.like(x, Infinity));
}

/** The type that holds the values of both: bool < int32 < float32. */
function upcast(a: HloNode, b: HloNode): ElementType {
  const order: ElementType[] = ["i1", "i32", "f32"];
  return order[Math.max(order.indexOf(a.type), order.indexOf(b.type))]!;
}

/** Kernels of elementwise arithmetic, comparison and logic. */
export const ELEMENTWISE: KernelTable = {
  Abs: unary("abs"),
  Ceil: rounding("ceil"),
  Floor: rounding("floor"),
  Round: rounding("round_nearest_even"),
  Neg: unary("negate"),
  // tfjs has 0 as the sign of NaN.
  Sign: ({ x }) => hlo.select(hlo.compare("NE", x!, x!), hlo.like(x!, 0), hlo.unary("sign", x!)),
  Exp: real("exponential"),
  Expm1: real("exponential_minus_one"),
  Log: real("log"),
  Log1p: real("log_plus_one"),
  Sqrt: real("sqrt"),
  Rsqrt: real("rsqrt"),
  Sin: real("sine"),
  Cos: real("cosine"),
  Tan: real("tan"),
  Asin: real("chlo.asin"),
  Acos: real("chlo.acos"),
  Atan: ({ x }) => atan(x!),
  Sinh: real("chlo.sinh"),
  Cosh: real("chlo.cosh"),
  Tanh: real("tanh"),
  Asinh: real("chlo.asinh"),
  Acosh: real("chlo.acosh"),
  Atanh: real("chlo.atanh"),
  Erf: real("chlo.erf"),
  ErfInv: real("chlo.erf_inv"),
  Sigmoid: real("logistic"),
  Square: ({ x }) => hlo.mul(x!, x!),
  Reciprocal: ({ x }) => hlo.div(hlo.like(x!, 1), x!),
  Add: binary("add"),
  Sub: binary("subtract"),
  Multiply: binary("multiply"),
  RealDiv: binary("divide"),
  Maximum: binary("maximum"),
  Minimum: binary("minimum"),
  Pow: power,
  Atan2: ({ a, b }) => atan2(a!, b!),
  Mod: ({ a, b }) => floorMod(a!, b!),
  FloorDiv: ({ a, b }) => floorDiv(a!, b!),
  SquaredDifference: ({ a, b }) => {
    const difference = hlo.sub(a!, b!);
    return hlo.mul(difference, difference);
  },
  BitwiseAnd: binary("and"),
  BitwiseXor: binary("xor"),
  Equal: compare("EQ"),
  NotEqual: compare("NE"),
  Greater: compare("GT"),
  GreaterEqual: compare("GE"),
  Less: compare("LT"),
  LessEqual: compare("LE"),
  LogicalAnd: logical("and"),
  LogicalOr: logical("or"),
  LogicalNot: ({ x }) => hlo.unary("not", hlo.convert(x!, "i1")),
  IsNan: ({ x }) => x!.type === "f32" ? hlo.compare("NE", x!, x!) : never(x!),
  IsInf: ({ x }) => isInfinite(x!),
  IsFinite: ({ x }) => x!.type === "f32" ? hlo.isFinite(x!) : hlo.unary("not", never(x!)),
  AddN: (inputs) => Object.values(inputs).reduce((sum, x) => hlo.add(sum, x)),
  ClipByValue: ({ x }, { clipValueMin, clipValueMax }) =>
    hlo.binary(
      "maximum",
      hlo.binary("minimum", x!, hlo.like(x!, clipValueMax)),
      hlo.like(x!, clipValueMin),
    ),
  Select: ({ condition, t, e }) => {
    // tfjs allows a condition of rank 1 that chooses whole rows.
    const rowwise = condition!.shape.length === 1 && t!.shape.length > 1;
    const c = rowwise ? hlo.broadcastInDim(condition!, t!.shape, [0]) : condition!;
    const type = upcast(t!, e!);
    return hlo.select(c, hlo.convert(t!, type), hlo.convert(e!, type));
  },
};
