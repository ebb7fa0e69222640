import { assertEquals, assertThrows } from "@std/assert";
import {
  BINARY_OPS,
  canEvaluate,
  type ElementType,
  evaluate,
  type HloNode,
  hostArray,
  makeNode,
  type Op,
  UNARY_OPS,
} from "../../../../../lib/xla/mod.ts";

const TYPES: readonly ElementType[] = ["f32", "i32", "i1"];

const parameter = (type: ElementType): HloNode =>
  makeNode("parameter", [], [3], type, { trace: {} });

/** An elementwise operation of as many operands as it has. */
function elementwise(op: Op, count: number, type: ElementType): HloNode {
  const operands = Array.from({ length: count }, () => parameter(type));
  return makeNode(op, operands, [3], type, null as never);
}

Deno.test("evaluate() computes each elementwise operation of each type that canEvaluate() names", () => {
  for (const [ops, count] of [[UNARY_OPS, 1], [BINARY_OPS, 2]] as const) {
    for (const op of ops) {
      for (const type of TYPES) {
        const node = elementwise(op, count, type);
        const ones = node.inputs.map(() => hostArray(type, 3).fill(1));
        if (canEvaluate(node)) assertEquals(evaluate(node, ones).length, 3, `${op} of ${type}`);
        else {assertThrows(
            () => evaluate(node, ones),
            TypeError,
            `Cannot evaluate ${op} of ${type}`,
          );}
      }
    }
  }
});

Deno.test("canEvaluate() tells by operation and type what the host leaves to the compiler", () => {
  const can = (op: Op, type: ElementType) => canEvaluate({ op, type });
  assertEquals([can("and", "i32"), can("and", "i1"), can("and", "f32")], [true, true, false]);
  assertEquals([can("atan2", "f32"), can("atan2", "i32")], [true, false]);
  assertEquals([can("power", "i1"), can("chlo.erf", "f32")], [false, false]);
  assertEquals([can("gather", "f32"), can("dynamic_slice", "f32")], [true, false]);
});
