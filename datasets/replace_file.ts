/** Files written so that a crash, a full disk or a failing source leaves the old one whole. @module */
import { localPath } from "./data_folder.ts";

/**
 * Writes a file beside its place (as `path.part`), brings it to the disk, and only then gives it its name.
 *
 * @param path Where the file goes; what is there is replaced.
 * @param chunks Its contents, bytes or text.
 */
export async function replaceFile(
  path: string | URL,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const target = localPath(path);
  const part = `${target}.part`;
  try {
    using file = await Deno.open(part, { write: true, create: true, truncate: true });
    for await (const chunk of chunks) await writeAll(file, chunk);
    await file.sync();
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
  await Deno.rename(part, target);
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
