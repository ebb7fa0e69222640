/**
 * Memory between the calls of programs, kept where the C library would give it back.
 *
 * A program on the CPU takes its temporaries when it is called, and frees them. glibc gives blocks
 * as large as theirs back to the system at once, so that each call gets them anew, page by page: a
 * quarter of the time of a training step of MeshGraphNets.
 *
 * @module
 */

/** glibc's names of what `mallopt` sets. */
const [M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD] = [-1, -2, -3] as const;

/** The size of the heaps that glibc's arenas have: no larger block can be kept. */
const HEAP = 64 * 2 ** 20;

/**
 * Blocks that programs are told to split their temporaries into; one fits into a heap. A program
 * that is split cannot be serialised, so smaller blocks would keep more programs out of the cache
 * of compiled ones.
 */
export const KEPT_BLOCK = 60 * 2 ** 20;

/** Set to `off`, memory is given back as glibc does by default. */
const VARIABLE = "MESHWORK_KEEP_MEMORY";

/** A user who sets one of these knows what glibc is to do. */
const OTHERS = [
  "GLIBC_TUNABLES",
  "MALLOC_TRIM_THRESHOLD_",
  "MALLOC_TOP_PAD_",
  "MALLOC_MMAP_THRESHOLD_",
];

/** Programs with less than this cost little to get memory for. */
const LEAST = 16 * 2 ** 20;

/** What may be kept, in temporaries of the largest program: each thread that ran it has some. */
const KEPT = 1;

/**
 * So much may be kept in any case: with less the demo, whose steps take 30 MB and of which two are
 * under way at a time, gave back in every fourth what the fifth took again, and ran at 0.7 of its
 * speed.
 */
const KEPT_AT_LEAST = 128 * 2 ** 20;

/** Calls between two looks at the process's memory. */
const CALLS = 4;

/** What it needs of the process; tests stand in for it. */
interface ProcessMemory {
  /** Bytes that the process has now. */
  resident(): number;
  /** Gives all that is free back to the system. */
  trim(): void;
}

/** Bounds what is kept. */
export class KeptMemory {
  #largest = 0;
  #limit = 0;
  #calls = 0;

  constructor(readonly process: ProcessMemory) {}

  /** Called when a program has been started; what is kept beyond the bound is given back. */
  noteCall(tempBytes: number): void {
    if (tempBytes < LEAST) return;
    if (tempBytes > this.#largest) {
      this.#largest = tempBytes;
      this.#setLimit();
    }
    if (++this.#calls % CALLS > 0 || this.process.resident() <= this.#limit) return;
    this.process.trim();
    this.#setLimit();
  }

  #setLimit(): void {
    this.#limit = this.process.resident() + Math.max(KEPT * this.#largest, KEPT_AT_LEAST);
  }
}

/** Whether memory is to be kept: unless a user wants it otherwise, where there may be glibc. */
export function keepsMemory(): boolean {
  return Deno.build.os === "linux" && Deno.env.get(VARIABLE) !== "off" &&
    !OTHERS.some((name) => Deno.env.has(name));
}

/** Makes glibc keep the memory that programs free, for all threads; null where it is not to. */
export function keepMemory(): KeptMemory | null {
  if (!keepsMemory()) return null;
  try {
    const libc = Deno.dlopen("libc.so.6", {
      mallopt: { parameters: ["i32", "i32"], result: "i32" },
      malloc_trim: { parameters: ["usize"], result: "i32" },
    });
    const { mallopt, malloc_trim } = libc.symbols;
    mallopt(M_MMAP_THRESHOLD, HEAP - 2 ** 20);
    mallopt(M_TRIM_THRESHOLD, 2 ** 31 - 1);
    // With less a heap that is free goes back as a whole.
    mallopt(M_TOP_PAD, HEAP);
    return new KeptMemory({
      resident: () => Deno.memoryUsage().rss,
      trim: () => void malloc_trim(0n),
    });
  } catch {
    // It is another C library.
    return null;
  }
}
