/** The header of NumPy's array files (numpy.lib.format, versions 1 to 3). @module */

/** How the numbers of a file are stored: NumPy's name of it. */
export type StoredType = "<f4" | "<f8" | "<i4" | "<i8";

/** Bytes of one number. */
export const BYTES: Readonly<Record<StoredType, number>> = {
  "<f4": 4,
  "<f8": 8,
  "<i4": 4,
  "<i8": 8,
};

/** What a header says. */
export interface NpyHeader {
  readonly type: StoredType;
  readonly shape: readonly number[];
  /** The byte that the numbers start at. */
  readonly start: number;
}

const MAGIC = [0x93, ...new TextEncoder().encode("NUMPY")];

/** Headers are shorter than this; NumPy itself refuses longer ones. */
const MAX_HEADER = 10_000;

/** As many bytes as the length of a header takes, with all before it. */
export const PREFIX_BYTES = 12;

/** Whether a file starts as NumPy's do. */
export function isNpy(prefix: Uint8Array): boolean {
  return MAGIC.every((byte, i) => prefix[i] === byte);
}

/** The byte after the header, as the file's first bytes tell. */
export function npyStart(prefix: Uint8Array, name: string): number {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const version = prefix[6];
  if (prefix.length < PREFIX_BYTES || !(version! >= 1 && version! <= 3)) {
    throw badHeader(name, `byte 6 must be version 1, 2 or 3: it is ${version ?? "missing"}`);
  }
  const [from, length] = version === 1
    ? [10, view.getUint16(8, true)]
    : [PREFIX_BYTES, view.getUint32(8, true)];
  if (length <= MAX_HEADER) return from + length;
  throw badHeader(name, `bytes 8 to ${from - 1} say that it has ${length} bytes`);
}

/** Reads a header, which is a literal of a Python dict. */
export function parseNpyHeader(header: Uint8Array, name: string): NpyHeader {
  const text = latin1(header);
  const dict = text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1);
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(dict)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(dict)?.[1];
  const dims = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(dict)?.[1];
  if (descr === undefined || order === undefined || dims === undefined) {
    throw badHeader(name, "it must name 'descr', 'fortran_order' and 'shape'");
  }
  const shape = dims.split(",").map((dim) => dim.trim()).filter((dim) => dim !== "").map(Number);
  if (!Object.hasOwn(BYTES, descr)) {
    throw new TypeError(
      `Cannot read shards of ${name} as its numbers must be one of ` +
        `${Object.keys(BYTES).join(", ")}: its header says ${descr} (save it with ` +
        `.astype("<f4") or .astype("<i4"))`,
    );
  }
  if (order === "True" && shape.length > 1) {
    throw new TypeError(
      `Cannot read shards of ${name} as a row's numbers must lie together: its header says ` +
        `fortran_order (save it with numpy.ascontiguousarray)`,
    );
  }
  if (shape.length === 0) throw badHeader(name, "the array must have rows: its shape is ()");
  return { type: descr as StoredType, shape, start: header.length };
}

function badHeader(name: string, rule: string): SyntaxError {
  return new SyntaxError(
    `Cannot read shards of ${name} as its header is none of NumPy's: ${rule} (it is damaged, or ` +
      `of another kind: copy it again, or give {dtype} for a file of numbers alone)`,
  );
}

function latin1(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
