/** Native addresses. @module */

/**
 * A native address; 0n is NULL. Kept as a number, since every function takes it inside a struct.
 */
export type Address = bigint;

/**
 * The address of a view's first byte. The caller keeps the view alive while native code uses it.
 */
export function addressOf(view: ArrayBufferView): Address {
  return Deno.UnsafePointer.value(
    Deno.UnsafePointer.of(view as ArrayBufferView<ArrayBuffer>),
  );
}
