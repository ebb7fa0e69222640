/**
 * Memory between the calls of programs, kept where the C library would give it back.
 *
 * A program on the CPU takes its temporaries when it is called, and frees them. glibc gives blocks
 * as large as theirs back to the system at once, so that each call gets them anew, page by page: a
 * quarter of the time of a training step of MeshGraphNets.
 *
 * @module
 */
import { chooseMalloc, mallocUser, mayChooseMalloc } from "../../base/mod.ts";

/** The size of the heaps that glibc's arenas have: no larger block can be kept. */
const HEAP = 64 * 2 ** 20;

/** Blocks that programs are told to split their temporaries into; two fit into a heap. */
export const KEPT_BLOCK = 28 * 2 ** 20;

/** Set to `off`, memory is given back as glibc does by default. */
const VARIABLE = "MESHWORK_KEEP_MEMORY";

/** Programs with less than this cost little to get memory for. */
const LEAST = 16 * 2 ** 20;

/** What may be kept, in temporaries of the largest program: each thread that ran it has some. */
const KEPT = 1;

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
    this.#limit = this.process.resident() + KEPT * this.#largest;
  }
}

/**
 * Whether memory is to be kept: unless a user wants it otherwise, or the process is one of several,
 * in which it is not.
 */
export function keepsMemory(): boolean {
  return Deno.env.get(VARIABLE) !== "off" && mayChooseMalloc() &&
    mallocUser() !== "process of several";
}

/** Makes glibc keep the memory that programs free, for all threads; null where it is not to. */
export function keepMemory(): KeptMemory | null {
  const trim = keepsMemory() && chooseMalloc("engine", {
    mmapThreshold: HEAP - 2 ** 20,
    trimThreshold: 2 ** 31 - 1,
    // With less a heap that is free goes back as a whole.
    topPad: HEAP,
  });
  return trim ? new KeptMemory({ resident: () => Deno.memoryUsage().rss, trim }) : null;
}
