/** Files that are read. @module */
import { requireDeno } from "../base/mod.ts";

/** Reads a file. */
export async function readFile(path: string | URL, source: string): Promise<Uint8Array> {
  requireDeno("load", path);
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new Deno.errors.NotFound(
      `Cannot read ${source} as there is no such file (check the path, or train first)`,
      { cause },
    );
  }
}
