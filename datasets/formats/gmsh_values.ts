/** Numbers of Gmsh's files, as text or as bytes in either order. @module */
import { type ByteCursor, BYTES_OF_WORD } from "./byte_cursor.ts";
import { SCALARS, type ScalarType } from "./scalar_type.ts";

/** Reads the numbers that the sections are made of. */
export class GmshValues {
  readonly cursor: ByteCursor;
  readonly isText: boolean;
  readonly #sizeType: ScalarType;
  readonly #littleEndian: boolean;

  constructor(cursor: ByteCursor, isText: boolean, sizeBytes: number, littleEndian: boolean) {
    this.cursor = cursor;
    this.isText = isText;
    this.#sizeType = sizeBytes === 4 ? SCALARS.uint32 : SCALARS.uint64;
    this.#littleEndian = littleEndian;
  }

  /** Bytes of a value of a type, or the fewest of it as text. */
  bytesOf(type: "int" | "size" | "double"): number {
    if (this.isText) return BYTES_OF_WORD;
    return type === "int" ? 4 : type === "double" ? 8 : this.#sizeType.size;
  }

  int(what: string): number {
    return this.#value(SCALARS.int32, what);
  }

  size(what: string): number {
    return this.#value(this.#sizeType, what);
  }

  double(what: string): number {
    return this.#value(SCALARS.float64, what);
  }

  /** A number of things, which must fit into what is left. */
  count(what: string, bytesEach: number): number {
    const start = this.cursor.position;
    const count = this.size(what);
    this.cursor.checkRoom(count, bytesEach, what, start);
    return count;
  }

  /**
   * A number of things as text, as some sections of binary files have it; the line ends after it.
   */
  textCount(what: string, bytesEach: number): number {
    const count = this.cursor.count(what, bytesEach);
    this.cursor.skipLine();
    return count;
  }

  /** Passes over values. */
  skip(type: "int" | "size" | "double", count: number): void {
    for (let i = 0; i < count; i++) this[type]("a number");
  }

  #value(type: ScalarType, what: string): number {
    return this.isText
      ? this.cursor.text(type, what)
      : this.cursor.binary(type, this.#littleEndian, what);
  }
}
