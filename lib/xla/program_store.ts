/**
 * Compiled programs: made by the plugin or read from the cache of a former start, and those of
 * eager work kept by their texts.
 *
 * @module
 */
import type { CompileCache } from "./compile_cache.ts";
import { type PjrtClient, PjrtError, type PjrtExecutable } from "./pjrt/mod.ts";

/** Counters of compilation. */
export interface CompileStats {
  /** Programs compiled, or loaded from the cache of compiled programs. */
  compiles: number;
  /** Of these, loaded from the cache. */
  cacheHits: number;
  /** Milliseconds spent compiling and loading. */
  compileMs: number;
}

/** Eager programs kept compiled; the least recently used goes first. */
const MAX_EAGER_PROGRAMS = 1024;

/** Compiles programs, and keeps those of eager work. */
export class ProgramStore {
  readonly #client: PjrtClient;
  readonly #cache: CompileCache | null;
  readonly #stats: CompileStats;
  /** By their texts, the last used one at the end. */
  readonly #eager = new Map<string, PjrtExecutable>();

  constructor(client: PjrtClient, cache: CompileCache | null, stats: CompileStats) {
    this.#client = client;
    this.#cache = cache;
    this.#stats = stats;
  }

  /** Compiles a program, or loads it from the cache, and counts it; the caller frees it. */
  compile(text: string, replicas = 1): PjrtExecutable {
    const start = performance.now();
    const loaded = this.#load(text);
    const executable = loaded ?? this.#client.compile(text, { replicas });
    return this.#count(text, executable, start, loaded !== null);
  }

  /** Does what {@linkcode compile} does without blocking the event loop. */
  async compileAsync(text: string, replicas = 1): Promise<PjrtExecutable> {
    const start = performance.now();
    const bytes = this.#cache?.get(text);
    const loaded = bytes ? await this.#client.deserializeAsync(bytes).catch(unlessRefused) : null;
    const executable = loaded ?? await this.#client.compileAsync(text, { replicas });
    return this.#count(text, executable, start, loaded !== null);
  }

  /** Whether an eager program is compiled. */
  hasEager(text: string): boolean {
    return this.#eager.has(text);
  }

  /** An eager program, compiled now if it was not. */
  eager(text: string): PjrtExecutable {
    const program = this.#eager.get(text) ?? this.compile(text);
    this.#enter(text, program);
    return program;
  }

  /** Compiles an eager program without blocking the event loop. */
  async prepareEager(text: string): Promise<void> {
    if (this.#eager.has(text)) return;
    const program = await this.compileAsync(text);
    // Somebody who could not wait may have compiled it meanwhile.
    if (this.#eager.has(text)) program.dispose();
    else this.#enter(text, program);
  }

  /** Makes an eager program the last used one. */
  #enter(text: string, program: PjrtExecutable): void {
    this.#eager.delete(text);
    if (this.#eager.size >= MAX_EAGER_PROGRAMS) {
      const [oldest, executable] = this.#eager.entries().next().value!;
      this.#eager.delete(oldest);
      executable.dispose();
    }
    this.#eager.set(text, program);
  }

  #load(text: string): PjrtExecutable | null {
    const bytes = this.#cache?.get(text);
    if (!bytes) return null;
    try {
      return this.#client.deserialize(bytes);
    } catch (error) {
      return unlessRefused(error);
    }
  }

  #count(
    text: string,
    executable: PjrtExecutable,
    start: number,
    loaded: boolean,
  ): PjrtExecutable {
    const ms = performance.now() - start;
    this.#stats.compiles++;
    this.#stats.compileMs += ms;
    if (loaded) this.#stats.cacheHits++;
    else if (this.#cache && ms >= this.#cache.worthKeepingMs) {
      keep(this.#cache, text, executable);
    }
    return executable;
  }
}

function keep(cache: CompileCache, text: string, executable: PjrtExecutable): void {
  try {
    cache.put(text, executable.serialize());
  } catch (error) {
    // Not every plugin, and not every program, can be serialised.
    unlessRefused(error);
  }
}

/** Null for what the plugin refuses, e.g. a cached program that is whole but another version's. */
function unlessRefused(error: unknown): null {
  if (error instanceof PjrtError) return null;
  throw error;
}
