/** Lets freed arrays go back to the system, where the C library would keep them. @module */

/**
 * glibc's name of the size from which an array is a mapping of its own, which ends when it is
 * freed.
 */
const M_MMAP_THRESHOLD = -3;

const BYTES = 4 * 2 ** 20;

/** The variable by which a user decides it. */
const VARIABLE = "MALLOC_MMAP_THRESHOLD_";

/**
 * Makes glibc return arrays of 4 MB and more as soon as they are freed.
 *
 * By default it learns to keep those of up to 32 MB, between which the much larger arrays of edges
 * come and go: a process of several, whose program is cut into segments, then holds half as much
 * again as it needs. Elsewhere than on Linux, and with another C library, nothing happens.
 */
export function returnFreedMemory(): void {
  if (Deno.build.os !== "linux" || Deno.env.has(VARIABLE)) return;
  try {
    const libc = Deno.dlopen("libc.so.6", {
      mallopt: { parameters: ["i32", "i32"], result: "i32" },
    });
    libc.symbols.mallopt(M_MMAP_THRESHOLD, BYTES);
    // An engine that starts after this would keep them, unless it sees that someone decided.
    Deno.env.set(VARIABLE, String(BYTES));
    libc.close();
  } catch {
    // It is another C library.
  }
}
