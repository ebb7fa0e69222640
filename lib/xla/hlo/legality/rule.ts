/** Rules of legality, and the needs that several of them share. @module */
import { type HloNode, type Op, sameShape } from "../node.ts";

/** The need of a node that is not met, in words that follow "needs"; null if it is legal. */
type Check<O extends Op> = (node: HloNode<O>) => string | null;

/** How many operands an operation has, and what else must hold. */
export interface Rule<O extends Op> {
  readonly arity: number | "any";
  readonly check: Check<O>;
}

/** Makes a rule. */
export const rule = <O extends Op>(arity: number | "any", check: Check<O>): Rule<O> => ({
  arity,
  check,
});

/** The first need of several that is not met. */
export function firstOf(...needs: readonly (string | null | false)[]): string | null {
  return needs.find((need) => typeof need === "string") || null;
}

/** A need, where something does not hold. */
export const unless = (holds: boolean, need: string): string | null => holds ? null : need;

/** That all operands have one type. */
export const sameTypes = ({ inputs }: HloNode): string | null =>
  unless(inputs.every(({ type }) => type === inputs[0]!.type), "operands of one type");

/** That all operands have the result's shape. */
export const sameShapes = ({ inputs, shape }: HloNode): string | null =>
  unless(inputs.every((input) => sameShape(input.shape, shape)), "operands of one shape");

/** That the result has the type of the first operand. */
export const keepsType = ({ inputs, type }: HloNode): string | null =>
  unless(inputs[0]!.type === type, "a result of its operand's type");

/** That the result has shape and type of the first operand. */
export const keepsBoth = (n: HloNode): string | null =>
  firstOf(
    unless(sameShape(n.inputs[0]!.shape, n.shape), "a result of its operand's shape"),
    keepsType(n),
  );

/** That dimensions are distinct and those of a shape. */
export const distinct = (dims: readonly number[], { length }: readonly number[]): string | null =>
  unless(
    new Set(dims).size === dims.length && dims.every((d) => d >= 0 && d < length),
    "distinct dimensions of its operand",
  );

/** That a box is no larger than a shape. */
export const fitsIn = (box: readonly number[], shape: readonly number[]): string | null =>
  unless(
    box.length === shape.length && box.every((size, d) => size <= shape[d]!),
    "a box that fits its operand",
  );
