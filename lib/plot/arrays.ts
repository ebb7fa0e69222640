/** Numbers on their way into a figure: what a builder accepts, and how a figure stores it. @module */
import { formatShape, sizeOf } from "../base/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import type { Column, PackedArray } from "./types.ts";

/** Numbers with a shape, as records of a data set hold them. */
export interface ArrayData {
  /** Sizes of the axes. */
  readonly shape: readonly number[];
  /** The numbers, the last axis fastest. */
  readonly data: ArrayLike<number> | ArrayLike<bigint>;
}

/** An {@linkcode ArrayInput} that has been read. */
export interface ReadArray extends ArrayData {
  readonly data: ArrayLike<number>;
}

/** Nested lists of numbers. */
export type NestedNumbers = number | readonly NestedNumbers[];

/** What a builder takes for an array: a tensor (read at once), a record's array, a typed array, or lists. */
export type ArrayInput = Tensor | ArrayData | ArrayLike<number> | readonly NestedNumbers[];

/** Longer columns are packed; shorter ones stay readable. */
const PACK_ABOVE = 64;

function isTyped(value: unknown): value is ArrayLike<number> {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function flatten(value: readonly NestedNumbers[], what: string): ReadArray {
  const shape: number[] = [];
  for (let v: NestedNumbers | undefined = value; Array.isArray(v); v = v[0]) shape.push(v.length);
  const data: number[] = [];
  const visit = (v: NestedNumbers, axis: number): void => {
    if (typeof v === "number" && axis === shape.length) {
      data.push(v);
    } else if (Array.isArray(v) && v.length === shape[axis]) {
      for (const item of v) visit(item, axis + 1);
    } else {
      throw new TypeError(
        `Cannot draw ${what} as its lists must be numbers in the shape of the first of them, ` +
          `${formatShape(shape)}: element ${data.length} is ${
            Array.isArray(v) ? `a list of ${v.length}` : typeof v
          }`,
      );
    }
  };
  visit(value, 0);
  return { shape, data };
}

/**
 * Reads any {@linkcode ArrayInput} as numbers with a shape. A leading axis of length 1 beyond `rank`
 * is dropped: records hold their static fields as `[1, …]`.
 *
 * @throws {TypeError} If the value is no array, is ragged, or its data do not fill its shape.
 */
export function readArray(value: ArrayInput, what: string, rank?: number): ReadArray {
  let array: ArrayData;
  if (isTyped(value)) array = { shape: [value.length], data: value };
  else if (Array.isArray(value)) array = flatten(value, what);
  else if (typeof (value as Tensor | null)?.dataSync === "function") {
    array = { shape: (value as Tensor).shape, data: (value as Tensor).dataSync() };
  } else if (Array.isArray((value as ArrayData | null)?.shape) && "data" in (value as ArrayData)) {
    array = value as ArrayData;
  } else {
    throw new TypeError(
      `Cannot draw ${what} as it must be an array, a typed array, {shape, data} or a tensor: ` +
        `got ${value === null ? "null" : typeof value}`,
    );
  }
  const size = sizeOf(array.shape);
  if (size !== array.data.length) {
    throw new TypeError(
      `Cannot draw ${what} as its shape ${formatShape(array.shape)} asks for ${size} numbers: ` +
        `got ${array.data.length}`,
    );
  }
  const extra = rank === undefined ? 0 : array.shape.length - rank;
  const drop = extra > 0 && array.shape.slice(0, extra).every((d) => d === 1);
  return {
    shape: drop ? array.shape.slice(extra) : array.shape,
    data: typeof array.data[0] === "bigint"
      ? Float64Array.from(array.data as ArrayLike<bigint>, Number)
      : array.data as ArrayLike<number>,
  };
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  // In pieces, as one call may not take more arguments than the engine's stack holds.
  for (let at = 0; at < bytes.length; at += 8192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(text);
}

/** Packs a typed array for plotly. All machines that Deno runs on are little endian, as plotly asks. */
function pack(values: Float32Array | Uint16Array | Int32Array): PackedArray {
  const dtype = values instanceof Float32Array ? "f4" : values instanceof Uint16Array ? "u2" : "i4";
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype, bdata: toBase64(bytes) };
}

/** A column of reals: a short list rounded to 6 digits (`null` for NaN and infinities), or float32. */
export function realColumn(values: ArrayLike<number>): Column {
  if (values.length > PACK_ABOVE) return pack(Float32Array.from(values));
  return Array.from(values, (v) => Number.isFinite(v) ? Number(v.toPrecision(6)) : null);
}

/** A column of indices below `limit`: a short list, or uint16 where that suffices, else int32. */
export function indexColumn(values: ArrayLike<number>, limit: number): Column {
  if (values.length <= PACK_ABOVE) return Array.from(values);
  return pack(limit <= 0x10000 ? Uint16Array.from(values) : Int32Array.from(values));
}
