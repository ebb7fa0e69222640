/**
 * Memory of the C library, for calls that run on other threads.
 *
 * A worker that is ended takes its arrays with it, while a call that it began goes on: what that
 * call reads and writes must stay where it is. The memory of a call that nobody waits for any more
 * is never freed.
 *
 * @module
 */
import { type Address, addressOf } from "./address.ts";

/** Bytes that stay until they are freed. */
export interface NativeMemory {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly address: Address;
  free(): void;
}

/** Files that may hold `malloc`, by platform. */
const LIBRARIES: Partial<Record<typeof Deno.build.os, readonly string[]>> = {
  linux: ["libc.so.6", "libc.so"],
  darwin: ["libSystem.B.dylib"],
  windows: ["ucrtbase.dll"],
};

const SYMBOLS = {
  malloc: { parameters: ["usize"], result: "pointer" },
  free: { parameters: ["pointer"], result: "void" },
} as const;

type Allocator = Deno.StaticForeignLibraryInterface<typeof SYMBOLS>;

let allocator: Allocator | null | undefined;

function open(): Allocator | null {
  for (const file of LIBRARIES[Deno.build.os] ?? []) {
    try {
      return Deno.dlopen(file, SYMBOLS).symbols;
    } catch {
      // The next file.
    }
  }
  return null;
}

/** Memory of `size` bytes, not cleared. Where there is no C library to be found, an array's. */
export function allocate(size: number): NativeMemory {
  if (allocator === undefined) allocator = open();
  const pointer = allocator?.malloc(BigInt(Math.max(size, 1))) ?? null;
  if (pointer === null) {
    const bytes = new Uint8Array(size);
    return { bytes, address: addressOf(bytes), free: () => {} };
  }
  return {
    bytes: new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, size)),
    address: Deno.UnsafePointer.value(pointer),
    free: () => allocator!.free(pointer),
  };
}
