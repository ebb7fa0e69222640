import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { forEachEngine } from "../../../support/engines.ts";

const a = (): tf.Tensor => tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
const v = (): tf.Tensor => tf.tensor1d([1, 10]);
const m = (): tf.Tensor => tf.tensor2d([[1, 2], [3, 4], [5, 6]]);

/** Equations, operands and what numpy.einsum gives. */
const CASES: readonly (readonly [string, (() => tf.Tensor)[], unknown])[] = [
  ["ij->i", [a], [6, 15]],
  ["ij->ji", [a], [[1, 4], [2, 5], [3, 6]]],
  ["ij->", [a], 21],
  ["ij,jk->ik", [a, m], [[22, 28], [49, 64]]],
  ["ij,k->i", [a, v], [66, 165]],
  ["ij,k->k", [a, v], [21, 210]],
  ["ij,i->i", [a, v], [6, 150]],
  ["ij,jk->k", [a, m], [71, 92]],
  ["ij,jk->", [a, m], 163],
  ["ij,kl->", [a, m], 441],
  ["ij,kl->jl", [a, m], [[45, 60], [63, 84], [81, 108]]],
  ["ij,kl->il", [a, m], [[54, 72], [135, 180]]],
  ["i,i->", [() => tf.zeros([0]), () => tf.zeros([0])], 0],
];

forEachEngine("einsum() sums each index where numpy does", () => {
  for (const [equation, operands, expected] of CASES) {
    const result = tf.einsum(equation, ...operands.map((make) => make()));
    assertEquals<unknown>(result.arraySync(), expected, equation);
  }
  const counts = tf.tensor1d([2, 3], "int32");
  assertEquals(tf.einsum("i,j->ij", counts, counts).dtype, "int32");
});

forEachEngine("einsum() refuses sizes that differ", () => {
  assertThrows(() => tf.einsum("ij,jk->ik", a(), a()), Error, "Expected dimension");
});
