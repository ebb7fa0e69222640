/**
 * CRC-32C (Castagnoli), the checksum of TFRecord files, and its masked form.
 *
 * @module
 */

import { crcTables, foldBytes } from "./crc.ts";
import { LONG, shortenForCrc32c } from "./crc32c_shortening.ts";

// Constants of the module, as the compiler knows their lengths.
const TABLES = crcTables(0x82f63b78);
const T0 = TABLES[0]!;
const T1 = TABLES[1]!;
const T2 = TABLES[2]!;
const T3 = TABLES[3]!;
const T4 = TABLES[4]!;
const T5 = TABLES[5]!;
const T6 = TABLES[6]!;
const T7 = TABLES[7]!;

/** Added to the rotated checksum, so that the CRC of data that holds CRCs stays informative. */
const MASK_DELTA = 0xa282ead8;

/**
 * The CRC-32C of some bytes.
 *
 * @param bytes The bytes.
 * @param previous The CRC of the bytes before them, to go on from; 0 at the beginning.
 * @returns The checksum, an unsigned 32-bit integer.
 *
 * @example The check value of the algorithm
 * ```ts
 * import { crc32c } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
 * ```
 */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const short = bytes.length < LONG ? null : shortenForCrc32c(bytes, ~previous);
  return ~(short ? fold(short, 0) : fold(bytes, ~previous)) >>> 0;
}

/** Folds bytes into the state, by tables. */
function fold(bytes: Uint8Array, before: number): number {
  // Words are read by an Int32Array, which is faster than a DataView and has to be aligned.
  const head = Math.min(bytes.length, -bytes.byteOffset & 3);
  const count = (bytes.length - head) >> 3 << 1;
  let state = foldBytes(T0, bytes, 0, head, before);
  if (count > 0) {
    state = foldWords(new Int32Array(bytes.buffer, bytes.byteOffset + head, count), state);
  }
  return foldBytes(T0, bytes, head + 4 * count, bytes.length, state);
}

function foldWords(words: Int32Array, state: number): number {
  let crc = state;
  // From an even bound the compiler sees that both words are there: a quarter of the time.
  const count = words.length & ~1;
  for (let i = 0; i < count; i += 2) {
    const low = words[i]! ^ crc;
    const high = words[i + 1]!;
    crc = T7[low & 255]! ^ T6[(low >>> 8) & 255]! ^ T5[(low >>> 16) & 255]! ^ T4[low >>> 24]! ^
      T3[high & 255]! ^ T2[(high >>> 8) & 255]! ^ T1[(high >>> 16) & 255]! ^ T0[high >>> 24]!;
  }
  return crc;
}

/**
 * The CRC-32C as TFRecord files store it: rotated right by 15 bits, plus a constant.
 *
 * @param bytes The bytes.
 * @returns The masked checksum, an unsigned 32-bit integer.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const plain = crc32c(bytes);
  return ((plain >>> 15 | plain << 17) + MASK_DELTA) >>> 0;
}
