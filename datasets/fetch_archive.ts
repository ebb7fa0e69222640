/** Files and archives of published data sets, brought where they are kept. @module */
import { download, type DownloadSource } from "./cache.ts";
import { dataCacheFolder } from "./cache_folder.ts";
import { localPath } from "./data_folder.ts";
import { unpack } from "./unpack.ts";

/** Where the files of a published data set come from, are kept, and what they must be. */
export interface PublishedOptions extends DownloadSource {
  /** The SHA-256 of files, by their names: `{"train.tfrecord": "…"}`. */
  readonly sha256?: Readonly<Record<string, string>>;
}

/** Downloads one file into a folder, with the hash that is given for its name. */
export async function fetchFile(
  url: string,
  folder: string,
  { sha256: hashes, ...options }: PublishedOptions,
): Promise<string> {
  const sha256 = hashes?.[url.split("/").at(-1)!];
  return await download(url, { ...options, folder, ...(sha256 === undefined ? {} : { sha256 }) });
}

/**
 * Downloads an archive, unpacks it and removes it; gives the folder that holds its files, named
 * after it.
 *
 * @param url Its address.
 * @param group The part of the cache that it goes to, unless a folder is given.
 */
export async function fetchArchive(
  url: string,
  group: string,
  options: PublishedOptions,
): Promise<string> {
  const home = options.folder === undefined
    ? `${dataCacheFolder()}/${group}`
    : localPath(options.folder);
  const folder = `${home}/${url.split("/").at(-1)!.replace(/\.(zip|tgz)$/, "")}`;
  if (await exists(folder)) return folder;
  const archive = await fetchFile(url, home, options);
  await unpack(archive, folder);
  await Deno.remove(archive);
  return folder;
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, (error) => {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  });
}
