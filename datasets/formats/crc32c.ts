/**
 * CRC-32C (Castagnoli), the checksum of TFRecord files, and its masked form.
 *
 * @module
 */

/** The Castagnoli polynomial, bits reflected. */
const POLYNOMIAL = 0x82f63b78;

/** Added to the rotated checksum, so that the CRC of data that holds CRCs stays informative. */
const MASK_DELTA = 0xa282ead8;

/**
 * Eight tables of 256 entries, one after another: entry `k * 256 + b` advances the CRC of byte `b` over
 * `k` further zero bytes, so that eight bytes are folded in with eight independent look-ups
 * ("slicing by 8": Kounavis and Berry, "A systematic approach to building high performance
 * software-based CRC generators", 2005).
 */
const TABLE: Int32Array = buildTable();

function buildTable(): Int32Array {
  const table = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const crc = table[i - 256]!;
    table[i] = (crc >>> 8) ^ table[crc & 255]!;
  }
  return table;
}

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
  const table = TABLE;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const inWords = bytes.length & ~7;
  let crc = ~previous;
  let i = 0;
  for (; i < inWords; i += 8) {
    const low = view.getInt32(i, true) ^ crc;
    const high = view.getInt32(i + 4, true);
    crc = table[1792 + (low & 255)]! ^ table[1536 + ((low >>> 8) & 255)]! ^
      table[1280 + ((low >>> 16) & 255)]! ^ table[1024 + (low >>> 24)]! ^
      table[768 + (high & 255)]! ^ table[512 + ((high >>> 8) & 255)]! ^
      table[256 + ((high >>> 16) & 255)]! ^ table[high >>> 24]!;
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}

/**
 * The CRC-32C as TFRecord files store it: rotated right by 15 bits, plus a constant.
 *
 * @param bytes The bytes.
 * @returns The masked checksum, an unsigned 32-bit integer.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return ((crc >>> 15 | crc << 17) + MASK_DELTA) >>> 0;
}
