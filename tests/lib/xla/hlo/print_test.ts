import { assertEquals } from "@std/assert";
import {
  hlo,
  type HloNode,
  makeNode,
  printModule,
  topologicalOrder,
} from "../../../../lib/xla/mod.ts";

const parameter = (shape: number[], type: "f32" | "i32" | "i1" = "f32"): HloNode =>
  makeNode("parameter", [], shape, type, { trace: {} });

/** The body of a program of one result. */
function body(args: HloNode[], output: HloNode): string {
  const order = topologicalOrder([output], (node) => node.op === "parameter");
  const text = printModule("m", args.map((node) => ({ node })), [output], order);
  return text.split("\n").slice(2, -4).map((line) => line.trim()).join("\n");
}

Deno.test("printModule() prints a matrix product, a bias and a relu", () => {
  const [x, w, b] = [parameter([5, 3]), parameter([3, 2]), parameter([2])];
  const sum = hlo.add(hlo.dot(x, w, 1, 0), b);
  assertEquals(
    body([x, w, b], hlo.binary("maximum", sum, hlo.like(sum, 0))),
    `%v0 = stablehlo.dot_general %arg0, %arg1, contracting_dims = [1] x [0] : (tensor<5x3xf32>, tensor<3x2xf32>) -> tensor<5x2xf32>
%v1 = stablehlo.broadcast_in_dim %arg2, dims = [1] : (tensor<2xf32>) -> tensor<5x2xf32>
%v2 = stablehlo.add %v0, %v1 : tensor<5x2xf32>
%v3 = stablehlo.constant dense<0.000000000e+0> : tensor<5x2xf32>
%v4 = stablehlo.maximum %v2, %v3 : tensor<5x2xf32>`,
  );
});

Deno.test("printModule() prints a segment sum as a scatter into zeros", () => {
  const [rows, ids] = [parameter([4, 2]), parameter([4], "i32")];
  assertEquals(
    body([rows, ids], hlo.scatterRows(rows, ids, 3, "add")),
    `%v0 = stablehlo.constant dense<0.000000000e+0> : tensor<3x2xf32>
%v1 = stablehlo.reshape %arg1 : (tensor<4xi32>) -> tensor<4x1xi32>
%v2 = "stablehlo.scatter"(%v0, %v1, %arg0) <{scatter_dimension_numbers = #stablehlo.scatter<update_window_dims = [1], inserted_window_dims = [0], scatter_dims_to_operand_dims = [0], index_vector_dim = 1>, indices_are_sorted = false, unique_indices = false}> ({ ^bb0(%old: tensor<f32>, %new: tensor<f32>): %c = stablehlo.add %old, %new : tensor<f32> stablehlo.return %c : tensor<f32> }) : (tensor<3x2xf32>, tensor<4x1xi32>, tensor<4x2xf32>) -> tensor<3x2xf32>`,
  );
});

Deno.test("printModule() gives equal text for equal graphs, whatever was recorded before", () => {
  const program = (): string => {
    const x = parameter([2]);
    return body([x], hlo.mul(hlo.add(x, hlo.like(x, 1)), x));
  };
  assertEquals(program(), program());
});

Deno.test("printModule() tells neighbouring, infinite, NaN and negative zero constants apart", () => {
  const literal = (value: number): string =>
    body([], hlo.constant(value)).match(/dense<(.*?)>/)![1]!;
  assertEquals(literal(0.1), "1.000000015e-1");
  assertEquals(literal(1.0000001), "1.000000119e+0");
  assertEquals(literal(Infinity), "0x7F800000");
  assertEquals(literal(-Infinity), "0xFF800000");
  assertEquals(literal(NaN), "0x7FC00000");
  assertEquals(literal(-0), "-0.0");
  assertEquals(literal(0), "0.000000000e+0");
});

Deno.test("printModule() prints what replicas tell each other", () => {
  const x = parameter([2]);
  const groups = [[0, 2], [1, 3]];
  const place = hlo.binary("remainder", hlo.replicaId(), hlo.constant(2, [], "i32"));
  const sum = hlo.add(hlo.allReduce(x, "add", groups), hlo.convert(place, "f32"));
  assertEquals(
    body([x], sum),
    `%v0 = "stablehlo.all_reduce"(%arg0) <{replica_groups = dense<[[0, 2], [1, 3]]> : tensor<2x2xi64>}> ({ ^bb0(%old: tensor<f32>, %new: tensor<f32>): %c = stablehlo.add %old, %new : tensor<f32> stablehlo.return %c : tensor<f32> }) : (tensor<2xf32>) -> tensor<2xf32>
%v1u = stablehlo.replica_id : tensor<ui32>
%v1 = stablehlo.convert %v1u : (tensor<ui32>) -> tensor<i32>
%v2 = stablehlo.constant dense<2> : tensor<i32>
%v3 = stablehlo.remainder %v1, %v2 : tensor<i32>
%v4 = stablehlo.convert %v3 : (tensor<i32>) -> tensor<f32>
%v5 = stablehlo.broadcast_in_dim %v4, dims = [] : (tensor<f32>) -> tensor<2xf32>
%v6 = stablehlo.add %v0, %v5 : tensor<2xf32>`,
  );
});

Deno.test("printModule() says how many replicas a program is for", () => {
  const x = parameter([2]);
  assertEquals(
    printModule("m", [{ node: x }], [x], [], 4).split("\n")[0],
    "module @m attributes {mhlo.num_replicas = 4 : i32} {",
  );
});
