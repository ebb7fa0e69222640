/**
 * Numbers of legacy VTK files, as text or as big-endian bytes, and the data arrays made of them.
 * @module
 */
import type { DataArray } from "../array.ts";
import { type ByteCursor, BYTES_OF_WORD } from "./byte_cursor.ts";
import { type NumberArray, type ScalarName, SCALARS, type ScalarType } from "./scalar_type.ts";

/** The names of types, in lower case. */
const VTK_TYPES: Readonly<Record<string, ScalarName>> = {
  char: "int8",
  signed_char: "int8",
  unsigned_char: "uint8",
  short: "int16",
  unsigned_short: "uint16",
  int: "int32",
  unsigned_int: "uint32",
  long: "int64",
  unsigned_long: "uint64",
  float: "float32",
  double: "float64",
  // Files hold it in 32 bits, whatever the program that wrote them had.
  vtkidtype: "int32",
  vtktypeint8: "int8",
  vtktypeuint8: "uint8",
  vtktypeint16: "int16",
  vtktypeuint16: "uint16",
  vtktypeint32: "int32",
  vtktypeuint32: "uint32",
  vtktypeint64: "int64",
  vtktypeuint64: "uint64",
  vtktypefloat32: "float32",
  vtktypefloat64: "float64",
};

/** Reads the parts that all sections are made of. */
export class VtkValues {
  readonly cursor: ByteCursor;
  readonly #isText: boolean;

  constructor(cursor: ByteCursor, isText: boolean) {
    this.cursor = cursor;
    this.#isText = isText;
  }

  /** The next word as the name of a type; `null` for bits. */
  type(): ScalarType | null {
    const { cursor } = this;
    cursor.skipSpace();
    const start = cursor.position;
    const word = cursor.word().toLowerCase();
    if (word === "bit") return null;
    if (Object.hasOwn(VTK_TYPES, word)) return SCALARS[VTK_TYPES[word]!];
    return cursor.fail("a type of numbers, such as float", start);
  }

  /** So many numbers, from the next line on. */
  values(type: ScalarType | null, count: number, what: string): NumberArray {
    const { cursor } = this;
    cursor.skipLine();
    if (type === null) return this.#bits(count, what);
    cursor.checkRoom(count, this.#isText ? BYTES_OF_WORD : type.size, `the number of ${what}`);
    const data = type.make(count);
    if (this.#isText) { for (let i = 0; i < count; i++) data[i] = cursor.text(type, what); }
    else for (let i = 0; i < count; i++) data[i] = cursor.binary(type, false, what);
    return data;
  }

  /** Values of things by name: `[n]`, `[n, k]`, or of the shape of one. */
  array(type: ScalarType | null, count: number, shape: readonly number[], what: string): DataArray {
    const width = shape.reduce((product, axis) => product * axis, 1);
    const data = this.values(type, count * width, what);
    return { shape: width === 1 ? [count] : [count, ...shape], data };
  }

  /** Eight bits a byte, the first the highest. */
  #bits(count: number, what: string): Uint8Array {
    const { cursor } = this;
    cursor.checkRoom(count, this.#isText ? BYTES_OF_WORD : 1 / 8, `the number of ${what}`);
    const data = new Uint8Array(count);
    let byte = 0;
    for (let i = 0; i < count; i++) {
      if (this.#isText) data[i] = cursor.integer(what, 0, 1);
      else {
        if (i % 8 === 0) byte = cursor.binary(SCALARS.uint8, false, what);
        data[i] = byte >> (7 - i % 8) & 1;
      }
    }
    return data;
  }

  /** A name, in which VTK writes spaces and the like as `%20`. */
  name(): string {
    const { cursor } = this;
    if (cursor.isAtLineEnd()) cursor.fail("a name");
    return cursor.word().replace(/(%[0-9a-f]{2})+/gi, (codes) => {
      const bytes = codes.slice(1).split("%").map((code) => parseInt(code, 16));
      return new TextDecoder().decode(Uint8Array.from(bytes));
    });
  }
}
