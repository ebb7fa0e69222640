/** Whether there is a file. @module */

/** Whether a path is that of a file that can be seen. */
export function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
