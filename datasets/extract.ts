/** Files of a ZIP archive brought to the disk. @module */
import { DataFormatError } from "./formats/data_format_error.ts";
import { type ByteSource, readZipEntries, unzip } from "./formats/zip.ts";
import { replaceFile } from "./replace_file.ts";

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
        if (count === null) return bytes.slice(0, done);
        done += count;
      }
      return bytes;
    },
    [Symbol.dispose]: () => file.close(),
  };
}

/**
 * Brings files of an archive to the disk, one after another, whatever folder of the archive they are in.
 *
 * @param archive The archive's path.
 * @param folder Where they go.
 * @param names Their names.
 * @throws {DataFormatError} If the archive is damaged, or lacks one of them.
 */
export async function extract(
  archive: string,
  folder: string,
  names: readonly string[],
): Promise<void> {
  using source = await fileSource(archive);
  const entries = await readZipEntries(source);
  for (const name of names) {
    // Names in an archive may lead out of the folder, so only their last part counts.
    const entry = entries.find((each) => each.name.split("/").at(-1) === name);
    if (!entry) {
      throw new DataFormatError(
        `Cannot unpack ${archive} as it lacks ${name}: it holds ` +
          `${entries.map((each) => each.name).join(", ") || "nothing"} (download it again)`,
        { file: archive },
      );
    }
    await replaceFile(`${folder}/${name}`, unzip(source, entry));
  }
}
