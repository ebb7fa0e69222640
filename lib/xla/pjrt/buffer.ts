/** Arrays in a device's memory. @module */
import { formatShape } from "../../base/mod.ts";
import { awaitEvent, awaitEventAsync, pollEvent } from "./event.ts";
import { allocate } from "./native_memory.ts";
import { type NativeClient, NativeObject } from "./native.ts";
import { type Address, Struct } from "./struct.ts";
import { type BufferElement, type BufferType, byteLengthOf } from "./types.ts";

type Copy = Struct<"PJRT_Buffer_ToHostBuffer_Args">;

/** A dense array on a device. Its values may still be pending; reading waits for them. */
export class PjrtBuffer extends NativeObject implements BufferType {
  readonly type: BufferElement;
  readonly shape: readonly number[];
  readonly byteLength: number;

  /** Takes ownership of a native buffer. */
  constructor(client: NativeClient, address: Address, { type, shape }: BufferType) {
    super(client, "buffer", address);
    this.type = type;
    this.shape = shape;
    this.byteLength = byteLengthOf(this);
  }

  /**
   * Copies the values into a view of exactly {@linkcode byteLength} bytes, waiting for them.
   *
   * @throws {RangeError} If the view has another size.
   * @throws {PjrtError} If the computation that makes the values failed.
   */
  download(into: ArrayBufferView): void {
    const copy = this.#copyTo(into);
    if (copy !== null) awaitEvent(this.client.api, copy.address("event"));
  }

  /** The same without blocking the event loop. */
  async downloadAsync(into: ArrayBufferView): Promise<void> {
    // Native threads write there, also when this worker and its arrays are gone.
    const memory = allocate(into.byteLength);
    try {
      const copy = this.#copyTo(memory.bytes);
      if (copy === null) return;
      await awaitEventAsync(this.client.api, copy.address("event"));
      new Uint8Array(into.buffer, into.byteOffset, into.byteLength).set(memory.bytes);
    } finally {
      memory.free();
    }
  }

  #copyTo(into: ArrayBufferView): Copy | null {
    if (into.byteLength !== this.byteLength) {
      throw new RangeError(
        `Cannot download ${this.type} ${formatShape(this.shape)} as the view has another size: ` +
          `expected ${this.byteLength} bytes, got ${into.byteLength}`,
      );
    }
    const src = this.address;
    if (this.byteLength === 0) return null;
    const dst_size = this.byteLength;
    const copy = new Struct("PJRT_Buffer_ToHostBuffer_Args", { src, dst: into, dst_size });
    return this.client.api.call("PJRT_Buffer_ToHostBuffer", copy);
  }

  /**
   * The buffer's own memory, where the host can reach it; to be used at once, before anything is
   * disposed. Waits for the values.
   *
   * @throws {PjrtError} If the computation that makes the values failed.
   */
  memory(): ArrayBuffer {
    awaitEvent(this.client.api, this.#readyEvent());
    const args = new Struct("PJRT_Buffer_UnsafePointer_Args", { buffer: this.address });
    const address = this.client.api.call("PJRT_Buffer_UnsafePointer", args)
      .address("buffer_pointer");
    const pointer = Deno.UnsafePointer.create(address);
    if (pointer === null || this.byteLength === 0) return new ArrayBuffer(0);
    return Deno.UnsafePointerView.getArrayBuffer(pointer, this.byteLength);
  }

  #readyEvent(): Address {
    const args = new Struct("PJRT_Buffer_ReadyEvent_Args", { buffer: this.address });
    return this.client.api.call("PJRT_Buffer_ReadyEvent", args).address("event");
  }

  /** Whether the values are there (or their computation failed). */
  isReady(): boolean {
    return pollEvent(this.client.api, this.#readyEvent());
  }

  /** Resolves when the values are there; rejects if their computation failed. */
  async ready(): Promise<void> {
    await awaitEventAsync(this.client.api, this.#readyEvent());
  }

  /** Frees what is left of a buffer whose memory a program took over for a result. */
  markDonated(): void {
    this.dispose();
  }
}
