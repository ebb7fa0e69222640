/**
 * Where this project keeps what it can fetch or make again: pure paths, so that asking loads
 * nothing.
 *
 * @module
 */
import { EngineError } from "./errors.ts";

/** The machine, as far as paths depend on it. */
export interface PathSource {
  readonly os: typeof Deno.build.os;
  /** The value of an environment variable. */
  env(name: string): string | undefined;
}

/** The running process; its `env` throws an `EngineError` where Deno does not permit it. */
export function currentPathSource(): PathSource {
  const env = (name: string): string | undefined => {
    try {
      return Deno.env.get(name);
    } catch (error) {
      throw notPermitted(error as Error);
    }
  };
  return { os: Deno.build.os, env };
}

/** The error of asking what Deno does not permit. */
export function notPermitted({ message }: Error): EngineError {
  return new EngineError(
    `Cannot look for files of this project as Deno does not permit it: ${message}`,
  );
}

/** The user's cache folder by the custom of the operating system, or null if none is known. */
function userCacheFolder({ os, env }: PathSource): string | null {
  if (os === "windows") return env("LOCALAPPDATA") || null;
  // The specification has relative paths ignored.
  const chosen = env("XDG_CACHE_HOME");
  if (chosen?.startsWith("/")) return chosen;
  const home = env("HOME");
  if (!home) return null;
  return os === "darwin" ? `${home}/Library/Caches` : `${home}/.cache`;
}

/** This project's part of the user's cache folder, or null if the user has none. */
export function cacheFolder(source: PathSource): string | null {
  const cache = userCacheFolder(source);
  return cache === null ? null : `${cache}/meshwork`;
}
