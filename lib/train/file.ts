/** Files that are replaced whole or not at all. @module */

/** The last save to each path, so that saves to one path wait for each other. */
const saving = new Map<string, Promise<void>>();

/**
 * Writes a file beside the former one, flushes it to the disk, and puts it in the former one's place.
 *
 * @throws {Error} If that fails; the former file is still there.
 */
export function replaceFile(path: string | URL, bytes: Uint8Array): Promise<void> {
  requireDeno("save", path);
  const key = String(path);
  const before = saving.get(key) ?? Promise.resolve();
  const save = before.catch(() => {}).then(() => write(path, bytes));
  saving.set(key, save);
  const forget = (): void => {
    if (saving.get(key) === save) saving.delete(key);
  };
  save.then(forget, forget);
  return save;
}

async function write(path: string | URL, bytes: Uint8Array): Promise<void> {
  // Two processes that save to one path must not write into one file.
  const suffix = `.${Deno.pid}.part`;
  const part = path instanceof URL ? new URL(`${path.href}${suffix}`) : `${path}${suffix}`;
  try {
    const file = await Deno.open(part, { write: true, create: true, truncate: true });
    try {
      for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
      await file.sync();
    } finally {
      file.close();
    }
    await Deno.rename(part, path);
  } catch (cause) {
    await Deno.remove(part).catch(() => {});
    throw new Error(
      `Cannot save ${path} as ${reason(cause)} (the file that was there before is unchanged)`,
      { cause },
    );
  }
}

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

function requireDeno(action: string, path: string | URL): void {
  if (typeof Deno !== "undefined") return;
  throw new Error(`Cannot ${action} ${path} as files need Deno: this is another runtime`);
}

function reason(cause: unknown): string {
  const { code, message } = cause as { code?: string; message: string };
  if (code === "ENOSPC" || /os error 28/.test(message)) return "the disk is full: free some space";
  if (code === "EDQUOT") return "the quota of the disk is used up: free some space";
  if (cause instanceof Deno.errors.NotFound) return "its folder does not exist: make it first";
  if (cause instanceof Deno.errors.PermissionDenied) return "its folder must not be written to";
  return message;
}
