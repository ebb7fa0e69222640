/**
 * CRC-32C (Castagnoli), the checksum of TFRecord files, and its masked form.
 *
 * @module
 */

import { crcFold } from "./crc.ts";
import { LONG, shortenForCrc32c } from "./crc32c_shortening.ts";

const fold = crcFold(0x82f63b78);

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
