/**
 * The wire format of protocol buffers, as much of it as `tf.train.Example` needs.
 *
 * @module
 */
import { DataFormatError, describePlace, type Place } from "./data_format_error.ts";

/** How a field's value is laid out. */
export const WireType = { VARINT: 0, FIXED64: 1, LENGTH: 2, GROUP: 3, END_GROUP: 4, FIXED32: 5 };

/** Groups (of unknown fields) nested deeper than this are an attack. */
const MAX_GROUP_DEPTH = 100;

/** The place of the bytes being read, and what they should be; it goes into errors. */
export interface MessageContext extends Place {
  /** The name of the outermost message. */
  readonly message: string;
}

/** A cursor over the fields of one message; each overrun is an error with its byte. */
export class ProtobufReader {
  readonly bytes: Uint8Array;
  readonly context: MessageContext;
  readonly end: number;
  position: number;
  /** The number of the field that {@linkcode nextField} found. */
  field = 0;
  /** How its value is laid out. */
  wireType = 0;
  /** Bits 32 to 63 of the last varint. */
  high = 0;

  constructor(bytes: Uint8Array, context: MessageContext, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.context = context;
    this.position = start;
    this.end = end;
  }

  /**
   * Goes to the next field; false at the end of the message. Its value must then be read or
   * skipped.
   */
  nextField(): boolean {
    if (this.position === this.end) return false;
    const tag = this.varint() >>> 0;
    this.field = tag >>> 3;
    this.wireType = tag & 7;
    if (this.field === 0 || this.high !== 0 || this.wireType > WireType.FIXED32) {
      this.fail("a field number and wire type", `the tag ${this.high ? "above 2^32" : tag}`);
    }
    return true;
  }

  /**
   * Whether the current field is this one, laid out so. A field in another layout is an unknown
   * one.
   */
  is(field: number, wireType: number): boolean {
    return this.field === field && this.wireType === wireType;
  }

  /** The low 32 bits of a varint, signed; {@linkcode high} has the others. */
  varint(): number {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position === this.end) this.fail("a number to go on", "the end of its message");
      const byte = this.bytes[this.position++]!;
      const bits = byte & 127;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) {
        this.high = high;
        return low;
      }
    }
    return this.fail("a number of at most 10 bytes", "a longer one");
  }

  /** The cursor over the current field's bytes, which this one then stands behind. */
  message(): ProtobufReader {
    const length = this.varint() >>> 0;
    const start = this.position;
    if (this.high !== 0 || length > this.end - start) {
      const said = this.high === 0 ? length : "more than 2^32";
      this.fail(`${said} bytes of field ${this.field}`, `${this.end - start} left in its message`);
    }
    this.position += length;
    return new ProtobufReader(this.bytes, this.context, start, this.position);
  }

  /** The bytes from the cursor to the end of the message, as a view. */
  rest(): Uint8Array {
    return this.bytes.subarray(this.position, this.end);
  }

  /** Passes over `count` bytes. */
  advance(count: number): void {
    if (count > this.end - this.position) {
      this.fail(`${count} bytes of field ${this.field}`, `${this.end - this.position} left`);
    }
    this.position += count;
  }

  /** Passes over the value of the current field. */
  skip(depth = 0): void {
    const { field, wireType } = this;
    if (wireType === WireType.VARINT) this.varint();
    else if (wireType === WireType.FIXED64) this.advance(8);
    else if (wireType === WireType.FIXED32) this.advance(4);
    else if (wireType === WireType.LENGTH) this.message();
    else if (wireType === WireType.END_GROUP) this.fail("a field", "the end of a group");
    else if (depth === MAX_GROUP_DEPTH) this.fail("a message", "groups nested too deep");
    else this.#skipGroup(field, depth + 1);
  }

  #skipGroup(group: number, depth: number): void {
    while (this.nextField()) {
      if (this.is(group, WireType.END_GROUP)) return;
      this.skip(depth);
    }
    this.fail(`the end of group ${group}`, "the end of its message");
  }

  /** Throws the error that says what was expected at the cursor and what is there. */
  fail(expected: string, actual: string): never {
    const { message, ...place } = this.context;
    const byteOffset = (place.byteOffset ?? 0) + this.position;
    const { file, record } = place;
    throw new DataFormatError(
      `Cannot read ${
        describePlace({ file, record })
      } as ${message}: expected ${expected} at byte ` +
        `${byteOffset}, got ${actual} (it is damaged, or holds other messages)`,
      { file, record, byteOffset },
    );
  }
}

/** Builds one message: fields are appended, and {@linkcode finish} gives the bytes. */
export class ProtobufWriter {
  #bytes: Uint8Array<ArrayBuffer> = new Uint8Array(64);
  #length = 0;

  /** A field of bytes, text or a nested message. */
  bytes(field: number, value: Uint8Array): this {
    this.#varint(field << 3 | WireType.LENGTH, 0);
    this.#varint(value.length, 0);
    this.#reserve(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
    return this;
  }

  /** A field of packed 64-bit integers. */
  int64s(field: number, values: BigInt64Array): this {
    const packed = new ProtobufWriter();
    for (const value of values) {
      const bits = BigInt.asUintN(64, value);
      packed.#varint(Number(bits & 0xffffffffn), Number(bits >> 32n));
    }
    return this.bytes(field, packed.finish());
  }

  /** The message. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #varint(low: number, high: number): void {
    this.#reserve(10);
    low >>>= 0;
    high >>>= 0;
    while (high > 0 || low > 127) {
      this.#bytes[this.#length++] = low & 127 | 128;
      low = (low >>> 7 | high << 25) >>> 0;
      high >>>= 7;
    }
    this.#bytes[this.#length++] = low;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
