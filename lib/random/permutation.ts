/** Permutations. @module */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../tfjs/mod.ts";
import { describe, isTensor, type Tensor } from "../tree/mod.ts";
import { bits, xor } from "./bits.ts";
import { checkAlive, checkKey } from "./check.ts";
import { split } from "./key.ts";

const UINT32_MAX = 2 ** 32 - 1;

/**
 * Permutes the numbers 0, 1, ..., x - 1, or the rows of x, at random.
 *
 * As `jax.random.permutation` along axis 0 and not independently, bit for bit: stable sorts by
 * random 32-bit keys, repeated so often that ties in all of them are negligible.
 *
 * @param key int32 `[2]`.
 * @param x A count, or a tensor `[N, ...]`.
 * @returns int32 `[x]`, or the rows of x in another order.
 * @throws {TypeError} If `key` is no key, or `x` a scalar tensor.
 * @throws {RangeError} If the number `x` is negative or not an integer.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const order = random.permutation(random.key(0), 5);
 * assertEquals([...order.dataSync()].sort(), [0, 1, 2, 3, 4]);
 * ```
 */
export function permutation(key: Tensor, x: number | Tensor): Tensor {
  checkKey(key, "permute");
  if (isTensor(x)) {
    checkAlive(x, "permute", "x");
    if (x.rank === 0) {
      throw new TypeError(
        `Cannot permute as x has rows: got ${describe(x)} (pass a count as a number)`,
      );
    }
    if (x.size === 0) return x.clone();
    return tf.tidy(() => tf.gather(x, shuffledIndices(key, x.shape[0]!)));
  }
  if (!Number.isInteger(x) || x < 0) {
    throw new RangeError(
      `Cannot permute as x is a tensor or a non-negative integer: got ${describe(x)}`,
    );
  }
  return tf.tidy(() => shuffledIndices(key, x));
}

function shuffledIndices(key: Tensor, size: number): Tensor {
  const rounds = Math.ceil(3 * Math.log(Math.max(1, size)) / Math.log(UINT32_MAX));
  let indices: Tensor = tf.range(0, size, 1, "int32");
  for (let round = 0; round < rounds; round++) {
    const [next, subkey] = tf.unstack(split(key));
    indices = tf.gather(indices, argsortUnsigned(bits(subkey!, [size])));
    key = next!;
  }
  return indices;
}

/** The stable order of int32 words read as uint32: flipping the top bit makes the orders agree. */
function argsortUnsigned(words: Tensor): Tensor {
  const topBit = tf.fill(words.shape, -(2 ** 31), "int32");
  return runKernel("StableArgsort", { x: xor(words, topBit) });
}
