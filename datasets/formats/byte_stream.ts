/** Bytes taken from a stream of chunks in the sizes that a format needs. @module */

/** Chunks of bytes: a `ReadableStream<Uint8Array>`, an async generator, an array of arrays. */
export type ByteChunks = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** What is allocated at once for bytes that may never come. */
const CAUTIOUS_SIZE = 1 << 20;

/** Reads exact numbers of bytes from chunks of any sizes, and knows how far it has come. */
export class ByteStream {
  /** How many bytes were taken. */
  position = 0;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);

  constructor(chunks: ByteChunks) {
    this.#chunks = Symbol.asyncIterator in chunks
      ? chunks[Symbol.asyncIterator]()
      : chunks[Symbol.iterator]();
  }

  /**
   * The next `count` bytes, or fewer where the stream ends. They are a copy, so a source may refill
   * its buffer. Memory grows with the bytes that arrive, not with the number asked for, unless that
   * is known to be there. They lie in `scratch` where that has room.
   */
  async take(
    count: number,
    isThere = false,
    scratch?: Uint8Array<ArrayBuffer>,
  ): Promise<Uint8Array<ArrayBuffer>> {
    let bytes = scratch && scratch.length >= count
      ? scratch.subarray(0, count)
      : new Uint8Array(isThere ? count : Math.min(count, CAUTIOUS_SIZE));
    let filled = 0;
    while (filled < count && await this.#refill()) {
      const part = this.#chunk.subarray(0, count - filled);
      if (filled + part.length > bytes.length) bytes = grow(bytes, filled + part.length, count);
      bytes.set(part, filled);
      filled += part.length;
      this.#chunk = this.#chunk.subarray(part.length);
    }
    this.position += filled;
    return filled === bytes.length ? bytes : bytes.slice(0, filled);
  }

  /** Lets go of the source; needed where the stream was not read to its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  async #refill(): Promise<boolean> {
    while (this.#chunk.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done) return false;
      this.#chunk = value;
    }
    return true;
  }
}

function grow(bytes: Uint8Array, needed: number, limit: number): Uint8Array<ArrayBuffer> {
  const grown = new Uint8Array(Math.min(limit, Math.max(needed, 2 * bytes.length)));
  grown.set(bytes);
  return grown;
}
