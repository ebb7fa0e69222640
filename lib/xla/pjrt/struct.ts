/** Typed access to C structs of the PJRT API, laid out by the generated table. @module */
import { STRUCTS } from "./_generated/pjrt_abi.ts";
import { type Address, addressOf } from "./address.ts";
import { allocate, type NativeMemory } from "./native_memory.ts";

export { type Address, addressOf };

/** A struct of the table. */
export type StructName = keyof typeof STRUCTS;
/** A field of a struct. */
export type Field<N extends StructName> = keyof (typeof STRUCTS)[N]["fields"] & string;
/** A value that a field can be set to; of a view or a struct, its address. */
export type FieldValue = Address | number | ArrayBufferView | Struct<StructName>;

type Layout = { size: number; fields: Record<string, readonly [offset: number, size: number]> };

/** Copies `size` bytes at `address`. */
export function bytesAt(address: Address, size: number): Uint8Array<ArrayBuffer> {
  const pointer = Deno.UnsafePointer.create(address);
  if (pointer === null || size === 0) return new Uint8Array(0);
  return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, size)).slice();
}

/** The text of `size` bytes at `address`. */
export function textAt(address: Address, size: number): string {
  return new TextDecoder().decode(bytesAt(address, size));
}

/** The `count` addresses in the C array at `address`. */
export function addressesAt(address: Address, count: number): Address[] {
  return [...new BigUint64Array(bytesAt(address, 8 * count).buffer)];
}

/**
 * One struct in memory of its own, zeroed but for `struct_size`.
 *
 * It keeps alive the views and structs whose addresses were set, so native code may follow them as
 * long as the struct itself is reachable.
 */
export class Struct<N extends StructName> {
  /** The struct itself, as `Deno.UnsafeFnPointer` takes it. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #fields: Layout["fields"];
  readonly #held = new Map<string, ArrayBufferView | Struct<StructName>>();

  constructor(
    name: N,
    values: Partial<Record<Field<N>, FieldValue>> = {},
  ) {
    const layout: Layout = STRUCTS[name];
    this.bytes = new Uint8Array(layout.size);
    this.#view = new DataView(this.bytes.buffer);
    this.#fields = layout.fields;
    this.set("struct_size" as Field<N>, layout.size);
    for (const field of Object.keys(values) as Field<N>[]) this.set(field, values[field]!);
  }

  /** Writes a field. */
  set(field: Field<N>, value: FieldValue): void {
    const [offset, size] = this.#fields[field]!;
    if (typeof value === "object") {
      this.#held.set(field, value);
      value = addressOf(value instanceof Struct ? value.bytes : value);
    }
    if (size === 8) this.#view.setBigInt64(offset, BigInt.asIntN(64, BigInt(value)), true);
    else if (size === 4) this.#view.setInt32(offset, Number(value), true);
    else this.#view.setUint8(offset, Number(value));
  }

  /**
   * Copies the struct, and all that it points to here, to native memory.
   *
   * @param into Takes what was allocated; the struct itself is the first.
   */
  copyTo(into: NativeMemory[]): NativeMemory {
    const memory = allocate(this.bytes.length);
    into.push(memory);
    memory.bytes.set(this.bytes);
    const view = new DataView(memory.bytes.buffer);
    for (const [field, held] of this.#held) {
      const [offset] = this.#fields[field]!;
      view.setBigUint64(offset, copyOf(held, into).address, true);
    }
    return memory;
  }

  /** Reads an 8-byte field as an address. */
  address(field: Field<N>): Address {
    return this.#view.getBigUint64(this.#fields[field]![0], true);
  }

  /** Reads a field as a number. */
  number(field: Field<N>): number {
    const [offset, size] = this.#fields[field]!;
    if (size === 8) return Number(this.#view.getBigInt64(offset, true));
    return size === 4 ? this.#view.getInt32(offset, true) : this.#view.getUint8(offset);
  }

  /** Reads a `const char*` with its size. */
  text(field: Field<N>, sizeField: Field<N>): string {
    return textAt(this.address(field), this.number(sizeField));
  }
}

function copyOf(held: ArrayBufferView | Struct<StructName>, into: NativeMemory[]): NativeMemory {
  if (held instanceof Struct) return held.copyTo(into);
  const memory = allocate(held.byteLength);
  into.push(memory);
  memory.bytes.set(new Uint8Array(held.buffer, held.byteOffset, held.byteLength));
  return memory;
}
