/**
 * ZIP archives: read entry by entry from wherever they lie, and written. Entries are stored or
 * deflated; encryption and archives in several parts are not read.
 *
 * @module
 */
import { crcTables, foldBytes } from "./crc.ts";
import { DataFormatError } from "./data_format_error.ts";

/** The table of ZIP's polynomial. */
const TABLE = crcTables(0xedb88320)[0]!;

/** Bytes that are read wherever one likes. */
export interface ByteSource {
  /** The path or address. */
  readonly name: string;
  readonly size: number;
  /** The bytes from `begin` on, `length` of them; the caller asks for none beyond the end. */
  read(begin: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file in an archive. */
export interface ZipEntry {
  /** Its path in the archive. */
  readonly name: string;
  /** Its bytes when it is unpacked. */
  readonly size: number;
  /** Its bytes in the archive. */
  readonly packedSize: number;
  readonly isDeflated: boolean;
  readonly crc: number;
  /** Where its header begins in the archive. */
  readonly byteOffset: number;
}

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;

const LOCAL_SIZE = 30;
const CENTRAL_SIZE = 46;
const END_SIZE = 22;
const END_64_SIZE = 56;
const LOCATOR_SIZE = 20;

/** What a 32-bit field says where the number is in the extra field behind. */
const ELSEWHERE = 0xffffffff;

/** The tag of the extra field that holds 64-bit numbers. */
const EXTRA_64 = 1;

/** Bytes of an entry that are read at once. */
const CHUNK_SIZE = 1 << 18;

const UTF8 = new TextDecoder();

/** The CRC-32 of some bytes, and of those before them. */
function crc32(bytes: Uint8Array, previous = 0): number {
  return ~foldBytes(TABLE, bytes, 0, bytes.length, ~previous) >>> 0;
}

/** Bytes in memory as a source. */
export function byteSource(bytes: Uint8Array, name = "the given bytes"): ByteSource {
  return {
    name,
    size: bytes.length,
    read: (begin, length) => Promise.resolve(new Uint8Array(bytes.subarray(begin, begin + length))),
  };
}

/**
 * The table of contents of an archive.
 *
 * @throws {DataFormatError} If it is no archive, or its table is damaged; the message names the
 * byte.
 */
export async function readZipEntries(source: ByteSource): Promise<ZipEntry[]> {
  const { begin, size, count, place } = await findDirectory(source);
  if (begin + size > source.size) {
    const actual = `${size} bytes from ${begin} on`;
    throw failure(source, `a table of contents within ${source.size} bytes`, place, actual);
  }
  const bytes = await source.read(begin, size);
  const view = new DataView(bytes.buffer);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (entries.length < count) {
    const isWhole = at + CENTRAL_SIZE <= size && view.getUint32(at, true) === CENTRAL_HEADER;
    const end = isWhole ? at + CENTRAL_SIZE + view.getUint16(at + 28, true) : size + 1;
    const extra = isWhole ? view.getUint16(at + 30, true) : 0;
    if (end + extra > size) {
      const what = `entry ${entries.length} of ${count} in the contents`;
      throw failure(source, what, begin + Math.min(at, size));
    }
    entries.push(readEntry(source, view, at, begin));
    at = end + extra + view.getUint16(at + 32, true);
  }
  return entries;
}

/** Where the table of contents lies. */
interface Directory {
  readonly begin: number;
  readonly size: number;
  readonly count: number;
  /** Where the record is that says so. */
  readonly place: number;
}

/** Finds the table of contents by the record at the end of the archive. */
async function findDirectory(source: ByteSource): Promise<Directory> {
  // Behind the record there may be a comment of up to 65,535 bytes.
  const start = Math.max(0, source.size - END_SIZE - 0xffff - LOCATOR_SIZE);
  const bytes = await source.read(start, source.size - start);
  const view = new DataView(bytes.buffer);
  let at = bytes.length - END_SIZE;
  while (at >= 0 && view.getUint32(at, true) !== END) at--;
  if (at < 0) throw failure(source, "the record that ends a ZIP archive", source.size);
  const found = {
    count: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    begin: view.getUint32(at + 16, true),
    place: start + at,
  };
  const locator = at - LOCATOR_SIZE;
  const is64 = locator >= 0 && view.getUint32(locator, true) === END_64_LOCATOR;
  if (!is64) return found;
  const place = Number(view.getBigUint64(locator + 8, true));
  if (place + END_64_SIZE > source.size) {
    throw failure(source, "the record of a large archive", start + locator);
  }
  const record = new DataView((await source.read(place, END_64_SIZE)).buffer);
  if (record.getUint32(0, true) !== END_64) {
    throw failure(source, "the record of a large archive", place);
  }
  return {
    count: Number(record.getBigUint64(32, true)),
    size: Number(record.getBigUint64(40, true)),
    begin: Number(record.getBigUint64(48, true)),
    place,
  };
}

function readEntry(source: ByteSource, view: DataView, at: number, begin: number): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const method = view.getUint16(at + 10, true);
  const nameEnd = at + CENTRAL_SIZE + view.getUint16(at + 28, true);
  const name = UTF8.decode(
    new Uint8Array(view.buffer, at + CENTRAL_SIZE, nameEnd - at - CENTRAL_SIZE),
  );
  if (flags & 1 || method !== 0 && method !== 8) {
    const actual = flags & 1 ? "an encrypted one" : `method ${method}`;
    throw failure(source, `${name}, stored or deflated`, begin + at, actual);
  }
  const large = largeNumbers(view, nameEnd, view.getUint16(at + 30, true));
  // Only those that do not fit are given there, in this order.
  const [size, packedSize, byteOffset] = [24, 20, 42].map((field) => {
    const value = view.getUint32(at + field, true);
    return value === ELSEWHERE ? large.shift() ?? value : value;
  }) as [number, number, number];
  if (byteOffset + LOCAL_SIZE + packedSize > source.size) {
    throw failure(source, `${name} within ${source.size} bytes`, begin + at, "more");
  }
  if (method === 0 && size !== packedSize) {
    throw failure(source, `${name}, stored in ${size} bytes`, begin + at, `${packedSize}`);
  }
  const isDeflated = method === 8;
  return { name, size, packedSize, isDeflated, crc: view.getUint32(at + 16, true), byteOffset };
}

/** The 64-bit numbers of an entry's extra field. */
function largeNumbers(view: DataView, start: number, length: number): number[] {
  for (let at = start; at + 4 <= start + length;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === EXTRA_64 && end <= start + length) {
      const count = Math.floor((end - at - 4) / 8);
      return Array.from(
        { length: count },
        (_, i) => Number(view.getBigUint64(at + 4 + 8 * i, true)),
      );
    }
    at = end;
  }
  return [];
}

