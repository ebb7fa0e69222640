/** Archives unpacked to the disk. @module */
import { openFile } from "./data_folder.ts";
import { DataFormatError } from "./formats/data_format_error.ts";
import { untar } from "./formats/tar.ts";
import { type ByteSource, readZipEntries, unzip } from "./formats/zip.ts";
import { gunzipChunks } from "./read_bytes.ts";

/** The longest name that all systems take, in bytes. */
const MAX_NAME = 255;

/** A file on the disk as a source; close it. */
export async function fileSource(path: string): Promise<ByteSource & Disposable> {
  const file = await Deno.open(path);
  const { size } = await file.stat();
  return {
    name: path,
    size,
    async read(begin, length) {
      const bytes = new Uint8Array(length);
      await file.seek(begin, Deno.SeekMode.Start);
      for (let done = 0; done < length;) {
        const count = await file.read(bytes.subarray(done));
        if (count === null) throw new Error(`Cannot read ${path} as it was cut while it was open`);
        done += count;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/** A file of an archive: its path there, and its bytes. */
interface Packed {
  readonly name: string;
  /** Where it begins in the archive, or in what is compressed. */
  readonly byteOffset: number;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Unpacks an archive (.zip, .tgz) into a new folder, which appears when all of it is there. Where
 * all files are in one folder of the archive, that one is left out.
 *
 * @param archive The archive's path.
 * @param folder The folder to make.
 * @throws {DataFormatError} If the archive is damaged, or would write outside of the folder.
 */
export async function unpack(archive: string, folder: string): Promise<void> {
  const part = `${folder}.part`;
  await removeAll(part);
  await Deno.mkdir(part, { recursive: true });
  const tops = new Set<string>();
  for await (
    const { name, byteOffset, chunks } of /\.zip$/i.test(archive)
      ? zipped(archive)
      : tarred(archive)
  ) {
    const parts = name.split("/");
    // An empty part is a path from the root, or no name.
    const isOutside = parts.includes("..") || parts.includes("") || /[\\\0]/.test(name);
    const isLong = new TextEncoder().encode(name).length > MAX_NAME;
    if (isOutside || isLong) {
      const problem = isLong ? "has too long a name" : `would lie outside of ${folder}`;
      throw new DataFormatError(
        `Cannot unpack ${archive} as its file ${name} ${problem}, at byte ${byteOffset} ` +
          `(do not trust it)`,
        { file: archive, byteOffset },
      );
    }
    tops.add(parts.length === 1 ? "" : parts[0]!);
    await Deno.mkdir(`${part}/${parts.slice(0, -1).join("/")}`, { recursive: true });
    using file = await Deno.open(`${part}/${name}`, { write: true, create: true, truncate: true });
    for await (const chunk of chunks) {
      for (let done = 0; done < chunk.length;) done += await file.write(chunk.subarray(done));
    }
  }
  const [top] = tops;
  await Deno.rename(tops.size === 1 && top ? `${part}/${top}` : part, folder);
  await removeAll(part);
}

async function* zipped(archive: string): AsyncGenerator<Packed> {
  using source = await fileSource(archive);
  for (const entry of await readZipEntries(source)) {
    // Macs put folders of their own into archives.
    if (entry.name.endsWith("/") || entry.name.startsWith("__MACOSX/")) continue;
    const { name, byteOffset } = entry;
    yield { name, byteOffset, chunks: unzip(source, entry) };
  }
}

async function* tarred(archive: string): AsyncGenerator<Packed> {
  const file = (await openFile(archive))!;
  for await (
    const { name, bytes, byteOffset } of untar(gunzipChunks(file, "a TAR archive"), {
      file: archive,
    })
  ) {
    const base = name.replace(/^\.\//, "");
    // So do their archivers, with files.
    if (!base.split("/").at(-1)!.startsWith("._")) {
      yield { name: base, byteOffset, chunks: [bytes] };
    }
  }
}

async function removeAll(path: string): Promise<void> {
  await Deno.remove(path, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}
