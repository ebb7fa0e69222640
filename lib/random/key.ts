/** Keys of the random functions: made from a seed, split, and folded with data. @module */
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { runKernel } from "../tfjs/mod.ts";
import { describe, isTensor, type Tensor } from "../tree/mod.ts";
import { checkKey } from "./check.ts";

/**
 * Makes a key from a seed.
 *
 * A key stands where other libraries hide a generator's state: every random function takes one and
 * always gives the same numbers for it, on every engine and inside `jit`. Never use a key twice;
 * {@linkcode split} it.
 *
 * As `jax.random.key_data(jax.random.key(seed))` with 64-bit types off: of the seed, its lower 32
 * bits in two's complement count.
 *
 * @param seed An integer, negative ones included.
 * @returns int32 `[2]`, the two words of a Threefry key.
 * @throws {RangeError} If the seed is not a safe integer.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...random.key(7).dataSync()], [0, 7]);
 * ```
 */
export function key(seed: number): Tensor {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `Cannot make a key as a seed is an integer of at most 53 bits: got ${describe(seed)}`,
    );
  }
  return tf.tensor1d([0, lowWord(seed)], "int32");
}

/**
 * Splits a key into new keys, independent of each other and of what the old key gives.
 *
 * As `jax.random.split` with `jax_threefry_partitionable`: the first keys do not depend on `num`.
 *
 * @param key int32 `[2]`.
 * @param num How many keys.
 * @returns int32 `[num, 2]`, a key a row: `const [a, b] = tf.unstack(random.split(key))`.
 * @throws {TypeError} If `key` is no key.
 * @throws {RangeError} If `num` is not a positive integer.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const [first, second] = tf.unstack(random.split(random.key(0)));
 * assertEquals(first!.shape, [2]);
 * assertEquals([...first!.dataSync()], [1797259609, -1715843330]);
 * assertEquals([...second!.dataSync()], [928981903, -841280227]);
 * ```
 */
export function split(key: Tensor, num = 2): Tensor {
  checkKey(key, "split a key");
  checkPositiveInteger(num, "split a key", "num");
  return tf.tidy(() => hashIndices(key, num));
}

/**
 * Folds a number into a key: one key a step, a layer or a device, without passing keys along.
 *
 * As `jax.random.fold_in`.
 *
 * @param key int32 `[2]`.
 * @param data A 32-bit integer, or an int32 scalar tensor (a step counter inside `jit`).
 * @returns A new key, int32 `[2]`.
 * @throws {TypeError} If `key` is no key, or the tensor `data` is not an int32 scalar.
 * @throws {RangeError} If the number `data` has more than 32 bits or a fraction.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const key = random.key(0);
 * const byNumber = random.foldIn(key, 3);
 * const byTensor = random.foldIn(key, tf.scalar(3, "int32"));
 * assertEquals([...byNumber.dataSync()], [...byTensor.dataSync()]);
 * ```
 */
export function foldIn(key: Tensor, data: number | Tensor): Tensor {
  checkKey(key, "fold data into a key");
  if (isTensor(data)) {
    if (data.dtype !== "int32" || data.rank !== 0) {
      throw new TypeError(
        `Cannot fold data into a key as data is one integer: got ${describe(data)} ` +
          `(an int32 scalar tensor)`,
      );
    }
    return tf.tidy(() => threefry(key, tf.stack([tf.scalar(0, "int32"), data])));
  }
  if (!Number.isInteger(data) || data < -(2 ** 31) || data >= 2 ** 32) {
    throw new RangeError(
      `Cannot fold data into a key as data is a 32-bit integer: got ${describe(data)}`,
    );
  }
  return tf.tidy(() => threefry(key, tf.tensor1d([0, lowWord(data)], "int32")));
}

/** The hash of the 64-bit indices 0, 1, ..., size - 1 under a key: int32 `[size, 2]`. */
export function hashIndices(key: Tensor, size: number): Tensor {
  // The upper words are zero: no tensor has 2^32 elements.
  const index = tf.range(0, size, 1, "int32");
  return threefry(key, tf.stack([tf.zeros([size], "int32"), index], 1));
}

function threefry(key: Tensor, counts: Tensor): Tensor {
  return runKernel("Threefry2x32", { key, counts });
}

/** The lower 32 bits of an integer, in two's complement. `| 0` takes any safe integer mod 2^32. */
function lowWord(integer: number): number {
  return integer | 0;
}
