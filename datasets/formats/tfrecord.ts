/**
 * TFRecord files: records of bytes, each with its length and two checksums.
 *
 * One record is `uint64 length`, `uint32 maskedCrc32c(length)`, `length` bytes, and `uint32
 * maskedCrc32c(bytes)`, all little-endian; a file is records without header or index, so an empty
 * file is a set of none.
 *
 * @module
 */
import { type ByteChunks, ByteStream } from "./byte_stream.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { DataFormatError } from "./data_format_error.ts";

/** Bytes before a record's data: its length and the checksum of the length. */
export const TFRECORD_HEADER_SIZE = 12;

/** Bytes after a record's data: their checksum. */
const FOOTER_SIZE = 4;

const REMEDY = "the file is damaged: download or copy it again";

/** One record of a TFRecord file. */
export interface TfRecord {
  /** What the record holds, most often a serialised `tf.train.Example`. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** The number of the record in the file, from 0. */
  readonly index: number;
  /** Where in the file the record begins, with its length; its data begin 12 bytes later. */
  readonly byteOffset: number;
}

/** What is known of the bytes given to {@linkcode decodeTfRecords}. */
export interface DecodeTfRecordsOptions {
  /** The name of the file, for errors. */
  readonly file?: string | undefined;
  /** The number of bytes of the file; a stream that ends before it is reported as truncated. */
  readonly size?: number | undefined;
  /**
   * Whether all records lie in one buffer, so that a record's data are good only until the next one
   * is asked for; that is faster. False by default.
   */
  readonly reusesBuffer?: boolean;
}

/**
 * The records in a stream of bytes, both checksums of each record verified. Memory holds one record
 * and one chunk at a time.
 *
 * @param chunks The bytes of the file, in chunks of any sizes.
 * @param options The name of the file for errors, and its size if it is known.
 * @returns The records, in order.
 * @throws {DataFormatError} At the first record that is truncated or fails a checksum, or if the
 *   stream fails; the message names file, record and byte.
 *
 * @example
 * ```ts
 * import { decodeTfRecords, encodeTfRecord } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const file = ["a", "bc"].map((text) => encodeTfRecord(new TextEncoder().encode(text)));
 * const found = [];
 * for await (const { index, byteOffset, data } of decodeTfRecords(file)) {
 *   found.push([index, byteOffset, new TextDecoder().decode(data)]);
 * }
 * assertEquals(found, [[0, 0, "a"], [1, 17, "bc"]]);
 * ```
 */
export async function* decodeTfRecords(
  chunks: ByteChunks,
  { file, size, reusesBuffer = false }: DecodeTfRecordsOptions = {},
): AsyncGenerator<TfRecord, void, void> {
  const reader = new RecordReader(new ByteStream(chunks), file, size, reusesBuffer);
  try {
    for (let record = await reader.next(); record; record = await reader.next()) yield record;
  } finally {
    await reader.close();
  }
}

/** Reads record after record; keeps the place for errors. */
class RecordReader {
  readonly #stream: ByteStream;
  readonly #file: string;
  readonly #size: number | undefined;
  readonly #reusesBuffer: boolean;
  #scratch: Uint8Array<ArrayBuffer> | undefined;
  #index = 0;
  #byteOffset = 0;

  constructor(
    stream: ByteStream,
    file = "the stream",
    size: number | undefined,
    reusesBuffer: boolean,
  ) {
    this.#stream = stream;
    this.#file = file;
    this.#size = size;
    this.#reusesBuffer = reusesBuffer;
  }

  async next(): Promise<TfRecord | null> {
    this.#byteOffset = this.#stream.position;
    const header = await this.#take(TFRECORD_HEADER_SIZE, "length");
    if (!header) return null;
    const length = this.#checkedLength(header);
    const bytes =
      (await this.#take(length + FOOTER_SIZE, `${length} bytes of data`, this.#scratch))!;
    if (this.#reusesBuffer && bytes.buffer !== this.#scratch?.buffer) this.#scratch = bytes;
    const data = bytes.subarray(0, length);
    const stored = new DataView(bytes.buffer).getUint32(length, true);
    this.#checkCrc("data", data, stored);
    return { data, index: this.#index++, byteOffset: this.#byteOffset };
  }

  close(): Promise<void> {
    return this.#stream.close();
  }

  /** Takes all of `count` bytes, or null where the file rightly ends before them. */
  async #take(
    count: number,
    what: string,
    scratch?: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer> | null> {
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      bytes = await this.#stream.take(count, this.#size !== undefined, scratch);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw this.#error(
        `reading failed after byte ${this.#stream.position}: ${reason} (the transfer was cut: try again)`,
        error,
      );
    }
    if (bytes.length === count) return bytes;
    const { position } = this.#stream;
    if (position === this.#byteOffset && position >= (this.#size ?? 0)) return null;
    const of = this.#size === undefined ? "" : ` of ${this.#size}`;
    throw this.#error(
      `it is truncated: expected its ${what} and checksum, ${count} bytes, got ${bytes.length} ` +
        `before the file ended at byte ${position}${of} (download or copy the whole file again)`,
    );
  }

  /** The length is believed only after its own checksum, and only as far as the file goes. */
  #checkedLength(header: Uint8Array<ArrayBuffer>): number {
    const view = new DataView(header.buffer);
    this.#checkCrc("length", header.subarray(0, 8), view.getUint32(8, true));
    const length = Number(view.getBigUint64(0, true));
    const left = (this.#size ?? Number.MAX_SAFE_INTEGER) - this.#stream.position - FOOTER_SIZE;
    if (length <= left) return length;
    const room = this.#size === undefined
      ? "no file can hold them"
      : `${Math.max(0, left)} are left`;
    throw this.#error(
      `it is truncated: it says that it has ${length} bytes of data, but ${room} ` +
        `(download or copy the whole file again)`,
    );
  }

  #checkCrc(what: string, bytes: Uint8Array, stored: number): void {
    const computed = maskedCrc32c(bytes);
    if (computed === stored) return;
    throw this.#error(
      `the checksum of its ${what} is ${hex(computed)}, but the file says ${
        hex(stored)
      } (${REMEDY})`,
    );
  }

  #error(problem: string, cause?: unknown): DataFormatError {
    const place = { file: this.#file, record: this.#index, byteOffset: this.#byteOffset };
    return new DataFormatError(
      `Cannot read ${this.#file} as TFRecord: in record ${place.record} at byte ${place.byteOffset}, ` +
        problem,
      place,
      cause === undefined ? {} : { cause },
    );
  }
}

function hex(crc: number): string {
  return `0x${crc.toString(16).padStart(8, "0")}`;
}

/**
 * Some bytes as one record of a TFRecord file.
 *
 * @param data What the record holds.
 * @returns The length, its checksum, the data and their checksum.
 *
 * @example
 * ```ts
 * import { encodeTfRecord } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(encodeTfRecord(new Uint8Array(3)).length, 12 + 3 + 4);
 * ```
 */
export function encodeTfRecord(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(TFRECORD_HEADER_SIZE + data.length + FOOTER_SIZE);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, TFRECORD_HEADER_SIZE);
  view.setUint32(TFRECORD_HEADER_SIZE + data.length, maskedCrc32c(data), true);
  return bytes;
}
