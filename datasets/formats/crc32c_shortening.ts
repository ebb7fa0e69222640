/**
 * Long inputs of CRC-32C made short, with sixteen bytes a turn and no table.
 *
 * A CRC is the remainder of the input, read as a polynomial over two elements, by the CRC's own
 * polynomial P. P divides `x^5275 + x^4508 + x^2751 + 1`, found by search: it is the multiple of
 * four terms of the lowest degree. As squaring a sum over two elements squares each term, P also
 * divides `x^(8·5275) + x^(8·4508) + x^(8·2751) + 1`. So the remainder stays if a byte is added (by
 * exclusive or) to those 767, 2524 and 5275 places behind it, and is then left out. What is left in
 * the end are the last 5275 bytes. After Russell, "Chorba: a novel CRC32 implementation", 2024
 * (arXiv:2412.16398).
 *
 * @module
 */

/** How far behind a byte those lie that it is added to. */
const GAPS = [767, 2524, 5275] as const;

/** Inputs from this length on are faster made short first. */
export const LONG = 1 << 14;

/** Bytes of the loop's vectors. */
const VECTOR = 16;

/** The memory of the loop, in pages of WebAssembly; small enough for the processor's caches. */
const PAGES = 1;

/** A number as WebAssembly's code has it, seven bits a byte. */
function leb(value: number): number[] {
  return value < 128 ? [value] : [value & 127 | 128, ...leb(value >>> 7)];
}

/** Adds the vector in local 2 to the bytes behind the address in local 0. */
function addBehind(gap: number): number[] {
  return [
    ...[0x20, 0], // local.get 0, the address of the sum
    ...[0x20, 0, 0xfd, 0, 0, ...leb(gap)], // local.get 0, v128.load offset=gap
    ...[0x20, 2, 0xfd, ...leb(0x51)], // local.get 2, v128.xor
    ...[0xfd, 11, 0, ...leb(gap)], // v128.store offset=gap
  ];
}

/** A section of a module, or any other part that begins with its length. */
const sized = (part: readonly number[]): number[] => [...leb(part.length), ...part];

/**
 * The module: a memory, and `run(begin, end)`, which adds all bytes from `begin` on to those behind
 * them, a vector a turn, until `end` is reached. No gap is shorter than a vector, so the bytes of a
 * vector are complete when it is read.
 */
function assemble(): Uint8Array<ArrayBuffer> {
  const body = [
    ...[1, 1, 0x7b], // local 2 is a v128
    ...[0x03, 0x40], // loop
    ...[0x20, 0, 0xfd, 0, 0, 0, 0x21, 2], // local.get 0, v128.load, local.set 2
    ...GAPS.flatMap(addBehind),
    ...[0x20, 0, 0x41, VECTOR, 0x6a, 0x22, 0], // local.get 0, i32.const 16, i32.add, local.tee 0
    ...[0x20, 1, 0x49, 0x0d, 0], // local.get 1, i32.lt_u, br_if 0
    ...[0x0b, 0x0b], // end, end
  ];
  return Uint8Array.of(
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0], // "\0asm", version 1
    ...[1, ...sized([1, 0x60, 2, 0x7f, 0x7f, 0])], // types: (i32, i32) -> ()
    ...[3, ...sized([1, 0])], // functions: one of type 0
    ...[5, ...sized([1, 0, PAGES])], // memories: one
    ...[7, ...sized([2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0])], // exports: memory 0 as "m", function 0 as "f"
    ...[10, ...sized([1, ...sized(body)])], // code
  );
}

/** The loop, and the memory that it works in. */
interface Loop {
  readonly run: (begin: number, end: number) => void;
  readonly memory: Uint8Array<ArrayBuffer>;
}

/** Made by the first long input; null where WebAssembly is not allowed, as on some web pages. */
let loop: Loop | null | undefined;

function makeLoop(): Loop | null {
  try {
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(assemble()));
    const memory = exports.m as WebAssembly.Memory;
    return { run: exports.f as Loop["run"], memory: new Uint8Array(memory.buffer as ArrayBuffer) };
  } catch {
    return null;
  }
}

/**
 * A few bytes that have, from a state of zero, the CRC that the given ones have from their state.
 *
 * @param bytes At least four bytes.
 * @param state The state of the CRC before them.
 * @returns A view that is good until the next call; null where WebAssembly is not allowed.
 */
export function shortenForCrc32c(bytes: Uint8Array, state: number): Uint8Array | null {
  loop = loop === undefined ? makeLoop() : loop;
  if (!loop) return null;
  const { run, memory } = loop;
  const reach = GAPS[2] + VECTOR;
  let filled = 0;
  for (let taken = 0; taken < bytes.length;) {
    const part = bytes.subarray(taken, taken + memory.length - filled);
    memory.set(part, filled);
    // A state is the same as bytes in front that are added to the first four.
    if (taken === 0) { for (let i = 0; i < 4; i++) memory[i]! ^= state >>> 8 * i; }
    taken += part.length;
    filled += part.length;
    if (filled < reach) continue;
    const done = (filled - GAPS[2]) & -VECTOR;
    run(0, done);
    memory.copyWithin(0, done, filled);
    filled -= done;
  }
  return memory.subarray(0, filled);
}
