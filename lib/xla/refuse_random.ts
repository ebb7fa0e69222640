/**
 * Keeps random numbers of the host out of programs: drawn while a function is traced, they would be
 * the same at each call.
 *
 * TensorFlow.js's generators (`tf.randomNormal`, `tf.dropout`, …) take their seed from
 * `Math.random` where none is given, so that this one function is all there is to watch. With a
 * seed they give the same numbers at each call anyway, compiled or not, and are let through.
 *
 * @module
 */
import { TracerError } from "../base/mod.ts";

function refuse(): never {
  throw new TracerError(
    "Cannot draw random numbers inside jit as they would be drawn once, while the function is " +
      "traced, and be the same at each call: Math.random was called (pass a key in and use " +
      "random.normal, random.uniform or random.bernoulli; or give tf.random* a seed other than 0 for " +
      "numbers that never change)",
  );
}

/** Runs a function, during which `Math.random` throws. */
export function withoutHostRandom<T>(body: () => T): T {
  const { random } = Math;
  Math.random = refuse;
  try {
    return body();
  } finally {
    Math.random = random;
  }
}
