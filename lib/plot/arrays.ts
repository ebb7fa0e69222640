/**
 * Numbers on their way into a figure: what a builder accepts, and how a figure stores it.
 *
 * @module
 */
import {
  type ArrayData,
  flattenNested,
  formatShape,
  isArrayData,
  isNestedArray,
  isTypedArray,
  type NestedArray,
  shapeOfNested,
  sizeOf,
} from "../base/mod.ts";
import type { Tensor } from "../tree/mod.ts";
import type { Column, PackedArray } from "./types.ts";

export type { ArrayData };

/** Nested lists of numbers. */
export type NestedNumbers = number | readonly NestedNumbers[];

/**
 * An array, as builders take it: a tensor (read at once), a record's array, a typed array, or
 * lists.
 */
export type ArrayInput =
  | Tensor
  | ArrayData<ArrayLike<number> | ArrayLike<bigint>>
  | ArrayLike<number>
  | readonly NestedNumbers[];

/** Longer columns are packed; shorter ones stay readable. */
const PACK_ABOVE = 64;

/** An input with its shape: its own, or that of its lists. */
function shaped(value: ArrayInput, what: string): ArrayData<ArrayLike<number | bigint>> {
  if (typeof (value as Tensor | null)?.dataSync === "function") {
    return { shape: (value as Tensor).shape, data: (value as Tensor).dataSync() };
  }
  if (isTypedArray(value)) return { shape: [value.length], data: value };
  if (isArrayData(value)) return value as ArrayData;
  if (Array.isArray(value) && isNestedArray(value)) {
    const shape = shapeOfNested(value as NestedArray, `draw ${what}`);
    return { shape, data: flattenNested(value as NestedArray, `draw ${what}`) };
  }
  throw new TypeError(
    `Cannot draw ${what} as it must be numbers in lists or a typed array, {shape, data} or a ` +
      `tensor: got ${
        value === null ? "null" : Array.isArray(value) ? "other lists" : typeof value
      }`,
  );
}

/**
 * Reads any {@linkcode ArrayInput} as numbers with a shape. A leading axis of length 1 beyond
 * `rank` is dropped: records hold their static fields as `[1, …]`.
 *
 * @throws {TypeError} If the value is no array, is ragged, or its data do not fill its shape.
 */
export function readArray(value: ArrayInput, what: string, rank?: number): ArrayData {
  const { shape, data } = shaped(value, what);
  const size = sizeOf(shape);
  if (size !== data.length) {
    throw new TypeError(
      `Cannot draw ${what} as its shape ${formatShape(shape)} asks for ${size} numbers: ` +
        `got ${data.length}`,
    );
  }
  const extra = rank === undefined ? 0 : shape.length - rank;
  const drop = extra > 0 && shape.slice(0, extra).every((d) => d === 1);
  return {
    shape: drop ? shape.slice(extra) : shape,
    data: typeof data[0] === "bigint"
      ? Float64Array.from(data as ArrayLike<bigint>, Number)
      : data as ArrayLike<number>,
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

/**
 * Packs a typed array for plotly. All machines that Deno runs on are little endian, as plotly asks.
 */
function pack(values: Float32Array | Uint16Array | Int32Array): PackedArray {
  const dtype = values instanceof Float32Array ? "f4" : values instanceof Uint16Array ? "u2" : "i4";
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  return { dtype, bdata: toBase64(bytes) };
}

/**
 * A column of reals: a short list rounded to 6 digits (`null` for NaN and infinities), or float32.
 */
export function realColumn(values: ArrayLike<number>): Column {
  if (values.length > PACK_ABOVE) return pack(Float32Array.from(values));
  return Array.from(values, (v) => Number.isFinite(v) ? Number(v.toPrecision(6)) : null);
}

/** A column of indices below `limit`: a short list, or uint16 where that suffices, else int32. */
export function indexColumn(values: ArrayLike<number>, limit: number): Column {
  if (values.length <= PACK_ABOVE) return Array.from(values);
  return pack(limit <= 0x10000 ? Uint16Array.from(values) : Int32Array.from(values));
}
