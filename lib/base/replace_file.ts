/** Files that are replaced whole or not at all. @module */

/** The content of a file: all of it, or one part after the other. */
export type FileContents = Uint8Array | AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** The last write to each path, so that writes to one path wait for each other. */
const writing = new Map<string, Promise<void>>();

/**
 * Writes a file beside the former one (as `path.<process>.part`), flushes it to the disk, and puts
 * it in the former one's place. Folders are made as needed; writes to one path wait for each other.
 *
 * @param path Where the file goes.
 * @param contents Where their source fails, its error comes back and nothing is replaced.
 * @throws {Error} If it cannot be written, as on a full disk; the former file is still there.
 */
export function replaceFile(
  path: string | URL,
  contents: FileContents,
): Promise<void> {
  requireDeno("write", path);
  const key = String(path);
  const before = writing.get(key) ?? Promise.resolve();
  const write = before.catch(() => {}).then(() => replace(path, contents));
  writing.set(key, write);
  const forget = (): void => {
    if (writing.get(key) === write) writing.delete(key);
  };
  write.then(forget, forget);
  return write;
}

/** Fails where there are no files. */
export function requireDeno(action: string, path: string | URL): void {
  if (typeof Deno !== "undefined") return;
  throw new Error(`Cannot ${action} ${path} as files need Deno: this is another runtime`);
}

async function replace(
  path: string | URL,
  contents: FileContents,
): Promise<void> {
  // Two processes that write one path must not write into one file.
  const suffix = `.${Deno.pid}.part`;
  const part = path instanceof URL ? new URL(`${path.href}${suffix}`) : `${path}${suffix}`;
  try {
    await explained(path, makeFolder(path));
    await writePart(path, part, contents);
    await explained(path, Deno.rename(part, path));
  } catch (error) {
    await Deno.remove(part).catch(() => {});
    throw error;
  }
}

async function writePart(
  path: string | URL,
  part: string | URL,
  contents: FileContents,
): Promise<void> {
  const options = { write: true, create: true, truncate: true };
  using file = await explained(path, Deno.open(part, options));
  const chunks = contents instanceof Uint8Array ? [contents] : contents;
  for await (const chunk of chunks) await explained(path, writeAll(file, chunk));
  await explained(path, file.sync());
}

async function makeFolder(path: string | URL): Promise<void> {
  const folder = path instanceof URL ? new URL(".", path) : path.replace(/[^/\\]*$/, "");
  if (folder !== "") await Deno.mkdir(folder, { recursive: true });
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

/** Says which file it was about when the system refuses something. */
async function explained<T>(path: string | URL, action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (cause) {
    // A permission that Deno was not given tells the remedy by itself.
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw new Error(
      `Cannot write ${path} as ${reason(cause)} (what was there before is unchanged)`,
      { cause },
    );
  }
}

function reason(cause: unknown): string {
  const { code, message } = cause as { code?: string; message: string };
  if (code === "ENOSPC" || /os error 28/.test(message)) return "the disk is full: free some space";
  if (code === "EDQUOT") return "the quota of the disk is used up: free some space";
  if (cause instanceof Deno.errors.PermissionDenied) return "its folder must not be written to";
  return `the file system refuses: ${message}`;
}
