/** A field on a mesh's nodes, one frame or many, on its way into a figure. @module */
import { formatShape } from "../base/mod.ts";
import { type ArrayInput, readArray } from "./arrays.ts";

/**
 * Reads one value a node: `[V]`, `[V, 1]`, or vectors `[V, C]`, of which the length is taken.
 *
 * @throws {TypeError} If the field does not have a value for each of the `numPoints` nodes.
 */
export function readField(field: ArrayInput, numPoints: number): Float32Array {
  return readValues(field, numPoints, "a field", `the mesh's ${numPoints} nodes`);
}

/**
 * Reads one value for each of `count` things, or the lengths of vectors.
 *
 * @throws {TypeError} If there are not so many.
 */
export function readValues(
  values: ArrayInput,
  count: number,
  what: string,
  things: string,
): Float32Array {
  const array = readArray(values, what, 2);
  const [rows, width = 1] = array.shape;
  if (rows !== count || array.shape.length > 2 || width < 1) {
    throw new TypeError(
      `Cannot draw ${what} as it must have a value for each of ${things}, ` +
        `[${count}] or [${count}, C]: got ${formatShape(array.shape)}`,
    );
  }
  return lengths(array.data, width);
}

/** Frames of a field: T frames of V nodes with C components, in one flat array. */
export interface FieldFrames {
  readonly numFrames: number;
  readonly width: number;
  readonly data: ArrayLike<number>;
}

/**
 * Reads frames of a field, `[T, V]` or `[T, V, C]`.
 *
 * @throws {TypeError} If the shape does not fit the mesh.
 */
export function readFrames(frames: ArrayInput, numPoints: number, name: string): FieldFrames {
  const { shape, data } = readArray(frames, name);
  const [numFrames = 0, rows, width = 1] = shape;
  if (rows !== numPoints || shape.length < 2 || shape.length > 3 || width < 1 || numFrames < 1) {
    throw new TypeError(
      `Cannot draw a rollout as ${name} must have a value for each of the mesh's ${numPoints} ` +
        `nodes in each frame, [T, ${numPoints}] or [T, ${numPoints}, C]: got ${formatShape(shape)}`,
    );
  }
  return { numFrames, width, data };
}

/** The values of one frame: the numbers themselves, or the vectors' lengths. */
export function frameOf(frames: FieldFrames, frame: number): Float32Array {
  const size = frames.data.length / frames.numFrames;
  const slice = new Float32Array(size);
  for (let n = 0; n < size; n++) slice[n] = frames.data[frame * size + n]!;
  return lengths(slice, frames.width);
}

/** How far two frames are apart: |a - b| for numbers, the length of the difference for vectors. */
export function errorOf(a: FieldFrames, b: FieldFrames, frame: number): Float32Array {
  const size = a.data.length / a.numFrames;
  const difference = new Float32Array(size);
  for (let n = 0; n < size; n++) {
    difference[n] = Math.abs(a.data[frame * size + n]! - b.data[frame * size + n]!);
  }
  return lengths(difference, a.width);
}

/**
 * Lengths of vectors of `width` components; numbers (width 1) stay what they are, sign included.
 */
function lengths(data: ArrayLike<number>, width: number): Float32Array {
  if (width === 1) return Float32Array.from(data);
  const result = new Float32Array(data.length / width);
  for (let n = 0; n < result.length; n++) {
    let sum = 0;
    for (let c = 0; c < width; c++) sum += data[n * width + c]! ** 2;
    result[n] = Math.sqrt(sum);
  }
  return result;
}
