/** The golden values that tests/golden/random/generate.py wrote from JAX. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../../lib/tree/mod.ts";
import golden from "../../golden/random/golden.json" with { type: "json" };

export { golden };

/** A key from its two words. */
export function keyOf(words: readonly number[]): Tensor {
  return tf.tensor1d([...words], "int32");
}

/** The values of a tensor as plain numbers. */
export function values(x: Tensor): number[] {
  return Array.from(x.dataSync());
}

/** The bits of float32 values as int32. */
export function floatBits(x: Tensor): number[] {
  return Array.from(new Int32Array(Float32Array.from(x.dataSync()).buffer));
}

/** How many float32 numbers lie between two, given by their bits. */
export function ulpsBetween(a: number, b: number): number {
  const ordered = (bits: number): number => bits < 0 ? -(bits & 0x7fffffff) : bits;
  return Math.abs(ordered(a) - ordered(b));
}