/**
 * The bytes of an entry, unpacked. Memory holds a chunk at a time.
 *
 * @throws {DataFormatError} If they are not as many as the contents say, or fail the checksum.
 */
export async function* unzip(
  source: ByteSource,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { name, size, packedSize, byteOffset } = entry;
  const header = new DataView((await source.read(byteOffset, LOCAL_SIZE)).buffer);
  const start = byteOffset + LOCAL_SIZE + header.getUint16(26, true) + header.getUint16(28, true);
  if (header.getUint32(0, true) !== LOCAL_HEADER || start + packedSize > source.size) {
    throw failure(source, `the header of ${name}`, byteOffset);
  }
  const packed = chunksOf(source, start, packedSize);
  let count = 0;
  let sum = 0;
  try {
    for await (const chunk of entry.isDeflated ? inflate(packed) : packed) {
      count += chunk.length;
      sum = crc32(chunk, sum);
      if (count > size) break;
      yield chunk;
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw failure(source, `the deflated bytes of ${name}`, start, error.message);
  }
  if (count !== size) {
    throw failure(source, `${size} bytes of ${name}`, start, count > size ? "more" : `${count}`);
  }
  if (sum !== entry.crc) {
    throw failure(source, `the checksum ${entry.crc} of ${name}`, start, `${sum}`);
  }
}

async function* chunksOf(
  source: ByteSource,
  start: number,
  length: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for (let done = 0; done < length; done += CHUNK_SIZE) {
    yield await source.read(start + done, Math.min(CHUNK_SIZE, length - done));
  }
}

function inflate(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return ReadableStream.from(chunks).pipeThrough(new DecompressionStream("deflate-raw"));
}

function failure(
  { name }: ByteSource,
  expected: string,
  byteOffset: number,
  actual = "something else",
): DataFormatError {
  return new DataFormatError(
    `Cannot read ${name} as a ZIP archive: expected ${expected} at byte ${byteOffset}, got ${actual} ` +
      `(the file is damaged or of another kind: download or copy it again)`,
    { file: name, byteOffset },
  );
}

/** A file that goes into an archive. */
export interface ZipInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * An archive of some files.
 *
 * @param files What goes in.
 * @param isDeflated Whether they are compressed.
 * @returns The archive, piece by piece.
 * @throws {RangeError} If it would have 4 GB or more.
 */
export async function* zip(
  files: Iterable<ZipInput>,
  isDeflated = false,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const directory: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const packed = isDeflated ? await deflate(bytes) : new Uint8Array(bytes);
    const title = new TextEncoder().encode(name);
    checkSmall(name, offset + packed.length, bytes.length);
    const fields = {
      sum: crc32(bytes),
      packed: packed.length,
      size: bytes.length,
      isDeflated,
    };
    const local = header(LOCAL_HEADER, LOCAL_SIZE, 4, title, fields);
    const central = header(CENTRAL_HEADER, CENTRAL_SIZE, 6, title, fields);
    new DataView(central.buffer).setUint32(42, offset, true);
    directory.push(central);
    yield local;
    yield packed;
    offset += local.length + packed.length;
  }
  yield* directory;
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  checkSmall("the contents", offset + size, 0);
  const end = new DataView(new ArrayBuffer(END_SIZE));
  end.setUint32(0, END, true);
  end.setUint16(8, directory.length, true);
  end.setUint16(10, directory.length, true);
  end.setUint32(12, size, true);
  end.setUint32(16, offset, true);
  yield new Uint8Array(end.buffer);
}

