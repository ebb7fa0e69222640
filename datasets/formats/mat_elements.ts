/**
 * The elements that MATLAB's files of version 5 are made of: a type, a length, and bytes.
 *
 * @module
 */
import { type DType, fromBytes, itemSize, swapBytes, toBytes, type TypedArray } from "../array.ts";
import { DataFormatError, type Place } from "./data_format_error.ts";

/** The types of elements that hold numbers, by their numbers in the format. */
const NUMBERS: Readonly<Record<number, DType>> = {
  1: "int8",
  2: "uint8",
  3: "int16",
  4: "uint16",
  5: "int32",
  6: "uint32",
  7: "float32",
  9: "float64",
  12: "int64",
  13: "uint64",
};

/** The types of elements that hold text, and its encodings. */
const TEXTS: Readonly<Record<number, string>> = { 16: "utf-8", 17: "utf-16le" };

/** The element that is an array of any kind, made of elements. */
export const MATRIX = 14;

/** The element that holds another one, compressed by zlib. */
export const COMPRESSED = 15;

/** One element. */
export interface MatElement {
  readonly type: number;
  /** Where its tag begins. */
  readonly start: number;
  /** Where its bytes begin and end. */
  readonly begin: number;
  readonly end: number;
}

/** Bytes that hold elements, and what is known of them. */
export interface MatSource {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  readonly place: Place;
  /** Where a variable that was compressed begins in the file; null for the file's own bytes. */
  readonly variable: number | null;
}

/** Reads the elements of a range one after another. */
export class MatReader {
  readonly source: MatSource;
  readonly #view: DataView;
  readonly #end: number;
  /** The next byte. */
  position: number;

  constructor(source: MatSource, begin = 0, end = source.bytes.length) {
    const { buffer, byteOffset, byteLength } = source.bytes;
    this.source = source;
    this.#view = new DataView(buffer, byteOffset, byteLength);
    this.position = begin;
    this.#end = end;
  }

  /** How many bytes there are still. */
  get left(): number {
    return this.#end - this.position;
  }

  /** The next element; the reader then stands behind it and what fills it up to 8 bytes. */
  next(what: string): MatElement {
    const start = this.position;
    const { littleEndian } = this.source;
    if (this.left < 8) this.fail(what, start);
    const word = this.#view.getUint32(start, littleEndian);
    // Up to four bytes stand in the tag itself, which has the length in its upper half.
    const isSmall = word > 0xffff;
    const [type, length] = isSmall
      ? [word & 0xffff, word >>> 16]
      : [word, this.#view.getUint32(start + 4, littleEndian)];
    const begin = start + (isSmall ? 4 : 8);
    const room = isSmall ? 4 : this.left - 8;
    if (length > room) this.fail(`${what} within ${room} bytes`, start, `${length}`);
    const end = begin + length;
    const isPadded = !isSmall && type !== COMPRESSED;
    this.position = isSmall ? start + 8 : Math.min(this.#end, isPadded ? pad(end) : end);
    return { type, start, begin, end };
  }

  /** The elements that an element holds. */
  inside({ begin, end }: MatElement): MatReader {
    return new MatReader(this.source, begin, end);
  }

  /** The numbers of an element, in the type that they are stored in. */
  numbers({ type, start, begin, end }: MatElement, what: string): TypedArray {
    const dtype = NUMBERS[type];
    if (!dtype) return this.fail(`${what}, an element of numbers`, start, `type ${type}`);
    const size = itemSize(dtype);
    if ((end - begin) % size !== 0) this.fail(`${what}, whole numbers of ${size} bytes`, start);
    const values = fromBytes([this.source.bytes.subarray(begin, end)], dtype);
    if (!this.source.littleEndian) swapBytes(toBytes(values), size);
    return values;
  }

  /** The characters of an element. */
  text(element: MatElement, what: string): string {
    const { type, begin, end } = element;
    const encoding = TEXTS[type];
    if (encoding === undefined) {
      const codes = Array.from(this.numbers(element, what), Number);
      return codes.map((code) => String.fromCharCode(code)).join("");
    }
    const bytes = this.source.bytes.slice(begin, end);
    if (type === 17 && !this.source.littleEndian) swapBytes(bytes, 2);
    return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  }

  /** Throws the error that something else was expected at a byte. */
  fail(expected: string, at: number = this.position, actual = "something else"): never {
    const { place, variable } = this.source;
    const byteOffset = variable ?? at;
    const within = variable === null ? "" : ` within the variable that is compressed`;
    throw new DataFormatError(
      `Cannot read ${
        place.file ?? "the given bytes"
      } as MATLAB 5: expected ${expected}${within} at ` +
        `byte ${byteOffset}, got ${actual} (the file is damaged or of another version: save it ` +
        `again, with -v7)`,
      { ...place, byteOffset },
    );
  }
}

function pad(length: number): number {
  return Math.ceil(length / 8) * 8;
}
