/**
 * The layout of safetensors files: eight bytes of length, a JSON header, raw little-endian values.
 *
 * As specified by Hugging Face's safetensors 0.6. Files are refused unless their tensors fill the
 * data exactly, without gaps or overlaps, which the format demands.
 *
 * @module
 */
import { formatShape, sizeOf } from "./shape.ts";

/** A tensor of a file. */
export interface SafetensorsEntry {
  /** The name of its dtype in the format, such as `F32`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** The bytes of its values; they may lie at any place, so that typed arrays need a copy. */
  readonly bytes: Uint8Array;
}

/** What a file holds. */
export interface SafetensorsContent {
  readonly entries: ReadonlyMap<string, SafetensorsEntry>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of a value, by the names of dtypes that a caller takes. */
export type ItemSizes = Readonly<Record<string, number>>;

/** What is wrong with a file, for those who read it to make their error of. */
export class SafetensorsProblem extends Error {
  /**
   * @param rule What must be, and what is: `its header is a JSON object`.
   * @param kind Whether the file was cut short, is damaged, is of another kind, or has a dtype that
   * is not taken.
   * @param at The byte, or the names that lead to the place in the header's JSON.
   */
  constructor(
    readonly rule: string,
    readonly kind: "cut" | "damage" | "file" | "dtype",
    readonly at: number | readonly string[],
    options?: ErrorOptions,
  ) {
    super(rule, options);
  }
}

const METADATA = "__metadata__";

/** The format's own limit; a longer header is the sign of another kind of file. */
const MAX_HEADER_BYTES = 100_000_000;

/**
 * Encodes tensors and metadata.
 *
 * Data are aligned: the header is padded with spaces to 8 bytes, tensors of wider values come
 * first.
 * Two calls with equal arguments give equal bytes.
 */
export function encodeSafetensorsContent(
  { entries, metadata }: SafetensorsContent,
  sizes: ItemSizes,
): Uint8Array<ArrayBuffer> {
  const ordered = [...entries].sort(([, a], [, b]) => sizes[b.dtype]! - sizes[a.dtype]!);
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header[METADATA] = metadata;
  let end = 0;
  for (const [name, { dtype, shape, bytes }] of ordered) {
    const begin = end;
    end += bytes.length;
    const entry = { dtype, shape, data_offsets: [begin, end] };
    Object.defineProperty(header, name, { value: entry, enumerable: true });
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerLength + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerLength), true);
  file.fill(0x20, 8, 8 + headerLength).set(json, 8);
  let at = 8 + headerLength;
  for (const [, { bytes }] of ordered) {
    file.set(bytes, at);
    at += bytes.length;
  }
  return file;
}

/**
 * The bytes of the header of a file.
 *
 * @throws {SafetensorsProblem} If the file ends before its header does.
 */
export function safetensorsHeader(file: Uint8Array): Uint8Array {
  if (file.length < 8) {
    const rule = `a file has at least 8 bytes: it has ${file.length}`;
    throw new SafetensorsProblem(rule, "cut", file.length);
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > MAX_HEADER_BYTES) {
    const rule = `a header has at most ${MAX_HEADER_BYTES} bytes: its first 8 bytes say ${length}`;
    throw new SafetensorsProblem(rule, "file", 0);
  }
  const end = 8 + Number(length);
  if (end <= file.length) return file.subarray(8, end);
  const rule = `its header ends at byte ${end}: the file has ${file.length} bytes`;
  throw new SafetensorsProblem(rule, "cut", file.length);
}

/**
 * Decodes a file.
 *
 * @param sizes The dtypes that are taken.
 * @throws {SafetensorsProblem} If the bytes are no safetensors file: cut short, damaged, or of
 * another kind, or a tensor is of a dtype that is not taken.
 */
export function decodeSafetensorsContent(file: Uint8Array, sizes: ItemSizes): SafetensorsContent {
  const header = safetensorsHeader(file);
  const { [METADATA]: metadata = {}, ...entries } = parseHeader(header);
  checkMetadata(metadata);
  for (const [name, entry] of Object.entries(entries)) checkEntry(name, entry, sizes);
  const checked = entries as Record<string, HeaderEntry>;
  const data = file.subarray(8 + header.length);
  checkLayout(checked, data.length, file.length);
  const found = Object.entries(checked).map(([name, { dtype, shape, data_offsets: [from, to] }]) =>
    [name, { dtype, shape, bytes: data.subarray(from, to) }] as const
  );
  return { entries: new Map(found), metadata };
}

interface HeaderEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    const rule = `its header is JSON: ${(cause as Error).message}`;
    // A name that no header has: the place is where it ceases to be JSON.
    throw new SafetensorsProblem(rule, "damage", ["\0"], { cause });
  }
  if (typeof header !== "object" || header === null || Array.isArray(header)) {
    throw new SafetensorsProblem("its header is a JSON object", "damage", 8);
  }
  return header as Record<string, unknown>;
}

function checkMetadata(value: unknown): asserts value is Record<string, string> {
  const isText = typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === "string");
  if (isText) return;
  const rule = `${METADATA} in its header holds strings by name`;
  throw new SafetensorsProblem(rule, "damage", [METADATA]);
}

function checkEntry(name: string, value: unknown, sizes: ItemSizes): void {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  const areSizes = (list: unknown): list is number[] =>
    Array.isArray(list) && list.every((size) => Number.isSafeInteger(size) && size >= 0);
  if (typeof dtype !== "string" || !areSizes(shape) || !areSizes(offsets) || offsets.length !== 2) {
    const rule = `a tensor has dtype, shape and data_offsets: "${name}" in its header has ` +
      JSON.stringify(value);
    throw new SafetensorsProblem(rule, "damage", [name]);
  }
  if (!Object.hasOwn(sizes, dtype)) {
    throw new SafetensorsProblem(`"${name}" is ${dtype}`, "dtype", [name, "dtype"]);
  }
  const size = sizeOf(shape) * sizes[dtype]!;
  const [begin, end] = offsets as [number, number];
  if (end - begin === size) return;
  const rule = `"${name}" is ${dtype} ${formatShape(shape)}, which takes ${size} bytes: its ` +
    `offsets ${begin} to ${end} are ${end - begin} apart`;
  throw new SafetensorsProblem(rule, "damage", [name]);
}

/** Fails unless the tensors fill the data from its first to its last byte, one after another. */
function checkLayout(
  entries: Readonly<Record<string, HeaderEntry>>,
  dataLength: number,
  fileLength: number,
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
      throw new SafetensorsProblem(rule, "damage", [name, "data_offsets"]);
    }
    [previous, at] = [`"${name}"`, end];
  }
  if (at === dataLength) return;
  const rule = `its tensors take ${at} bytes: ${dataLength} follow the header`;
  const end = fileLength - dataLength + Math.min(at, dataLength);
  throw new SafetensorsProblem(rule, dataLength < at ? "cut" : "damage", end);
}