interface HeaderFields {
  readonly sum: number;
  readonly packed: number;
  readonly size: number;
  readonly isDeflated: boolean;
}

/** Either header: both have the same fields, the central one two bytes later. */
function header(
  signature: number,
  length: number,
  start: number,
  title: Uint8Array,
  { sum, packed, size, isDeflated }: HeaderFields,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length + title.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, signature, true);
  if (start === 6) view.setUint16(4, 20, true);
  view.setUint16(start, 20, true);
  // Names are in UTF-8.
  view.setUint16(start + 2, 1 << 11, true);
  view.setUint16(start + 4, isDeflated ? 8 : 0, true);
  // 1 January 1980, so that the same files make the same archive.
  view.setUint16(start + 8, 33, true);
  view.setUint32(start + 10, sum, true);
  view.setUint32(start + 14, packed, true);
  view.setUint32(start + 18, size, true);
  view.setUint16(start + 22, title.length, true);
  bytes.set(title, length);
  return bytes;
}

function checkSmall(name: string, ...sizes: number[]): void {
  if (sizes.every((size) => size < ELSEWHERE)) return;
  throw new RangeError(
    `Cannot write ${name} into a ZIP archive as it would have 4 GB or more (write several)`,
  );
}

async function deflate(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const plain = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  return await new Response(plain.pipeThrough(new CompressionStream("deflate-raw"))).bytes();
}
