/**
 * The safetensors format: eight bytes of length, a JSON header, raw little-endian values.
 *
 * As specified by Hugging Face's safetensors 0.6; of its dtypes the three that tensors here have.
 * Files are refused unless their tensors fill the data exactly, without gaps or overlaps, which the
 * format demands.
 *
 * @module
 */
import { type ArrayData, formatShape, sizeOf } from "../base/mod.ts";

/** The dtypes of tensors, by their names in the format. */
const DTYPES = {
  F32: { dtype: "float32", bytes: 4, array: Float32Array },
  I32: { dtype: "int32", bytes: 4, array: Int32Array },
  BOOL: { dtype: "bool", bytes: 1, array: Uint8Array },
} as const;

type FormatDtype = keyof typeof DTYPES;

/** Values of a tensor: a `Uint8Array` of zeros and ones for bool. */
export type StoredValues = Float32Array | Int32Array | Uint8Array;

/** A tensor as plain data. */
export interface StoredTensor extends ArrayData<StoredValues> {
  readonly dtype: "float32" | "int32" | "bool";
}

/** The content of a file. */
export interface Safetensors {
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface HeaderEntry {
  readonly dtype: FormatDtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const METADATA = "__metadata__";

/** The format's own limit; a longer header is the sign of another kind of file. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Encodes tensors and metadata.
 *
 * Data are aligned: the header is padded with spaces to 8 bytes, tensors of one byte a value come
 * last. Two calls with equal arguments give equal bytes.
 */
export function encodeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  const width = ({ dtype }: StoredTensor): number => dtype === "bool" ? 1 : 4;
  const ordered = [...tensors].sort(([, a], [, b]) => width(b) - width(a));
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header[METADATA] = metadata;
  let end = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const begin = end;
    end += data.byteLength;
    const entry = { dtype: formatDtype(dtype), shape, data_offsets: [begin, end] };
    Object.defineProperty(header, name, { value: entry, enumerable: true });
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength).set(json, 8);
  let at = 8 + headerLength;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

function formatDtype(dtype: StoredTensor["dtype"]): FormatDtype {
  return dtype === "float32" ? "F32" : dtype === "int32" ? "I32" : "BOOL";
}

/**
 * The bytes of the header of a file.
 *
 * @throws {SyntaxError} If the file ends before its header does.
 */
export function headerBytes(file: Uint8Array, source: string): Uint8Array {
  if (file.length < 8) {
    fail(source, `a file has at least 8 bytes: it has ${file.length}`, CUT_SHORT);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    const rule = `a header has at most ${MAX_HEADER_BYTES} bytes: its first 8 bytes say ${length}`;
    fail(source, rule, "it is damaged, or no safetensors file");
  }
  const end = 8 + Number(length);
  if (end > file.length) {
    fail(source, `its header ends at byte ${end}: the file has ${file.length} bytes`, CUT_SHORT);
  }
  return file.subarray(8, end);
}

const CUT_SHORT = "it was cut short: use an earlier checkpoint, or copy it again";
const DAMAGED = "it is damaged: use an earlier checkpoint, or copy it again";

/**
 * Decodes a file.
 *
 * @param source The file's name, for errors.
 * @throws {SyntaxError} If the bytes are no safetensors file: cut short, damaged, or of another
 * kind; the message names file and place.
 * @throws {TypeError} If a tensor has a dtype that tensors here cannot have.
 */
export function decodeSafetensors(file: Uint8Array, source: string): Safetensors {
  const bytes = headerBytes(file, source);
  const { [METADATA]: metadata = {}, ...entries } = parseHeader(bytes, source);
  checkMetadata(metadata, source);
  for (const [name, entry] of Object.entries(entries)) checkEntry(name, entry, source);
  const checked = entries as Record<string, HeaderEntry>;
  const data = file.subarray(8 + bytes.length);
  checkLayout(checked, data.length, source);
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { dtype, shape, data_offsets: [begin, end] }] of Object.entries(checked)) {
    // A copy, for typed arrays must start at a multiple of their element's size.
    const { buffer } = data.slice(begin, end);
    tensors.set(name, { ...DTYPES[dtype], shape, data: new DTYPES[dtype].array(buffer) });
  }
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array, source: string): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    fail(source, `its header is JSON: ${(cause as Error).message}`, DAMAGED, cause);
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    fail(source, "its header is a JSON object", DAMAGED);
  }
  return header as Record<string, unknown>;
}

function checkMetadata(value: unknown, source: string): asserts value is Record<string, string> {
  const isText = typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string");
  if (!isText) fail(source, `${METADATA} in its header holds strings by name`, DAMAGED);
}

function checkEntry(name: string, value: unknown, source: string): void {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const areSizes = (sizes: unknown): sizes is number[] =>
    Array.isArray(sizes) && sizes.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (typeof dtype !== "string" || !areSizes(shape) || !areSizes(offsets) || offsets.length !== 2) {
    const rule = `a tensor has dtype, shape and data_offsets: "${name}" in its header has ` +
      JSON.stringify(value);
    fail(source, rule, DAMAGED);
  }
  if (!Object.hasOwn(DTYPES, dtype)) {
    throw new TypeError(
      `Cannot read ${source} as tensors are float32, int32 or bool (F32, I32, BOOL): "${name}" is ` +
        `${dtype} (convert it before saving, or save it again if the file is damaged)`,
    );
  }
  const size = sizeOf(shape) * DTYPES[dtype as FormatDtype].bytes;
  const [begin, end] = offsets as [number, number];
  if (end - begin === size) return;
  const rule = `"${name}" is ${dtype} ${formatShape(shape)}, which takes ${size} bytes: its ` +
    `offsets ${begin} to ${end} are ${end - begin} apart`;
  fail(source, rule, DAMAGED);
}

/** Fails unless the tensors fill the data from its first to its last byte, one after another. */
function checkLayout(
  entries: Readonly<Record<string, HeaderEntry>>,
  dataLength: number,
  source: string,
): void {
  const byPlace = Object.entries(entries).sort(([, a], [, b]) =>
    a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]
  );
  let [previous, at] = ["the header", 0];
  for (const [name, { data_offsets: [begin, end] }] of byPlace) {
    if (begin !== at) {
      const what = begin < at ? "overlaps" : "leaves a gap after";
      const rule = `tensors follow each other: "${name}" at byte ${begin} of the data ${what} ` +
        `${previous}, which ends at ${at}`;
      fail(source, rule, DAMAGED);
    }
    [previous, at] = [`"${name}"`, end];
  }
  if (at === dataLength) return;
  const rule = `its tensors take ${at} bytes: ${dataLength} follow the header`;
  fail(source, rule, dataLength < at ? CUT_SHORT : DAMAGED);
}

function fail(source: string, rule: string, remedy: string, cause?: unknown): never {
  throw new SyntaxError(`Cannot read ${source} as ${rule} (${remedy})`, { cause });
}
