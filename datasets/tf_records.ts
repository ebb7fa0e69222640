/** TFRecord files on the disk or behind a web address. @module */
import { replaceFile } from "../lib/base/mod.ts";
import { localPath, openFile } from "./data_folder.ts";
import { DataNotFoundError } from "./errors.ts";
import { decodeTfRecords, encodeTfRecord, type TfRecord } from "./formats/tfrecord.ts";

/**
 * The records of a TFRecord file, streamed: memory holds one record at a time.
 *
 * @param pathOrUrl A path, or a `file:`, `http:` or `https:` address.
 * @returns The records, in order, both checksums of each verified.
 * @throws {DataNotFoundError} If there is no such file.
 * @throws {DataFormatError} At the first damaged or truncated record; the message names file,
 * record and byte.
 *
 * @example
 * ```ts
 * import { decodeExample, readTfRecords, sampleUrl } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * for await (const { data } of readTfRecords(sampleUrl("cylinder_flow_mini", "train.tfrecord"))) {
 *   const names = [...decodeExample(data).keys()];
 *   assertEquals(names.sort(), ["cells", "mesh_pos", "node_type", "pressure", "velocity"]);
 * }
 * ```
 */
export async function* readTfRecords(
  pathOrUrl: string | URL,
): AsyncGenerator<TfRecord, void, void> {
  const file = await openFile(pathOrUrl);
  if (!file) {
    throw new DataNotFoundError(
      `Cannot open ${pathOrUrl} as TFRecord: there is no such file (check the path)`,
    );
  }
  yield* decodeTfRecords(file.chunks, { file: file.name, size: file.size });
}

/**
 * Writes a TFRecord file. It appears under its name only when it is complete and on the disk; until
 * then, and if anything fails, what was there before stays.
 *
 * @param path Where the file goes; what is there is replaced.
 * @param records What each record holds, such as {@linkcode encodeExample}'s bytes.
 * @returns The number of records.
 * @throws {TypeError} If the path is a web address.
 *
 * @example
 * ```ts
 * import { readTfRecords, writeTfRecords } from "@meshwork/meshwork/datasets";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const path = `${folder}/numbers.tfrecord`;
 * assertEquals(await writeTfRecords(path, [new Uint8Array([1]), new Uint8Array([2, 3])]), 2);
 * const back = [];
 * for await (const { data } of readTfRecords(path)) back.push([...data]);
 * assertEquals(back, [[1], [2, 3]]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function writeTfRecords(
  path: string | URL,
  records: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<number> {
  let count = 0;
  async function* framed() {
    for await (const record of records) {
      yield encodeTfRecord(record);
      count++;
    }
  }
  await replaceFile(localPath(path), framed());
  return count;
}
