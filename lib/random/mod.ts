/**
 * Functional random numbers: the same key gives the same numbers, on every engine and inside `jit`.
 *
 * The functions follow `jax.random` with the Threefry generator and `jax_threefry_partitionable`
 * on, and give its numbers: bits, uniform, bernoulli and permutation bit for bit, normal within 2
 * units in the last place.
 *
 * @module
 */
export { foldIn, key, split } from "./key.ts";
export { bits } from "./bits.ts";
export { uniform, type UniformOptions } from "./uniform.ts";
export { normal } from "./normal.ts";
export { bernoulli } from "./bernoulli.ts";
export { permutation } from "./permutation.ts";
