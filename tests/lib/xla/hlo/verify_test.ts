import { assertEquals, assertThrows } from "@std/assert";
import {
  hlo,
  type HloNode,
  IllegalGraphError,
  makeNode,
  topologicalOrder,
  verify,
} from "../../../../lib/xla/mod.ts";

const parameter = (shape: number[], type: "f32" | "i32" | "i1" = "f32"): HloNode =>
  makeNode("parameter", [], shape, type, { trace: {} });

function message(node: HloNode): string {
  const order = topologicalOrder([node], (n) => n.op === "parameter");
  return assertThrows(() => verify(order, "a test"), IllegalGraphError).message;
}

Deno.test("verify() accepts what the builders make", () => {
  const x = parameter([3, 2]);
  const ids = parameter([4], "i32");
  const node = hlo.scatterRows(hlo.gatherRows(x, ids), ids, 3, "add");
  const order = topologicalOrder([hlo.add(node, x)], (n) => n.op === "parameter");
  assertEquals(verify(order, "building"), undefined);
});

Deno.test("verify() names the operation, the rule, the operands and the stage", () => {
  const [a, b] = [parameter([3, 2]), parameter([4])];
  assertEquals(
    message(makeNode("add", [a, b], [3, 2], "f32", null)),
    "Cannot compile the graph after a test as add needs operands of one shape: " +
      "(tensor<3x2xf32>, tensor<4xf32>) -> tensor<3x2xf32> null",
  );
});

Deno.test("verify() finds what a wrong rewrite could make", () => {
  const x = parameter([3, 2]);
  const i = parameter([3, 2], "i32");
  const flag = parameter([], "i1");
  const illegal: [HloNode, string][] = [
    [makeNode("add", [x, i], [3, 2], "f32", null), "operands of one type"],
    [hlo.allReduce(x, "add", [[0, 1], [1, 2]]), "each replica in one group"],
    [hlo.allReduce(x, "add", [[0, 1], [2]]), "groups of one size"],
    [hlo.allReduce(parameter([2], "i1"), "maximum", [[0, 1]]), "numbers"],
    [makeNode("reshape", [x], [7], "f32", null), "as many elements"],
    [makeNode("transpose", [x], [3, 2], "f32", { permutation: [1, 0] }), "the permuted shape"],
    [makeNode("transpose", [x], [3, 3], "f32", { permutation: [0, 0] }), "a permutation"],
    [makeNode("broadcast_in_dim", [x], [5, 2], "f32", { dims: [0, 1] }), "dimensions that fit"],
    [makeNode("slice", [x], [2, 2], "f32", { start: [2, 0], stride: [1, 1] }), "a box inside"],
    [makeNode("concatenate", [x, x], [5, 2], "f32", { dimension: 0 }), "parts that add up"],
    [
      makeNode("dot_general", [x, x], [3, 2], "f32", { batch: 0, lhsContract: 1, rhsContract: 0 }),
      "equal contracted sizes",
    ],
    [makeNode("reduce", [x], [3, 2], "f32", { combine: "add", dims: [1] }), "the shape without"],
    [makeNode("select", [x, x, x], [3, 2], "f32", null), "a bool condition"],
    [makeNode("compare", [x, x], [3, 2], "f32", { direction: "EQ" }), "a bool result"],
    [makeNode("select", [x, x], [3, 2], "f32", null), "3 operands"],
    [makeNode("select", [flag, x, x], [3, 2], "f32", null), "operands of one shape"],
    [
      makeNode("while", [x], [3, 2], "f32", {
        condition: { parameters: [x], outputs: [x] },
        body: { parameters: [x], outputs: [x] },
      }),
      "a condition of one bool",
    ],
    [
      makeNode("while", [x], [3, 2], "f32", {
        condition: { parameters: [x], outputs: [flag] },
        body: { parameters: [x], outputs: [i] },
      }),
      "a state that keeps type",
    ],
    [
      makeNode("case", [i, x], [3, 2], "f32", {
        branches: [{ parameters: [x], outputs: [x] }, { parameters: [x], outputs: [i] }],
      }),
      "branches of the same results",
    ],
  ];
  for (const [node, rule] of illegal) assertEquals(message(node).includes(rule), true, rule);
});

Deno.test("builders refuse shapes that do not broadcast", () => {
  assertThrows(
    () => hlo.add(parameter([3, 2]), parameter([3])),
    TypeError,
    "shapes must broadcast (trailing dimensions equal or 1): [3, 2] and [3]",
  );
});
