/** What glibc does with memory that is freed: one choice for the whole process. @module */

/** glibc's names of what `mallopt` sets. */
const PARAMETERS = { trimThreshold: -1, topPad: -2, mmapThreshold: -3 } as const;

/** A user who sets one of these knows what glibc is to do. */
const VARIABLES = [
  "GLIBC_TUNABLES",
  "MALLOC_TRIM_THRESHOLD_",
  "MALLOC_TOP_PAD_",
  "MALLOC_MMAP_THRESHOLD_",
];

/** Who may choose: an engine keeps memory for the next call, a process of several gives it back. */
export type MallocUser = "engine" | "process of several";

let chosenBy: MallocUser | null = null;

/** Whether this program may choose: on Linux, unless the user did. */
export function mayChooseMalloc(): boolean {
  return Deno.build.os === "linux" && !VARIABLES.some((name) => Deno.env.has(name));
}

/** Who chose last. */
export function mallocUser(): MallocUser | null {
  return chosenBy;
}

/**
 * Sets glibc's parameters, in bytes, for all threads.
 *
 * @returns What gives all that is free back to the system; null, and nothing is set, where the user
 * chose or the C library is another.
 */
export function chooseMalloc(
  user: MallocUser,
  settings: Readonly<Partial<Record<keyof typeof PARAMETERS, number>>>,
): (() => void) | null {
  if (!mayChooseMalloc()) return null;
  try {
    const { symbols } = Deno.dlopen("libc.so.6", {
      mallopt: { parameters: ["i32", "i32"], result: "i32" },
      malloc_trim: { parameters: ["usize"], result: "i32" },
    });
    for (const [name, bytes] of Object.entries(settings)) {
      symbols.mallopt(PARAMETERS[name as keyof typeof PARAMETERS], bytes);
    }
    chosenBy = user;
    return () => void symbols.malloc_trim(0n);
  } catch {
    // It is another C library.
    return null;
  }
}
