/** Random numbers on the host, for generators of data. @module */

/** A stream of random numbers: each call draws the next. */
export interface RandomStream {
  /** A number in `[min, max)`; in `[0, 1)` by default. */
  uniform(min?: number, max?: number): number;
  /** A number of the normal distribution of mean 0 and variance 1. */
  normal(): number;
  /** A whole number in `[0, below)`. */
  integer(below: number): number;
}

/**
 * Opens a stream that is the same for the same seed, on every machine and engine. (Generators of
 * data run on the host and draw numbers one by one; `random` of the library is for programs over
 * tensors.)
 *
 * The bits are those of Mulberry32 (Tommy Ettinger 2017), normal numbers come by Box and Muller
 * (1958).
 *
 * @throws {RangeError} If the seed is not a whole number.
 */
export function randomStream(seed: number): RandomStream {
  if (!Number.isSafeInteger(seed)) {
    throw new RangeError(
      `Cannot draw random numbers as the seed must be a whole number: got ${seed}`,
    );
  }
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    uniform: (min = 0, max = 1) => min + (max - min) * next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    integer: (below) => Math.floor(below * next()),
  };
}
