/**
 * Cyclic redundancy checks of 32 bits: the tables of a polynomial, and bytes folded in one by one.
 * @module
 */

/**
 * Eight tables of 256 entries, with which eight bytes are folded in with eight independent
 * look-ups: entry `b` of the k-th advances the CRC of byte `b` over k zero bytes ("slicing by 8":
 * Kounavis and Berry, "A systematic approach to building high performance software-based CRC
 * generators", 2005).
 *
 * @param polynomial The polynomial, bits reflected.
 */
export function crcTables(polynomial: number): readonly Int32Array[] {
  const first = Int32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc;
  });
  const tables = [first];
  while (tables.length < 8) {
    tables.push(tables.at(-1)!.map((crc) => (crc >>> 8) ^ first[crc & 255]!));
  }
  return tables;
}

/**
 * Folds bytes into the state of a CRC, which begins and ends with all bits turned over.
 *
 * @param table The first of {@linkcode crcTables}.
 */
export function foldBytes(
  table: Int32Array,
  bytes: Uint8Array,
  begin: number,
  end: number,
  state: number,
): number {
  let crc = state;
  for (let i = begin; i < end; i++) crc = (crc >>> 8) ^ table[(crc ^ bytes[i]!) & 255]!;
  return crc;
}
