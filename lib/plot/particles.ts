/** Particles on their way into a figure. @module */
import { formatShape } from "../base/mod.ts";
import { type ArrayInput, readArray } from "./arrays.ts";

/** T frames of N particles in D dimensions, in one flat array. */
export interface Particles {
  readonly numFrames: number;
  readonly count: number;
  readonly dimension: 2 | 3;
  readonly data: ArrayLike<number>;
}

/**
 * Reads positions, `[N, D]` or `[T, N, D]`.
 *
 * @throws {TypeError} If the shape is another one.
 * @throws {RangeError} If there is no particle, or no frame.
 */
export function readParticles(positions: ArrayInput): Particles {
  const { shape, data } = readArray(positions, "positions");
  const [numFrames, count, dimension] = shape.length === 2 ? [1, ...shape] : shape;
  if (shape.length > 3 || (dimension !== 2 && dimension !== 3)) {
    throw new TypeError(
      `Cannot draw particles as positions are [N, D] or [T, N, D] with 2 or 3 coordinates: got ` +
        formatShape(shape),
    );
  }
  if (!count || !numFrames) {
    throw new RangeError(`Cannot draw particles as there are none: got ${formatShape(shape)}`);
  }
  return { numFrames, count, dimension, data };
}
