import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  type Attrs,
  BINARY_OPS,
  type BinaryOp,
  type ElementType,
  hlo,
  type HloNode,
  IllegalGraphError,
  makeNode,
  type Op,
  topologicalOrder,
  UNARY_OPS,
  type UnaryOp,
  verify,
} from "../../../../lib/xla/mod.ts";

const parameter = (shape: number[], type: "f32" | "i32" | "i1" = "f32"): HloNode =>
  makeNode("parameter", [], shape, type, { trace: {} });

function message(node: HloNode): string {
  const order = topologicalOrder([node], (n) => n.op === "parameter");
  return assertThrows(() => verify(order, "a test"), IllegalGraphError).message;
}

Deno.test("verify() accepts what the builders make", () => {
  const rows = parameter([4], "i32");
  const node = hlo.scatterRows(hlo.gatherRows(x, rows), rows, 3, "add");
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

const x = parameter([3, 2]);
const i = parameter([3, 2], "i32");
const flags = parameter([3, 2], "i1");
const flag = parameter([], "i1");
const at = parameter([], "i32");
const one = parameter([]);
const ids = parameter([4, 1], "i32");
const image = parameter([1, 4, 2]);

const WINDOW = { size: [2, 1], stride: [1, 1], low: [0, 0], high: [0, 0] };
const CONVOLUTION = {
  ...{ stride: [1], low: [0], high: [0], lhsDilation: [1], rhsDilation: [1], groups: 1 },
};
const GATHER = {
  ...{ offsetDims: [1], collapsedSliceDims: [0], startIndexMap: [0], indexVectorDim: 1 },
  ...{ sliceSizes: [1, 2], indicesAreSorted: false },
};
const SCATTER: Attrs["scatter"] = {
  ...{ updateWindowDims: [1], insertedWindowDims: [0], scatterDimsToOperandDims: [0] },
  ...{ indexVectorDim: 1, combine: "add", indicesAreSorted: false, uniqueIndices: false },
};
const SAME = { parameters: [x], outputs: [x] };
const CALL = { call: { prepare: () => Promise.resolve(), finish: () => {} } };

/** An illegal node and the rule that it breaks. */
type Case = readonly [HloNode, rule: string];

/** A node of an operation, [3, 2] and float32 unless it is said. */
function make<O extends Op>(
  op: O,
  inputs: HloNode[],
  attrs: Attrs[O],
  shape: number[] = [3, 2],
  type: ElementType = "f32",
): HloNode {
  return makeNode(op, inputs, shape, type, attrs);
}

const REPLICAS: readonly (readonly number[])[] = [[0, 1]];

const ILLEGAL: { readonly [O in Exclude<Op, UnaryOp | BinaryOp | "parameter">]: readonly Case[] } =
  {
    value: [[make("value", [], null), "its data"]],
    call: [[make("call", [], CALL), "to have run before"]],
    constant: [
      [make("constant", [], { value: 0.1 }), "a number that is f32"],
      [make("constant", [], { value: 2 ** 31 }, [2], "i32"), "a number that is i32"],
      [make("constant", [], { value: 2 }, [2], "i1"), "a number that is i1"],
    ],
    iota: [
      [make("iota", [], { dimension: 2 }), "distinct dimensions"],
      [make("iota", [], { dimension: 0 }, [3], "i1"), "numbers"],
    ],
    replica_id: [[make("replica_id", [], null), "an int32 scalar as result"]],
    multiply_add: [
      [make("multiply_add", [x, x], null), "3 operands"],
      [make("multiply_add", [x, x, i], null), "operands of one type"],
      [make("multiply_add", [flags, flags, flags], null, [3, 2], "i1"), "numbers"],
    ],
    is_finite: [
      [make("is_finite", [i], null, [3, 2], "i1"), "float32 operands"],
      [make("is_finite", [x], null), "a bool result"],
    ],
    compare: [
      [make("compare", [x, x], { direction: "EQ" }), "a bool result"],
      [make("compare", [x, i], { direction: "EQ" }, [3, 2], "i1"), "operands of one type"],
    ],
    select: [
      [make("select", [x, x, x], null), "a bool condition"],
      [make("select", [x, x], null), "3 operands"],
      [make("select", [flag, x, x], null), "operands of one shape"],
      [make("select", [flags, x, i], null), "branches of the result's type"],
    ],
    convert: [
      [make("convert", [x], null, [2, 3], "i32"), "operands of one shape"],
      [make("convert", [x], null, [3, 2], "i1"), "a result of numbers"],
    ],
    bitcast_convert: [
      [make("bitcast_convert", [x], null, [2, 3], "i32"), "operands of one shape"],
      [make("bitcast_convert", [flags], null), "types of one width"],
    ],
    reshape: [
      [make("reshape", [x], null, [7]), "as many elements"],
      [make("reshape", [i], null, [6]), "a result of its operand's type"],
    ],
    transpose: [
      [make("transpose", [x], { permutation: [1, 0] }), "the permuted shape"],
      [make("transpose", [x], { permutation: [0, 0] }, [3, 3]), "a permutation"],
      [make("transpose", [x], { permutation: [0] }, [3]), "a permutation"],
    ],
    broadcast_in_dim: [
      [make("broadcast_in_dim", [x], { dims: [0, 1] }, [5, 2]), "dimensions that fit"],
      [make("broadcast_in_dim", [parameter([1, 2])], { dims: [1, 1] }), "distinct dimensions"],
    ],
    slice: [
      [make("slice", [x], { start: [2, 0], stride: [1, 1] }, [2, 2]), "a box inside"],
      [make("slice", [x], { start: [0, 0], stride: [1, 0] }), "a box inside"],
    ],
    pad: [
      [make("pad", [x, x], { low: [0, 0], high: [0, 0], interior: [0, 0] }), "a scalar to pad"],
      [make("pad", [x, at], { low: [0, 0], high: [0, 0], interior: [0, 0] }), "of one type"],
      [make("pad", [x, one], { low: [1, 0], high: [0, 0], interior: [0, 0] }), "the padded shape"],
      [make("pad", [x, one], { low: [1, 0], high: [1, 0], interior: [-1, 0] }), "no negative"],
    ],
    reverse: [
      [make("reverse", [x], { dims: [0, 0] }), "distinct dimensions"],
      [make("reverse", [x], { dims: [2] }), "distinct dimensions"],
      [make("reverse", [x], { dims: [0] }, [2, 3]), "a result of its operand's shape"],
    ],
    concatenate: [
      [make("concatenate", [x, x], { dimension: 0 }, [5, 2]), "parts that add up"],
      [make("concatenate", [x, i], { dimension: 0 }, [6, 2]), "operands of one type"],
    ],
    dynamic_slice: [
      [make("dynamic_slice", [x, at], null, [1, 2]), "an int32 scalar a dimension"],
      [make("dynamic_slice", [x, at, one], null, [1, 2]), "an int32 scalar a dimension"],
      [make("dynamic_slice", [x, at, at], null, [1, 3]), "a box that fits"],
      [make("dynamic_slice", [x, at, at], null, [1, 2], "i32"), "its operand's type"],
    ],
    dynamic_update_slice: [
      [make("dynamic_update_slice", [x, x, at], null), "an int32 scalar a dimension"],
      [make("dynamic_update_slice", [x, parameter([4, 2]), at, at], null), "a box that fits"],
      [make("dynamic_update_slice", [x, i, at, at], null), "an update of its operand's type"],
    ],
    dot_general: [
      [make("dot_general", [x, x], { batch: 0, lhsContract: 1, rhsContract: 0 }), "contracted"],
      [
        make("dot_general", [image, parameter([2, 4, 2])], {
          ...{ batch: 1, lhsContract: 1, rhsContract: 1 },
        }, [1, 2, 2]),
        "equal batch sizes",
      ],
      [make("dot_general", [x, x], { batch: 0, lhsContract: 0, rhsContract: 0 }), "a product"],
    ],
    convolution: [
      [
        make("convolution", [image, parameter([2, 3, 5])], CONVOLUTION, [1, 3, 5]),
        "the features of its filter",
      ],
      [
        make("convolution", [image, parameter([2, 2, 5])], CONVOLUTION, [1, 4, 5]),
        "a number a place of its filter",
      ],
    ],
    reduce: [
      [make("reduce", [x], { combine: "add", dims: [1] }), "the shape without"],
      [make("reduce", [x], { combine: "replace", dims: [1] }, [3]), "two elements to become one"],
    ],
    reduce_window: [
      [make("reduce_window", [x], { ...WINDOW, combine: "add" }), "an element a place"],
      [make("reduce_window", [x], { ...WINDOW, combine: "replace" }, [2, 2]), "two elements"],
    ],
    scatter_to_maximum: [
      [make("scatter_to_maximum", [x, x], WINDOW), "a number a place of its window"],
      [make("scatter_to_maximum", [x, parameter([2, 2], "i32")], WINDOW), "of one type"],
    ],
    gather: [
      [make("gather", [x, parameter([4, 1])], GATHER, [4, 2]), "int32 indices"],
      [make("gather", [x, ids], GATHER), "a box an index"],
      [make("gather", [x, ids], { ...GATHER, sliceSizes: [1, 3] }, [4, 3]), "a box that fits"],
    ],
    scatter: [
      [make("scatter", [x, parameter([4, 1]), parameter([4, 2])], SCATTER), "int32 indices"],
      [make("scatter", [x, ids, parameter([4, 2], "i32")], SCATTER), "updates of one type"],
      [make("scatter", [x, ids, parameter([5, 2])], SCATTER), "an update an index"],
      [make("scatter", [x, ids, parameter([4, 3])], SCATTER), "a box that fits"],
    ],
    argsort: [
      [make("argsort", [x], { descending: false }), "an int32 result"],
      [make("argsort", [one], { descending: false }, [], "i32"), "a dimension to sort"],
      [make("argsort", [flags], { descending: false }, [3, 2], "i32"), "keys that are numbers"],
    ],
    while: [
      [make("while", [x], { condition: SAME, body: SAME }), "a condition of one bool"],
      [
        make("while", [x], {
          condition: { parameters: [x], outputs: [flag] },
          body: { parameters: [x], outputs: [i] },
        }),
        "a state that keeps type",
      ],
    ],
    case: [
      [
        make("case", [at, x], { branches: [SAME, { parameters: [x], outputs: [i] }] }),
        "branches of the same results",
      ],
      [make("case", [at, i], { branches: [SAME, SAME] }), "regions of its operands"],
      [make("case", [one, x], { branches: [SAME, SAME] }), "an int32 scalar to choose by"],
    ],
    after: [
      [make("after", [x], null), "something to come after"],
      [make("after", [x, i], null, [2, 3]), "a result of its operand's shape"],
    ],
    element: [
      [make("element", [make("case", [at, x], { branches: [SAME] })], { index: 1 }), "a result of"],
    ],
    all_reduce: [
      [hlo.allReduce(x, "add", [[0, 1], [1, 2]]), "each replica in one group"],
      [hlo.allReduce(x, "add", [[0, 1], [2]]), "groups of one size"],
      [hlo.allReduce(flags, "maximum", REPLICAS), "numbers"],
      [make("all_reduce", [x], { combine: "add", groups: REPLICAS }, [2, 3]), "operand's shape"],
    ],
    process_reduce: [
      [
        make("process_reduce", [x], { combine: "add", groups: REPLICAS, processes: [0] }, [6]),
        "a result of its operand's shape",
      ],
    ],
  };

for (const [op, cases] of Object.entries(ILLEGAL)) {
  Deno.test(`verify() finds what a wrong rewrite could make of ${op}`, () => {
    for (const [node, rule] of cases) {
      assertEquals(node.op, op);
      assertStringIncludes(message(node), rule);
    }
  });
}

Deno.test("verify() finds elementwise operations of operands that do not agree", () => {
  for (const op of UNARY_OPS) {
    assertStringIncludes(message(make(op, [x, x], null)), "1 operands");
    assertStringIncludes(message(make(op, [x], null, [2, 3])), "operands of one shape");
  }
  for (const op of BINARY_OPS) {
    assertStringIncludes(message(make(op, [x], null)), "2 operands");
    assertStringIncludes(message(make(op, [x, i], null)), "operands of one type");
    assertStringIncludes(message(make(op, [x, x], null, [3, 2], "i32")), "its operand's type");
  }
});

Deno.test("verify() knows for which types an elementwise operation is defined", () => {
  assertStringIncludes(message(make("tanh", [i], null, [3, 2], "i32")), "operands of f32");
  assertStringIncludes(message(make("not", [x], null)), "operands of i32 or i1");
  assertStringIncludes(
    message(make("subtract", [flags, flags], null, [3, 2], "i1")),
    "operands of f32 or i32",
  );
});

Deno.test("builders refuse shapes that do not broadcast", () => {
  assertThrows(
    () => hlo.add(parameter([3, 2]), parameter([3])),
    TypeError,
    "shapes must broadcast (trailing dimensions equal or 1): [3, 2] and [3]",
  );
});
