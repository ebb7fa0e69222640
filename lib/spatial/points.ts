/** Points, radii and boxes that a user passed, checked and on the host. @module */
import {
  type ArrayRecord,
  checkReadable,
  type TensorLike,
  toInt32Tensor,
  toTensor,
} from "../tensor/mod.ts";
import { describe, formatShape, isTensor, type Tensor } from "../tree/mod.ts";

/** Points on the host. */
export interface Points {
  /** N. */
  readonly count: number;
  /** 1, 2 or 3. */
  readonly dim: number;
  /** `[N, dim]`, row-major. */
  readonly data: Float64Array;
}

/**
 * A periodic box: one length for all axes or one each; `Infinity` where an axis is not periodic.
 */
export type Box = number | readonly number[];

/** Records of double precision are read as they are; a tensor would round them. */
function isDoubleRecord(value: unknown): value is ArrayRecord {
  return typeof value === "object" && value !== null && !isTensor(value) &&
    "data" in value && value.data instanceof Float64Array &&
    "shape" in value && Array.isArray(value.shape) &&
    value.shape.reduce((a, b) => a * b, 1) === value.data.length;
}

const REMEDY = "make it before jit; inside jit update a neighborList()";

function readArray(value: TensorLike, action: string, name: string): ArrayRecord {
  if (isDoubleRecord(value)) return value;
  const tensor = toTensor(value, name);
  checkReadable(tensor, action, name, REMEDY);
  if (tensor.dtype === "bool") {
    throw new TypeError(`Cannot ${action} as ${name} must be numbers: got ${describe(tensor)}`);
  }
  const array = { shape: tensor.shape, data: tensor.dataSync() as Float32Array };
  if (!isTensor(value)) tensor.dispose();
  return array;
}

/** Fails unless a shape is that of points. */
export function checkPointShape(shape: readonly number[], action: string, name: string): void {
  if (shape.length === 2 && shape[1]! >= 1 && shape[1]! <= 3) return;
  throw new TypeError(
    `Cannot ${action} as points have 1 to 3 coordinates: ${name} is ${formatShape(shape)} ` +
      `(pass [N, 1], [N, 2] or [N, 3])`,
  );
}

/**
 * Reads points.
 *
 * @throws {TypeError} If they are not `[N, 1..3]`; an empty list is no points.
 * @throws {RangeError} If one is not finite.
 * @throws {TracerError} Inside `jit`.
 */
export function readPoints(value: TensorLike, action: string, name = "positions"): Points {
  const { shape, data } = readArray(value, action, name);
  if (String(shape) === "0") return { count: 0, dim: 1, data: new Float64Array(0) };
  checkPointShape(shape, action, name);
  const [count, dim] = shape as [number, number];
  const points = { count, dim, data: Float64Array.from(data as Float32Array) };
  const wrong = points.data.findIndex((x) => !Number.isFinite(x));
  if (wrong < 0) return points;
  const row = Math.floor(wrong / dim);
  throw new RangeError(
    `Cannot ${action} as positions must be finite: point ${row} of ${name} is ` +
      formatShape(Array.from(points.data.subarray(row * dim, (row + 1) * dim))),
  );
}

/** Fails unless a value is a positive, finite length. */
export function checkLength(value: number, action: string, name: string): void {
  if (typeof value === "number" && value > 0 && value < Infinity) return;
  throw new RangeError(
    `Cannot ${action} as ${name} must be a positive, finite length: got ${describe(value)}`,
  );
}

/**
 * The length of the box along each axis; `Infinity` along those that are not periodic.
 *
 * @throws {RangeError} If a length is not positive, or there is not one for each axis.
 */
export function readBox(box: Box | null | undefined, dim: number, action: string): number[] {
  if (box == null) return new Array<number>(dim).fill(Infinity);
  const lengths = typeof box === "number" ? new Array<number>(dim).fill(box) : box;
  const isLength = (length: unknown): boolean => typeof length === "number" && length > 0;
  if (Array.isArray(lengths) && lengths.length === dim && lengths.every(isLength)) {
    return [...lengths];
  }
  const got = Array.isArray(lengths) ? formatShape(lengths) : describe(box);
  throw new RangeError(
    `Cannot ${action} as a box has one positive length for each axis: box is ${got}, points have ` +
      `${dim} coordinates (Infinity along an axis that is not periodic)`,
  );
}

/**
 * Fails unless a sphere of this radius is narrower than the box: else it would hold two images of
 * one point.
 */
export function checkFits(radius: number, box: readonly number[], action: string): void {
  if (box.every((length) => radius < length / 2)) return;
  throw new RangeError(
    `Cannot ${action} as the radius must be less than half of a periodic box, so that no two ` +
      `images of a point are near: radius is ${radius}, box is ${formatShape(box)}`,
  );
}

/**
 * Moves points into the box, `[0, length)` along periodic axes (rounding may give `length`), in
 * place.
 */
export function wrapInto({ count, dim, data }: Points, box: readonly number[]): void {
  for (let axis = 0; axis < dim; axis++) {
    const length = box[axis]!;
    if (length === Infinity) continue;
    for (let i = axis; i < count * dim; i += dim) {
      data[i]! -= Math.floor(data[i]! / length) * length;
    }
  }
}

/**
 * The number of points of each graph; all in one by default.
 *
 * @throws {RangeError} If they do not add up to the number of points.
 */
export function readCounts(
  nNode: TensorLike | null | undefined,
  { count }: Points,
  action: string,
): Int32Array {
  if (nNode == null) return Int32Array.of(count);
  const tensor: Tensor = toInt32Tensor(nNode, "nNode");
  checkReadable(tensor, action, "nNode", REMEDY);
  const counts = tensor.dataSync<"int32">().slice();
  if (!isTensor(nNode)) tensor.dispose();
  const sum = counts.reduce((a, b) => a + b, 0);
  if (tensor.rank === 1 && sum === count && counts.every((n) => n >= 0)) return counts;
  throw new RangeError(
    `Cannot ${action} as nNode counts the points of each graph: nNode is ` +
      `${formatShape(Array.from(counts))}, there are ${count} points`,
  );
}
