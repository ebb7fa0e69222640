/** Adler-32, the checksum of zlib's streams (RFC 1950). @module */

const MODULUS = 65521;

/** Bytes after which the sums, in 32 bits, have to be reduced. */
const BLOCK = 5552;

/** The Adler-32 of some bytes, an unsigned 32-bit integer. */
export function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(at + BLOCK, bytes.length);
    for (; at < end; at++) {
      low += bytes[at]!;
      high += low;
    }
    low %= MODULUS;
    high %= MODULUS;
  }
  return (high * 65536 + low) >>> 0;
}
