/** Whole files as bytes, unpacked where they are compressed by gzip. @module */
import { openFile } from "./data_folder.ts";
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
  return { name: file.name, bytes: await gunzip(bytes, format, place), place };
}

/** The bytes out of gzip, if they are in it. */
async function gunzip(
  bytes: Uint8Array,
  format: string,
  place: Place,
): Promise<Uint8Array<ArrayBuffer>> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes as Uint8Array<ArrayBuffer>;
  try {
    const plain = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()
      .pipeThrough(new DecompressionStream("gzip"));
    return await new Response(plain).bytes();
  } catch (error) {
    throw new DataFormatError(
      `Cannot read ${
        place.file ?? "the given bytes"
      } as ${format}: expected a whole gzip file at ` +
        `byte 0, got one that is cut or damaged: ${(error as Error).message} (load it again)`,
      { ...place, byteOffset: 0 },
      { cause: error },
    );
  }
}
