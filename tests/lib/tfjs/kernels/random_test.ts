import { assert, assertEquals } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import "../../../../lib/tfjs/kernels/random.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";
import golden from "../../../golden/random/golden.json" with { type: "json" };
import { forEachEngine, useEngine } from "../../../support/engines.ts";
import { floatBits, ulpsBetween, values } from "../../random/golden.ts";

function run(kernelName: string, inputs: Record<string, Tensor>): Tensor {
  return tf.engine().runKernel(kernelName, inputs) as Tensor;
}

function floats(bits: readonly number[]): Tensor {
  return tf.tensor1d(new Float32Array(Int32Array.from(bits).buffer));
}

forEachEngine("Threefry2x32 gives the published test vectors of Random123", () => {
  const hash = (key: number[], counts: number[]): number[] =>
    values(run("Threefry2x32", {
      key: tf.tensor1d(key, "int32"),
      counts: tf.tensor2d([counts], [1, 2], "int32"),
    })).map((word) => word >>> 0);
  assertEquals(hash([0, 0], [0, 0]), [0x6b200159, 0x99ba4efe]);
  assertEquals(hash([-1, -1], [-1, -1]), [0x1cb996fc, 0xbb002be7]);
  assertEquals(
    hash([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3 | 0]),
    [0xc4923a9c, 0x483df7a0],
  );
});

forEachEngine("BitwiseXor flips the bits that the other has, the top one too", () => {
  const a = tf.tensor1d([0b1100, -1, 0], "int32");
  const b = tf.tensor1d([0b1010, 1, -(2 ** 31)], "int32");
  assertEquals(values(run("BitwiseXor", { a, b })), [0b0110, -2, -(2 ** 31)]);
});

forEachEngine("BitsToUnitFloat spans [0, 1) in steps of 2^-23", () => {
  const x = tf.tensor1d([0, 511, 512, -1, -(2 ** 31)], "int32");
  assertEquals(values(run("BitsToUnitFloat", { x })), [0, 0, 2 ** -23, 1 - 2 ** -23, 0.5]);
});

forEachEngine("StableArgsort keeps the order of equal keys", () => {
  const ints = tf.tensor1d([3, -5, 3, 2 ** 31 - 1, -(2 ** 31), 3], "int32");
  assertEquals(values(run("StableArgsort", { x: ints })), [4, 1, 0, 2, 5, 3]);
  const reals = tf.tensor1d([1, -Infinity, Infinity, -0.5, 1]);
  assertEquals(values(run("StableArgsort", { x: reals })), [1, 3, 0, 4, 2]);
});

Deno.test("StableArgsort puts NaN last on the host", async () => {
  await useEngine("cpu");
  const x = tf.tensor1d([NaN, 1, -Infinity, NaN, Infinity, 1]);
  assertEquals(values(run("StableArgsort", { x })), [2, 1, 5, 4, 0, 3]);
});

forEachEngine("ErfInv is XLA's within 2 units in the last place", () => {
  const y = floatBits(run("ErfInv", { x: floats(golden.erfInv.x) }));
  y.forEach((bits, i) => {
    const ulps = ulpsBetween(bits, golden.erfInv.y[i]!);
    assert(ulps <= 2, `element ${i}: ${ulps} ulp`);
  });
});

forEachEngine("ErfInv is infinite at -1 and 1 and NaN beyond", () => {
  const y = values(run("ErfInv", { x: tf.tensor1d([-1, 1, 1.5]) }));
  assertEquals(y, [-Infinity, Infinity, NaN]);
});
