/** A place in bytes that are text, binary or both, moved on by what is read. @module */
import { readDecimal } from "./decimal.ts";
import { DataFormatError, type Place } from "./data_format_error.ts";
import type { ScalarType } from "./scalar_type.ts";

/** The fewest bytes of a number in a text: a digit and what parts it from the next. */
export const BYTES_OF_WORD = 2;

const [TAB, NEWLINE, RETURN, SPACE] = [9, 10, 13, 32] as const;

const UTF8 = new TextDecoder();

/** Reads the bytes of a file one after another. Errors name the file and the byte. */
export class ByteCursor {
  /** The next byte. */
  position = 0;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #format: string;
  readonly #file: string | undefined;
  readonly #comment: number;

  /**
   * @param bytes The file.
   * @param format Its format's name, for errors.
   * @param place The file's name, for errors.
   * @param comment A character that makes the rest of its line a comment.
   */
  constructor(bytes: Uint8Array, format: string, { file }: Place = {}, comment?: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#format = format;
    this.#file = file;
    this.#comment = comment === undefined ? -1 : comment.charCodeAt(0);
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (hasMark) this.position = 3;
  }

  /** How many bytes there are still. */
  get left(): number {
    return this.bytes.length - this.position;
  }

  /** Passes over white space, line ends and comments. */
  skipSpace(): void {
    while (this.isAtLineEnd() && this.left > 0) this.skipLine();
  }

  /** Refuses what follows but white space: a count before it was too small. */
  checkEnd(what: string): void {
    this.skipSpace();
    if (this.left > 0) this.fail(`the end of the file behind ${what}`);
  }

  /** Passes over white space within the line; whether nothing else is left of it. */
  isAtLineEnd(): boolean {
    const { bytes } = this;
    let byte = bytes[this.position];
    while (byte === SPACE || byte === TAB || byte === RETURN || byte === 11 || byte === 12) {
      byte = bytes[++this.position];
    }
    return byte === undefined || byte === NEWLINE || byte === this.#comment;
  }

  /** Passes over the rest of the line and its end. */
  skipLine(): void {
    const end = this.bytes.indexOf(NEWLINE, this.position);
    this.position = end < 0 ? this.bytes.length : end + 1;
  }

  /** The rest of the line, without white space around it; goes on to the next line. */
  line(): string {
    const start = this.position;
    this.skipLine();
    return UTF8.decode(this.bytes.subarray(start, this.position)).trim();
  }

  /** The next word, `""` at the end of the file. */
  word(): string {
    this.skipSpace();
    const start = this.position;
    this.skipWord();
    // Keywords are short, and decoding has a price of its own.
    const { bytes, position } = this;
    if (position - start === 1 && bytes[start]! < 128) return String.fromCharCode(bytes[start]!);
    return UTF8.decode(bytes.subarray(start, position));
  }

  /** Passes over what is left of a word. */
  skipWord(): void {
    while (!this.#isSeparator(this.bytes[this.position])) this.position++;
  }

  /** The next word of a text as a number. */
  number(what: string): number {
    this.skipSpace();
    const { value, end, isPlain } = readDecimal(this.bytes, this.position);
    if (!isPlain || !this.#isSeparator(this.bytes[end])) return this.#unusualNumber(what);
    this.position = end;
    return value;
  }

  /** A number with an exponent or many digits, or one of the words for what is none. */
  #unusualNumber(what: string): number {
    const start = this.position;
    const word = this.word();
    const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word);
    if (isDecimal) return Number(word);
    if (/^[+-]?(nan|nan\(.*\)|1\.#(ind|qnan).*)$/i.test(word)) return NaN;
    const infinity = /^([+-]?)(inf|infinity|1\.#inf\d*)$/i.exec(word);
    if (infinity) return infinity[1] === "-" ? -Infinity : Infinity;
    return this.fail(what, start);
  }

  /** The next word of a text as a whole number in a range. */
  integer(what: string, min = -(2 ** 31), max = 2 ** 31 - 1): number {
    this.skipSpace();
    const start = this.position;
    const value = this.number(what);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    return this.fail(`${what}, a whole number from ${min} to ${max}`, start);
  }

  /**
   * How many things follow, by the next word of a text. They must fit into what is left of the
   * file.
   */
  count(what: string, bytesEach = 0): number {
    this.skipSpace();
    const start = this.position;
    const count = this.integer(what, 0, Number.MAX_SAFE_INTEGER);
    this.checkRoom(count, bytesEach, what, start);
    return count;
  }

  /**
   * Refuses a number of things that the rest of the file cannot hold, before memory is taken for
   * them.
   */
  checkRoom(count: number, bytesEach: number, what: string, at: number = this.position): void {
    // The last word of a text needs nothing behind it.
    if (count * bytesEach <= this.left + 1) return;
    this.fail(`${what}, for which ${this.left} bytes are left`, at, `${count}`);
  }

  /** The next value of a binary file. */
  binary(type: ScalarType, littleEndian: boolean, what: string): number {
    const { position } = this;
    if (this.left < type.size) this.fail(what, position);
    this.position += type.size;
    const value = type.read(this.view, position, littleEndian);
    if (!type.isInteger || Number.isSafeInteger(value)) return value;
    return this.fail(`${what}, an integer below 2^53`, position, `${value}`);
  }

  /** The next value of a text, in the range of its type. */
  text(type: ScalarType, what: string): number {
    return type.isInteger ? this.integer(what, type.min, type.max) : this.number(what);
  }

  /** Throws the error that something else was expected at a byte; what is there is shown. */
  fail(expected: string, at: number = this.position, actual: string = this.#show(at)): never {
    const whole = this.#file ?? "the given bytes";
    throw new DataFormatError(
      `Cannot read ${whole} as ${this.#format}: expected ${expected} at byte ${at}, got ${actual} ` +
        `(the file is damaged or of another kind: export or copy it again)`,
      { file: this.#file, byteOffset: at },
    );
  }

  /** What stands at a byte: a word if it is text, else the numbers of some bytes. */
  #show(at: number): string {
    const some = this.bytes.subarray(at, at + 40);
    if (some.length === 0) return "the end of the file";
    const end = some.findIndex((byte) => this.#isSeparator(byte));
    const word = UTF8.decode(end < 0 ? some : some.subarray(0, Math.max(1, end)));
    const isText = /^[\p{L}\p{N}\p{P}\p{S}\s]+$/u.test(word) && !word.includes("\ufffd");
    return isText ? JSON.stringify(word) : `the bytes ${some.subarray(0, 8).join(" ")}`;
  }

  #isSeparator(byte: number | undefined): boolean {
    return byte === undefined || byte === SPACE || (byte >= TAB && byte <= RETURN) ||
      byte === this.#comment;
  }
}
