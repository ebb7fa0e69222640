/**
 * Tables of numbers as text without a header: rows of as many fields each, parted by commas.
 * @module
 */
import type { DataArray } from "../array.ts";
import type { ByteChunks } from "./byte_stream.ts";
import { readDecimal } from "./decimal.ts";
import { DataFormatError, type Place } from "./data_format_error.ts";

const [TAB, NEWLINE, RETURN, SPACE] = [9, 10, 13, 32] as const;
const COMMA = 44;

const UTF8 = new TextDecoder();

/** The classes of values that a table can have. */
export interface NumberTableValues {
  readonly int32: Int32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

const MAKE: { readonly [T in keyof NumberTableValues]: (length: number) => NumberTableValues[T] } =
  {
    int32: (length) => new Int32Array(length),
    float32: (length) => new Float32Array(length),
    float64: (length) => new Float64Array(length),
  };

/**
 * Reads a table of numbers, a chunk at a time; memory grows with what was read. An empty field, or
 * `nan`, is NaN. Empty lines are passed over.
 *
 * @param chunks The bytes.
 * @param type What the numbers become; integers must be whole and in range.
 * @param place The file's name, for errors.
 * @returns `[rows, fields]`.
 * @throws {DataFormatError} If a field is no such number, or a row has another number of fields;
 *   the message names row and byte.
 */
export async function readNumberTable<T extends keyof NumberTableValues>(
  chunks: ByteChunks,
  type: T,
  place: Place = {},
): Promise<DataArray<NumberTableValues[T]>> {
  const table = new NumberTable<T>(type, place);
  let rest = new Uint8Array(0);
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      rest = joined(rest, chunk);
      continue;
    }
    table.parse(rest.length === 0 ? chunk.subarray(0, end) : joined(rest, chunk.subarray(0, end)));
    rest = chunk.slice(end);
  }
  table.parse(rest);
  return table.finish();
}

/**
 * The byte at which a row of such a table begins; that of the table's end where it has fewer rows.
 *
 * @param chunks The bytes.
 * @param row Its number, from 0.
 */
export async function byteOfRow(chunks: ByteChunks, row: number): Promise<number> {
  let [byteOffset, lineStart, rows] = [0, 0, 0];
  let isEmpty = true;
  for await (const chunk of chunks) {
    for (const byte of chunk) {
      if (byte === NEWLINE) [isEmpty, lineStart] = [true, byteOffset + 1];
      else if (isEmpty && byte !== SPACE && byte !== TAB && byte !== RETURN) {
        if (rows++ === row) return lineStart;
        isEmpty = false;
      }
      byteOffset++;
    }
  }
  return byteOffset;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** Takes whole lines, and grows. */
class NumberTable<T extends keyof NumberTableValues> {
  readonly #type: T;
  readonly #place: Place;
  #data: NumberTableValues[T];
  #length = 0;
  #rows = 0;
  #width = -1;
  /** Bytes before those at hand. */
  #before = 0;
  #bytes: Uint8Array = new Uint8Array(0);
  /** The next byte. */
  #at = 0;

  constructor(type: T, place: Place) {
    this.#type = type;
    this.#place = place;
    this.#data = MAKE[type](64);
  }

  parse(bytes: Uint8Array): void {
    this.#bytes = bytes;
    this.#at = 0;
    while (this.#at < bytes.length) this.#row();
    this.#before += bytes.length;
  }

  finish(): DataArray<NumberTableValues[T]> {
    const data = this.#data.slice(0, this.#length) as NumberTableValues[T];
    return { shape: [this.#rows, Math.max(this.#width, 0)], data };
  }

  #row(): void {
    const start = this.#at;
    this.#skipSpace();
    if (this.#isLineEnd()) {
      this.#at++;
      return;
    }
    const first = this.#length;
    while (true) {
      this.#push(this.#number());
      if (this.#bytes[this.#at] !== COMMA) break;
      this.#at++;
      this.#skipSpace();
    }
    if (!this.#isLineEnd()) this.#fail("a comma or the end of the line", this.#at);
    this.#at++;
    const width = this.#length - first;
    if (this.#width < 0) this.#width = width;
    if (width !== this.#width) {
      this.#fail(`${this.#width} fields, as in the rows before`, start, `${width}`);
    }
    this.#rows++;
  }

  #isLineEnd(): boolean {
    const byte = this.#bytes[this.#at];
    return byte === undefined || byte === NEWLINE;
  }

  #skipSpace(): void {
    let byte = this.#bytes[this.#at];
    while (byte === SPACE || byte === TAB || byte === RETURN) byte = this.#bytes[++this.#at];
  }

  #push(value: number): void {
    if (this.#length === this.#data.length) {
      const grown = MAKE[this.#type](2 * this.#length);
      grown.set(this.#data);
      this.#data = grown;
    }
    this.#data[this.#length++] = value;
  }

  /** A field, and the white space behind it. */
  #number(): number {
    const bytes = this.#bytes;
    const start = this.#at;
    const { value, end, isPlain } = readDecimal(bytes, start);
    this.#at = end;
    this.#skipSpace();
    const isEnd = this.#isLineEnd() || bytes[this.#at] === COMMA;
    return isPlain && isEnd ? this.#checked(value, start) : this.#unusual(start);
  }

  /** A field that is empty, long, or has an exponent. */
  #unusual(start: number): number {
    const bytes = this.#bytes;
    let end = start;
    while (end < bytes.length && bytes[end] !== COMMA && bytes[end] !== NEWLINE) end++;
    const word = UTF8.decode(bytes.subarray(start, end)).trim();
    this.#at = end;
    const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word);
    if (isDecimal) return this.#checked(Number(word), start);
    if (word === "" || /^[+-]?nan$/i.test(word)) return this.#checked(NaN, start);
    const infinity = /^([+-]?)inf(inity)?$/i.exec(word);
    if (infinity) return this.#checked(infinity[1] === "-" ? -Infinity : Infinity, start);
    return this.#fail("a number", start);
  }

  #checked(value: number, start: number): number {
    if (this.#type !== "int32" || (value | 0) === value) return value;
    return this.#fail("a whole number of 32 bits", start);
  }

  #fail(expected: string, at: number, actual?: string): never {
    const { file } = this.#place;
    const word = UTF8.decode(this.#bytes.subarray(at, at + 40)).split(/[,\s]/)[0]!;
    const byteOffset = this.#before + at;
    throw new DataFormatError(
      `Cannot read ${
        file ?? "the given bytes"
      } as a table of numbers: expected ${expected} in row ` +
        `${this.#rows} at byte ${byteOffset}, got ${actual ?? JSON.stringify(word)} ` +
        `(the file is damaged or of another kind: download or copy it again)`,
      { file, record: this.#rows, byteOffset },
    );
  }
}
