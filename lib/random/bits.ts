/** Random bits, from which all else is made. @module */
import * as tf from "@tensorflow/tfjs";
import { runKernel } from "../tfjs/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import { checkKey, checkShape } from "./check.ts";
import { hashIndices } from "./key.ts";

/**
 * Draws 32 random bits an element.
 *
 * As `jax.random.bits` with `jax_threefry_partitionable`, bit for bit: an element depends on the
 * key and on its flat index only, so devices can each draw their own part.
 *
 * @param key int32 `[2]`.
 * @param shape The shape of the result.
 * @returns int32 of the given shape: the bits of JAX's uint32.
 * @throws {TypeError} If `key` is no key or `shape` no array.
 * @throws {RangeError} If a size is negative or not an integer.
 *
 * @example
 * ```ts
 * import { random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const bits = random.bits(random.key(0), [3]);
 * assertEquals(bits.dtype, "int32");
 * assertEquals(bits.shape, [3]);
 * ```
 */
export function bits(key: Tensor, shape: readonly number[] = []): Tensor {
  checkKey(key, "draw random bits");
  const size = checkShape(shape, "draw random bits");
  if (size === 0) return tf.zeros([...shape], "int32");
  return tf.tidy(() => {
    const words = hashIndices(key, size);
    const a = words.slice([0, 0], [size, 1]);
    const b = words.slice([0, 1], [size, 1]);
    return xor(a, b).reshape([...shape]);
  });
}

/** Bitwise exclusive or of two int32 tensors of one shape. */
export function xor(a: Tensor, b: Tensor): Tensor {
  return runKernel("BitwiseXor", { a, b });
}
