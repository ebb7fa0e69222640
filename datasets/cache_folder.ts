/** Where downloaded data sets are kept. @module */

/** The variable that names another folder for downloaded data. */
const FOLDER_VARIABLE = "MESHWORK_DATA";

/** What the place depends on. */
export interface PlaceSource {
  readonly os: typeof Deno.build.os;
  /** The value of an environment variable. */
  env(name: string): string | undefined;
}

/** The running process. */
function currentPlace(): PlaceSource {
  return { os: Deno.build.os, env: (name) => Deno.env.get(name) };
}

/**
 * The folder of downloaded data: the one that `MESHWORK_DATA` names, else this project's part of the
 * user's cache folder.
 *
 * @throws {Error} If the user has no such folder.
 */
export function dataCacheFolder(source: PlaceSource = currentPlace()): string {
  const chosen = source.env(FOLDER_VARIABLE);
  if (chosen) return chosen;
  const cache = userCacheFolder(source);
  if (cache !== null) return `${cache}/meshwork/data`;
  throw new Error(
    `Cannot keep a download as the user has no cache folder: neither HOME nor ${FOLDER_VARIABLE} is set ` +
      `(set one, or give {folder})`,
  );
}

/** The user's cache folder by the custom of the operating system. */
function userCacheFolder({ os, env }: PlaceSource): string | null {
  if (os === "windows") return env("LOCALAPPDATA") || null;
  // The specification has relative paths ignored.
  const chosen = env("XDG_CACHE_HOME");
  if (chosen?.startsWith("/")) return chosen;
  const home = env("HOME");
  if (!home) return null;
  return os === "darwin" ? `${home}/Library/Caches` : `${home}/.cache`;
}
