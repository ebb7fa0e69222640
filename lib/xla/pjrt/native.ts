/** Ownership of native objects: freed once, by `dispose()` or after garbage collection. @module */
import type { FunctionName, PjrtApi } from "./api.ts";
import { type Address, Struct } from "./struct.ts";

type Kind = "buffer" | "executable";

const live: Record<Kind, number> = { buffer: 0, executable: 0 };

/** How many buffers were made in this isolate and not disposed yet (for leak tests). */
export function liveBuffers(): number {
  return live.buffer;
}

/** How many executables were made in this isolate and not disposed yet. */
export function liveExecutables(): number {
  return live.executable;
}

/**
 * The native client. It outlives `close()` until its last buffer and executable are freed, because
 * they point into it.
 */
export class NativeClient {
  readonly api: PjrtApi;
  readonly address: Address;
  #closed = false;
  #objects = 0;
  readonly #destroyBuffer: Struct<"PJRT_Buffer_Destroy_Args">;
  readonly #destroyExecutable: Struct<"PJRT_LoadedExecutable_Destroy_Args">;

  constructor(api: PjrtApi, address: Address) {
    this.api = api;
    this.address = address;
    this.#destroyBuffer = new Struct("PJRT_Buffer_Destroy_Args");
    this.#destroyExecutable = new Struct("PJRT_LoadedExecutable_Destroy_Args");
  }

  /** Whether `close()` was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Counts an object that was made. */
  adopt(kind: Kind): void {
    this.#objects++;
    live[kind]++;
  }

  /** Frees an object. */
  free(kind: Kind, address: Address): void {
    live[kind]--;
    if (kind === "buffer") {
      this.#destroyBuffer.set("buffer", address);
      this.#release("PJRT_Buffer_Destroy", this.#destroyBuffer);
    } else {
      this.#destroyExecutable.set("executable", address);
      this.#release("PJRT_LoadedExecutable_Destroy", this.#destroyExecutable);
    }
  }

  #release(
    name: FunctionName,
    args: Struct<"PJRT_Buffer_Destroy_Args"> | Struct<"PJRT_LoadedExecutable_Destroy_Args">,
  ): void {
    this.#objects--;
    this.api.call(name, args);
    this.#destroyIfUnused();
  }

  /** Keeps the client until a call on another thread is done. */
  async hold<T>(call: () => Promise<T>): Promise<T> {
    this.#objects++;
    try {
      return await call();
    } finally {
      this.#objects--;
      this.#destroyIfUnused();
    }
  }

  /** Lets the client go; further calls do nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#destroyIfUnused();
  }

  #destroyIfUnused(): void {
    if (!this.#closed || this.#objects > 0) return;
    const args = new Struct("PJRT_Client_Destroy_Args", { client: this.address });
    this.api.call("PJRT_Client_Destroy", args);
  }
}

interface Held {
  readonly client: NativeClient;
  readonly kind: Kind;
  readonly address: Address;
}

const collected = new FinalizationRegistry<Held>(({ client, kind, address }) =>
  client.free(kind, address)
);

/** A JavaScript object that owns a native one. */
export abstract class NativeObject {
  readonly #held: Held;
  #disposed = false;

  constructor(client: NativeClient, kind: Kind, address: Address) {
    this.#held = { client, kind, address };
    client.adopt(kind);
    collected.register(this, this.#held, this);
  }

  /** The native client that made this. */
  protected get client(): NativeClient {
    return this.#held.client;
  }

  /** The native address; throws after `dispose()`. */
  get address(): Address {
    if (this.#disposed) {
      throw new TypeError(
        `Cannot use the ${this.#held.kind} as it was disposed (or donated to a program)`,
      );
    }
    return this.#held.address;
  }

  /** Whether the native object was freed. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Frees the native object; further calls do nothing. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    collected.unregister(this);
    this.#held.client.free(this.#held.kind, this.#held.address);
  }
}
