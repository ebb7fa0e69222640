/** Arrays in safetensors files. @module */
import {
  decodeSafetensorsContent,
  encodeSafetensorsContent,
  type SafetensorsEntry,
  safetensorsHeader,
  SafetensorsProblem,
  sizeOf,
} from "../../lib/base/mod.ts";
import { type DataArray, type DType, dtypeOf, fromBytes, itemSize, toBytes } from "../array.ts";
import { DataFormatError, type Place } from "./data_format_error.ts";
import { placeInJson } from "./json_place.ts";

/** Arrays by their names, and what the file says beside them. */
export interface Safetensors {
  /** The arrays; bools come as bytes. */
  readonly tensors: Readonly<Record<string, DataArray>>;
  /** Texts by their names. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The format's names of dtypes. */
const DTYPES: Readonly<Record<string, DType>> = {
  F64: "float64",
  F32: "float32",
  I64: "int64",
  I32: "int32",
  I16: "int16",
  I8: "int8",
  U64: "uint64",
  U32: "uint32",
  U16: "uint16",
  U8: "uint8",
  BOOL: "bool",
};

/** Dtypes of 16 bits that no typed array has, and what makes float32 of them. */
const HALVES: Readonly<Record<string, (bits: Uint16Array) => Float32Array>> = {
  F16: (bits) => Float32Array.from(bits, fromHalf),
  // Each is the upper half of a float32.
  BF16: (bits) => new Float32Array(Int32Array.from(bits, (each) => each << 16).buffer),
};

const SIZES: Readonly<Record<string, number>> = Object.fromEntries([
  ...Object.entries(DTYPES).map(([name, dtype]) => [name, itemSize(dtype)]),
  ...Object.keys(HALVES).map((name) => [name, 2]),
]);

/** A number of IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = bits >> 10 & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/**
 * Reads a safetensors file. Numbers of 16 bits (`F16`, `BF16`) come as float32, which holds them
 * exactly.
 *
 * @param bytes The file, all of it.
 * @param place The file's name, for errors.
 * @throws {DataFormatError} If the file is cut or damaged, its tensors overlap or leave bytes over,
 * or one is of floats of 8 bits or fewer; the message names the byte.
 *
 * @example
 * ```ts
 * import { encodeSafetensors, parseSafetensors } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const tensors = { mass: { shape: [2], data: Float64Array.of(1.5, 2) } };
 * const bytes = encodeSafetensors({ tensors, metadata: { unit: "kg" } });
 * assertEquals(parseSafetensors(bytes), { tensors, metadata: { unit: "kg" } });
 * ```
 */
export function parseSafetensors(bytes: Uint8Array, place: Place = {}): Safetensors {
  try {
    const { entries, metadata } = decodeSafetensorsContent(bytes, SIZES);
    const tensors = Array.from(entries, ([name, entry]) => [name, arrayOf(entry)] as const);
    return { tensors: Object.fromEntries(tensors), metadata: { ...metadata } };
  } catch (problem) {
    if (!(problem instanceof SafetensorsProblem)) throw problem;
    throw errorOf(problem, bytes, place);
  }
}

function arrayOf({ dtype, shape, bytes }: SafetensorsEntry): DataArray {
  const half = HALVES[dtype];
  if (!half) return { shape: [...shape], data: fromBytes([bytes], DTYPES[dtype]!) };
  return { shape: [...shape], data: half(fromBytes([bytes], "uint16") as Uint16Array) };
}

function errorOf(
  { rule, kind, at, cause }: SafetensorsProblem,
  bytes: Uint8Array,
  place: Place,
): DataFormatError {
  const byteOffset = typeof at === "number"
    ? at
    : 8 + placeInJson(new TextDecoder().decode(safetensorsHeader(bytes)), at);
  const problem = kind === "dtype" ? `dtypes are ${Object.keys(SIZES).join(", ")}: ${rule}` : rule;
  const remedy = kind === "dtype" ? "convert it before saving" : "download or copy it again";
  return new DataFormatError(
    `Cannot read ${place.file ?? "the given bytes"} as safetensors as ${problem}, at byte ` +
      `${byteOffset} (${remedy})`,
    { ...place, byteOffset },
    { cause },
  );
}

/**
 * Arrays as a safetensors file, which Python's library of that name reads. Equal arguments give
 * equal bytes.
 *
 * @param content The arrays by their names, and texts to be kept beside them.
 * @throws {RangeError} If a shape does not fit the values.
 *
 * @example
 * ```ts
 * import { encodeSafetensors } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = encodeSafetensors({ tensors: { x: { shape: [], data: Int32Array.of(7) } } });
 * assertEquals([...bytes.subarray(-4)], [7, 0, 0, 0]);
 * ```
 */
export function encodeSafetensors(
  { tensors, metadata = {} }: {
    readonly tensors: Readonly<Record<string, DataArray>>;
    readonly metadata?: Readonly<Record<string, string>>;
  },
): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    if (sizeOf(shape) !== data.length) {
      throw new RangeError(
        `Cannot write ${name} as safetensors as its shape must fit its values: got ` +
          `[${shape.join(", ")}] for ${data.length} values`,
      );
    }
    const dtype = Object.keys(DTYPES).find((each) => DTYPES[each] === dtypeOf(data))!;
    return [name, { dtype, shape, bytes: toBytes(data) }] as const;
  });
  return encodeSafetensorsContent({ entries: new Map(entries), metadata }, SIZES);
}
