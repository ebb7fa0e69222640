/** Where downloaded data sets are kept. @module */
import { cacheFolder, currentPathSource, type PathSource } from "../lib/base/mod.ts";

/** The variable that names another folder for downloaded data. */
const FOLDER_VARIABLE = "MESHWORK_DATA";

/**
 * The folder of downloaded data: the one that `MESHWORK_DATA` names, else this project's part of
 * the user's cache folder.
 *
 * @throws {Error} If the user has no such folder.
 */
export function dataCacheFolder(source: PathSource = currentPathSource()): string {
  const chosen = source.env(FOLDER_VARIABLE);
  if (chosen) return chosen;
  const cache = cacheFolder(source);
  if (cache !== null) return `${cache}/data`;
  throw new Error(
    `Cannot keep a download as the user has no cache folder: neither HOME nor ` +
      `${FOLDER_VARIABLE} is set (set one, or give {folder})`,
  );
}
