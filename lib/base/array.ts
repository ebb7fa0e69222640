/**
 * Arrays as plain data, and what people write in their place: nested lists and typed arrays.
 *
 * @module
 */
import { formatShape, sameShape } from "./shape.ts";

/**
 * Numbers with a shape: how data sets, files, rollouts and figures hold arrays on the host.
 *
 * @template T What holds the numbers, such as a Float32Array.
 */
export interface ArrayData<T = ArrayLike<number>> {
  /** The size of each axis. */
  readonly shape: readonly number[];
  /** The numbers in row-major order, the last axis fastest. */
  readonly data: T;
}

/** Any typed array. */
export type AnyTypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** Numbers or booleans in nested arrays, all rows of one length. */
export type NestedArray = number | boolean | AnyTypedArray | readonly NestedArray[];

/** Whether something is a typed array. */
export function isTypedArray(value: unknown): value is AnyTypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Whether something has a shape and a list of values, of whatever kind these are. */
export function isArrayData(value: unknown): value is ArrayData<ArrayLike<unknown>> {
  const { shape, data } = (value ?? {}) as Record<string, unknown>;
  return Array.isArray(shape) && (Array.isArray(data) || isTypedArray(data));
}

/**
 * Whether something is made of numbers, booleans and lists of them; the rows may differ in length.
 */
export function isNestedArray(value: unknown): value is NestedArray {
  return typeof value === "number" || typeof value === "boolean" || isTypedArray(value) ||
    // Array.from also visits holes, which every() would pass over.
    Array.isArray(value) && Array.from(value).every(isNestedArray);
}

/**
 * The shape of a nested array.
 *
 * @param action What cannot be done if there is none, for the error.
 * @throws {TypeError} If rows differ in shape.
 */
export function shapeOfNested(value: NestedArray, action: string): number[] {
  if (isTypedArray(value)) return [value.length];
  if (typeof value !== "object") return [];
  const shapes = value.map((row) => shapeOfNested(row, action));
  const odd = shapes.findIndex((shape) => !sameShape(shape, shapes[0]!));
  if (odd < 0) return [value.length, ...shapes[0] ?? []];
  throw new TypeError(
    `Cannot ${action} as all rows must have one shape: row 0 is ${formatShape(shapes[0]!)}, ` +
      `row ${odd} is ${formatShape(shapes[odd]!)}`,
  );
}

/**
 * The values of a nested array, one after the other, as numbers.
 *
 * @param action What cannot be done, for the error.
 * @throws {TypeError} If numbers and booleans are mixed.
 */
export function flattenNested(value: NestedArray, action: string): number[] {
  if (isTypedArray(value)) return Array.from(value as Iterable<number | bigint>, Number);
  if (typeof value !== "object") return [Number(value)];
  const odd = value.findIndex((item) => typeof item !== typeof value[0]);
  if (odd >= 0) {
    throw new TypeError(
      `Cannot ${action} as its values must be all numbers or all booleans: it has a ` +
        `${typeof value[0]} and a ${typeof value[odd]} (value ${odd})`,
    );
  }
  return value.flatMap((item) => flattenNested(item, action));
}
