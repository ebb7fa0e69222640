/** Whole files as bytes, unpacked where they are compressed by gzip. @module */
import { type DataFile, localFile, openFile } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { ByteStream } from "./formats/byte_stream.ts";
import { DataFormatError, type Place } from "./formats/data_format_error.ts";

/** A file in memory. */
export interface FileBytes {
  /** Its path or address; `""` where it was given as bytes. */
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where it is from, for errors. */
  readonly place: Place;
}

/**
 * All bytes of a file.
 *
 * @param pathOrBytes A path, an address, or the bytes.
 * @param format What it is read as, for errors: `a mesh`.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} If it is in gzip and that is damaged.
 * @throws {TypeError} If it is neither path, address nor bytes.
 */
export async function readBytes(
  pathOrBytes: string | URL | Uint8Array,
  format: string,
): Promise<FileBytes> {
  if (pathOrBytes instanceof Uint8Array) {
    return { name: "", bytes: await gunzip(pathOrBytes, format, {}), place: {} };
  }
  if (typeof pathOrBytes !== "string" && !(pathOrBytes instanceof URL)) {
    throw new TypeError(
      `Cannot read ${format} as it comes by path, address or bytes: got ${typeof pathOrBytes}`,
    );
  }
  const file = await openFile(pathOrBytes);
  if (!file) {
    throw new DataNotFoundError(
      `Cannot open ${pathOrBytes} as ${format}: there is no such file (check the path)`,
    );
  }
  const place = { file: file.name };
  const bytes = await new ByteStream(file.chunks).take(Number.MAX_SAFE_INTEGER);
  // A server may have unpacked what its address says is compressed.
  if (/\.gz$/i.test(file.name) && localFile(pathOrBytes) !== null && !isGzip(bytes)) {
    throw new DataFormatError(
      `Cannot read ${file.name} as ${format}: expected gzip at byte 0, as its name says, got ` +
        `something else (it is damaged: load it again; or take .gz off its name)`,
      { ...place, byteOffset: 0 },
    );
  }
  return { name: file.name, bytes: await gunzip(bytes, format, place), place };
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The bytes out of gzip, if they are in it. */
async function gunzip(
  bytes: Uint8Array,
  format: string,
  place: Place,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes as Uint8Array<ArrayBuffer>;
  try {
    const plain = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return await new Response(plain).bytes();
  } catch (error) {
    throw damagedGzip(format, place, error);
  }
}

function damagedGzip(format: string, place: Place, cause: unknown): DataFormatError {
  return new DataFormatError(
    `Cannot read ${place.file ?? "the given bytes"} as ${format}: expected a whole gzip file at ` +
      `byte 0, got one that is cut or damaged: ${(cause as Error).message} (load it again)`,
    { ...place, byteOffset: 0 },
    { cause },
  );
}

/**
 * The bytes of a file that is compressed by gzip, chunk by chunk.
 *
 * @throws {DataFormatError} If it is damaged.
 */
export async function* gunzipChunks(
  { name, chunks }: DataFile,
  format: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // A stream reads ahead, and a file's chunk is good only until the next one is asked for.
  async function* copies(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    for await (const chunk of chunks) yield new Uint8Array(chunk);
  }
  try {
    yield* ReadableStream.from(copies()).pipeThrough(new DecompressionStream("gzip"));
  } catch (error) {
    // The stream says of bad bytes that they are of a wrong type.
    if (!(error instanceof TypeError)) throw error;
    throw damagedGzip(format, { file: name }, error);
  }
}
