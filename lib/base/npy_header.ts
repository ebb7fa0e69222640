/** The header of NumPy's array files (numpy.lib.format, versions 1 to 3). @module */

/** What a header says. */
export interface NpyHeader {
  /** How the numbers are stored: NumPy's name of it, such as `<f4`. */
  readonly type: string;
  readonly shape: number[];
  /** Whether the first axis is the one that runs fastest. */
  readonly isFortran: boolean;
  /** The byte that the numbers start at. */
  readonly start: number;
}

/** What is wrong with a header, for those who read it to make their error of. */
export class NpyProblem extends Error {
  /** @param expected What must be at the byte. */
  constructor(
    readonly expected: string,
    readonly byteOffset: number,
    readonly actual: string,
  ) {
    super(`expected ${expected} at byte ${byteOffset}, got ${actual}`);
  }
}

const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY")];

/** Headers are shorter than this; NumPy itself refuses longer ones. */
const MAX_HEADER = 10_000;

/** Headers fill up whole lines of memory, so that the data begin at a multiple of this. */
const ALIGNMENT = 64;

/** As many bytes as the length of a header takes, with all before it. */
export const NPY_PREFIX_BYTES = 12;

/** Whether a file starts as NumPy's do. */
export function isNpy(prefix: Uint8Array): boolean {
  return MAGIC.every((byte, i) => prefix[i] === byte);
}

/**
 * The byte after the header, as the file's first bytes tell.
 *
 * @throws {NpyProblem} If they are of another version, or the header is longer than any is.
 */
export function npyStart(prefix: Uint8Array): number {
  const version = prefix[6];
  if (!(version! >= 1 && version! <= 3)) {
    throw new NpyProblem("version 1, 2 or 3", 6, `${version ?? "the end of the file"}`);
  }
  if (prefix.length < NPY_PREFIX_BYTES) {
    throw new NpyProblem("the length of the header", 8, "the end of the file");
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const [from, length] = version === 1
    ? [10, view.getUint16(8, true)]
    : [NPY_PREFIX_BYTES, view.getUint32(8, true)];
  if (length <= MAX_HEADER) return from + length;
  throw new NpyProblem(`a header of at most ${MAX_HEADER} bytes`, 8, `${length}`);
}

/**
 * Reads a header, which is a literal of a Python dict.
 *
 * @param header The file up to the numbers.
 * @throws {NpyProblem} If it does not name type, order and shape.
 */
export function parseNpyHeader(header: Uint8Array): NpyHeader {
  const from = header[6] === 1 ? 10 : NPY_PREFIX_BYTES;
  const text = new TextDecoder("latin1").decode(header.subarray(from));
  const type = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  // Python 2 wrote long integers as 3L.
  const sizes = /'shape'\s*:\s*\((\s*(?:\d+L?\s*,\s*)*(?:\d+L?\s*)?)\)/.exec(text)?.[1];
  const shape = sizes?.match(/\d+/g)?.map(Number) ?? [];
  const isSmall = shape.every(Number.isSafeInteger);
  if (type === undefined || order === undefined || sizes === undefined || !isSmall) {
    const shown = JSON.stringify(text.slice(0, 80).trim());
    throw new NpyProblem("'descr', 'fortran_order' and 'shape' of numbers", from, shown);
  }
  return { type, shape, isFortran: order === "True", start: header.length };
}

/** The bytes of a header of version 1, up to the numbers, which lie in row-major order. */
export function encodeNpyHeader(type: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = MAGIC.length + 4;
  const end = Math.ceil((start + text.length + 1) / ALIGNMENT) * ALIGNMENT;
  const bytes = new Uint8Array(end);
  bytes.set(MAGIC);
  bytes[6] = 1;
  new DataView(bytes.buffer).setUint16(8, end - start, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(end - start - 1)}\n`), start);
  return bytes;
}
