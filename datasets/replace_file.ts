/** Files written so that a crash, a full disk or a failing source leaves the old one whole. @module */
import { localPath } from "./data_folder.ts";

/**
 * Writes a file beside its place (as `path.<process>.part`), brings it to the disk, and only then gives it its name.
 *
 * @param path Where the file goes; what is there is replaced.
 * @param chunks Its contents.
 * @throws {Error} If it cannot be written, as on a full disk; what was there before is unchanged.
 * @throws {TypeError} If the path is a web address.
 */
export async function replaceFile(
  path: string | URL,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const target = localPath(path);
  const part = `${target}.${Deno.pid}.part`;
  const options = { write: true, create: true, truncate: true };
  try {
    using file = await named(target, Deno.open(part, options));
    for await (const chunk of chunks) await named(target, writeAll(file, chunk));
    await named(target, file.sync());
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
  await named(target, Deno.rename(part, target));
}

/** Says which file it was about when the system refuses something. */
async function named<T>(target: string, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    // A permission that Deno was not given tells the remedy by itself.
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new Error(
      `Cannot write ${target} as a file: ${
        (error as Error).message
      } (free some space, or choose a ` +
        `folder that exists and can be written; what was there before is unchanged)`,
      { cause: error },
    );
  }
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await file.write(bytes.subarray(written));
  }
}
