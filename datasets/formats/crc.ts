/** Cyclic redundancy checks of 32 bits, by tables of a polynomial. @module */

/**
 * Eight tables of 256 entries: entry `b` of the k-th advances the CRC of byte `b` over k zero
 * bytes.
 *
 * @param polynomial The polynomial, bits reflected.
 */
function crcTables(polynomial: number): readonly Int32Array[] {
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

/** Folds bytes into the state of a CRC, which begins and ends with all bits turned over. */
export type CrcFold = (bytes: Uint8Array, state: number) => number;

/**
 * What folds bytes into the state of a CRC: eight at once, with eight independent look-ups
 * ("slicing by 8": Kounavis and Berry, "A systematic approach to building high performance
 * software-based CRC generators", 2005).
 *
 * @param polynomial The polynomial, bits reflected.
 */
export function crcFold(polynomial: number): CrcFold {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = crcTables(polynomial) as [
    ...[Int32Array, Int32Array, Int32Array, Int32Array],
    ...[Int32Array, Int32Array, Int32Array, Int32Array],
  ];
  function foldBytes(bytes: Uint8Array, begin: number, end: number, state: number): number {
    let crc = state;
    for (let i = begin; i < end; i++) crc = (crc >>> 8) ^ t0[(crc ^ bytes[i]!) & 255]!;
    return crc;
  }
  function foldWords(words: Int32Array, state: number): number {
    let crc = state;
    // From an even bound the compiler sees that both words are there: a quarter of the time.
    const count = words.length & ~1;
    for (let i = 0; i < count; i += 2) {
      const low = words[i]! ^ crc;
      const high = words[i + 1]!;
      crc = t7[low & 255]! ^ t6[(low >>> 8) & 255]! ^ t5[(low >>> 16) & 255]! ^ t4[low >>> 24]! ^
        t3[high & 255]! ^ t2[(high >>> 8) & 255]! ^ t1[(high >>> 16) & 255]! ^ t0[high >>> 24]!;
    }
    return crc;
  }
  return (bytes, state) => {
    // Words are read by an Int32Array, which is faster than a DataView and has to be aligned.
    const head = Math.min(bytes.length, -bytes.byteOffset & 3);
    const count = (bytes.length - head) >> 3 << 1;
    let crc = foldBytes(bytes, 0, head, state);
    if (count > 0) {
      crc = foldWords(new Int32Array(bytes.buffer, bytes.byteOffset + head, count), crc);
    }
    return foldBytes(bytes, head + 4 * count, bytes.length, crc);
  };
}
