/** Cyclic redundancy checks of 32 bits over bytes, for any polynomial. @module */

/**
 * Eight tables of 256 entries, one after another: entry `k * 256 + b` advances the CRC of byte `b` over
 * `k` further zero bytes, so that eight bytes are folded in with eight independent look-ups
 * ("slicing by 8": Kounavis and Berry, "A systematic approach to building high performance
 * software-based CRC generators", 2005).
 *
 * @param polynomial The polynomial, bits reflected.
 */
export function crcTable(polynomial: number): Int32Array {
  const table = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    table[byte] = crc;
  }
  for (let i = 256; i < table.length; i++) {
    const crc = table[i - 256]!;
    table[i] = (crc >>> 8) ^ table[crc & 255]!;
  }
  return table;
}

/**
 * The CRC of some bytes, an unsigned 32-bit integer.
 *
 * @param table Of {@linkcode crcTable}.
 * @param bytes The bytes.
 * @param previous The CRC of the bytes before them, to go on from; 0 at the beginning.
 */
export function crc(table: Int32Array, bytes: Uint8Array, previous: number): number {
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
