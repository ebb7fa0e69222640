/**
 * Compiled programs in files, so that a second start compiles nothing.
 *
 * A file is found by the hash of all that the compiled code depends on, and carries the hash of
 * what it holds: native code that was cut off or changed must never reach the plugin. Whatever is
 * wrong with the folder or a file, the program is compiled as if there were no cache.
 *
 * @module
 */
import { cacheFolder, currentPathSource, type PathSource } from "../base/mod.ts";
import { encodeCompileOptions, type PjrtClient } from "./pjrt/mod.ts";

/** The variable that names another folder, or is `off`. */
const CACHE_VARIABLE = "MESHWORK_COMPILE_CACHE";

/** The files take at most so many bytes together; the least recently used go first. */
const MAX_CACHE_BYTES = 256 * 2 ** 20;

/** Programs that took less to compile are not kept: compiling them anew costs little. */
const WORTH_KEEPING_MS = 50;

const EXTENSION = ".xla";
const PARTIAL = ".partial";

/** After so long a file that was never finished is taken away. */
const ABANDONED_MS = 60 * 60 * 1000;

const DIGEST_BYTES = 32;

function digest(...parts: (string | Uint8Array)[]): Uint8Array {
  // Asked for at run time: a bundle for browsers, where nothing of this runs, must not import it.
  const hash = globalThis.process.getBuiltinModule("node:crypto").createHash("sha256");
  // Lengths keep ("ab", "c") and ("a", "bc") apart.
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return new Uint8Array(hash.digest());
}

/** A folder of compiled programs; several processes may share it. */
export class CompileCache {
  /**
   * @param identity All that compiled code depends on besides the program: the plugin, the options,
   *   the processor.
   * @param maxBytes Bound of the folder's size.
   * @param worthKeepingMs Programs that took less to compile are not worth a file.
   */
  constructor(
    readonly folder: string,
    readonly identity: string,
    readonly maxBytes: number = MAX_CACHE_BYTES,
    readonly worthKeepingMs: number = WORTH_KEEPING_MS,
  ) {}

  #path(text: string): string {
    return `${this.folder}/${digest(this.identity, text).toHex()}${EXTENSION}`;
  }

  /** The serialised executable of a program, or null if there is none that is whole. */
  get(text: string): Uint8Array<ArrayBuffer> | null {
    const path = this.#path(text);
    try {
      const file = Deno.readFileSync(path);
      const payload = file.slice(DIGEST_BYTES);
      const expected = digest(this.identity, text, payload);
      if (!expected.every((byte, i) => byte === file[i])) return null;
      touch(path);
      return payload;
    } catch {
      return null;
    }
  }

  /** Keeps a serialised executable; the file appears whole or not at all. */
  put(text: string, executable: Uint8Array): void {
    if (executable.length + DIGEST_BYTES > this.maxBytes) return;
    const path = this.#path(text);
    const partial = `${path}.${crypto.randomUUID()}${PARTIAL}`;
    try {
      // Who can write here chooses what this user runs.
      Deno.mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const file = new Uint8Array(DIGEST_BYTES + executable.length);
      file.set(digest(this.identity, text, executable));
      file.set(executable, DIGEST_BYTES);
      Deno.writeFileSync(partial, file, { mode: 0o600 });
      Deno.renameSync(partial, path);
      this.#trim();
    } catch {
      // A folder that cannot be written, or a full disk: no cache, then.
      remove(partial);
    }
  }

  /** Removes the least recently used files, down to the bound, and what was never finished. */
  #trim(): void {
    const files: { path: string; size: number; used: number }[] = [];
    for (const { name } of Deno.readDirSync(this.folder)) {
      const path = `${this.folder}/${name}`;
      const [isEntry, isPartial] = [name.endsWith(EXTENSION), name.endsWith(PARTIAL)];
      const info = isEntry || isPartial ? stat(path) : null;
      if (!info) continue;
      const used = info.mtime?.getTime() ?? 0;
      if (isEntry) files.push({ path, size: info.size, used });
      else if (Date.now() - used > ABANDONED_MS) remove(path);
    }
    let total = files.reduce((sum, { size }) => sum + size, 0);
    files.sort((a, b) => a.used - b.used);
    for (const { path, size } of files) {
      if (total <= this.maxBytes) break;
      remove(path);
      total -= size;
    }
  }
}

function stat(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch {
    return null;
  }
}

function remove(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Another process was quicker.
  }
}

/** Marks a file as used now. */
function touch(path: string): void {
  try {
    Deno.utimeSync(path, new Date(), new Date());
  } catch {
    // A folder that can only be read has no order of use.
  }
}

/** The versions that the compiled code of a plugin's client depends on. */
function identityOf(plugin: string, client: PjrtClient): string {
  const { platform, platformVersion, devices } = client;
  const { size, mtime } = Deno.statSync(plugin);
  return JSON.stringify({
    plugin: [plugin, size, mtime?.getTime()],
    client: [platform, platformVersion, devices.map(({ kind }) => kind)],
    options: encodeCompileOptions({ replicas: 1, platform }).toHex(),
    // XLA reads more of them from the environment.
    flags: Deno.env.get("XLA_FLAGS") ?? "",
    // XLA's code for a CPU uses all that the CPU can do.
    processor: [Deno.build.os, Deno.build.arch, platform === "cpu" ? processorFeatures() : ""],
  });
}

/** The processor's instruction sets, where the system tells them. */
function processorFeatures(): string {
  try {
    const lines = Deno.readTextFileSync("/proc/cpuinfo").split("\n\n", 1)[0]!.split("\n");
    return lines.filter((line) => /^(model name|flags|Features|CPU part)\b/.test(line)).join("\n");
  } catch {
    return "";
  }
}

/** The folder that the environment asks for: null for none. */
export function compileCacheFolder(source: PathSource = currentPathSource()): string | null {
  const chosen = source.env(CACHE_VARIABLE);
  if (chosen === "off") return null;
  if (chosen) return chosen;
  const folder = cacheFolder(source);
  return folder === null ? null : `${folder}/programs`;
}

/** The cache for a plugin's client, or null where there is none. */
export function openCompileCache(plugin: string, client: PjrtClient): CompileCache | null {
  try {
    const folder = compileCacheFolder();
    return folder === null ? null : new CompileCache(folder, identityOf(plugin, client));
  } catch {
    // Without permission to look there is nothing to find.
    return null;
  }
}
