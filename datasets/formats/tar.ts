/** TAR archives, as a stream of files. @module */
import { type ByteChunks, ByteStream } from "./byte_stream.ts";
import { DataFormatError, type Place } from "./data_format_error.ts";

/** Headers and files fill whole blocks. */
const BLOCK = 512;

/** A file in an archive. */
export interface TarFile {
  /** Its path in the archive. */
  readonly name: string;
  /** Where its header begins in the archive. */
  readonly byteOffset: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const UTF8 = new TextDecoder();

/**
 * The files of an archive, one after another; links, folders and the like are passed over.
 *
 * @param chunks The archive's bytes.
 * @param place Its name, for errors.
 * @throws {DataFormatError} If it is cut, or a header fails its checksum; the message names the
 * byte.
 */
export async function* untar(chunks: ByteChunks, place: Place = {}): AsyncGenerator<TarFile> {
  const stream = new ByteStream(chunks);
  try {
    while (true) {
      const start = stream.position;
      const header = await stream.take(BLOCK);
      // Two blocks of zeros end an archive; some writers leave them out.
      if (header.length === 0 || header.every((byte) => byte === 0)) return;
      const { name, size, isFile } = readHeader(header, start, place);
      const bytes = await stream.take(Math.ceil(size / BLOCK) * BLOCK);
      if (bytes.length < size) throw failure(place, `${size} bytes of ${name}`, start, "its end");
      if (isFile) yield { name, byteOffset: start, bytes: bytes.slice(0, size) };
    }
  } finally {
    await stream.close();
  }
}

function readHeader(header: Uint8Array, start: number, place: Place) {
  const text = (from: number, length: number): string => {
    const field = header.subarray(from, from + length);
    const end = field.indexOf(0);
    return UTF8.decode(end < 0 ? field : field.subarray(0, end));
  };
  const octal = (from: number, length: number): number =>
    parseInt(text(from, length).trim() || "0", 8);
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 32 : byte), 0);
  const size = octal(124, 12);
  if (header.length < BLOCK || octal(148, 8) !== sum || !(size >= 0)) {
    throw failure(place, "the header of a file, and its checksum", start, "something else");
  }
  const prefix = text(257, 5) === "ustar" ? text(345, 155) : "";
  const name = prefix ? `${prefix}/${text(0, 100)}` : text(0, 100);
  return { name, size, isFile: ["", "0", "7"].includes(text(156, 1)) };
}

function failure(
  place: Place,
  expected: string,
  byteOffset: number,
  actual: string,
): DataFormatError {
  return new DataFormatError(
    `Cannot read ${
      place.file ?? "the given bytes"
    } as a TAR archive: expected ${expected} at byte ` +
      `${byteOffset}, got ${actual} (the file is damaged or of another kind: download or copy it again)`,
    { ...place, byteOffset },
  );
}
