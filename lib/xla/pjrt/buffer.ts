/** Arrays in a device's memory. @module */
import { formatShape } from "../../base/mod.ts";
import { awaitEvent, awaitEventAsync, pollEvent } from "./event.ts";
import { type NativeClient, NativeObject } from "./native.ts";
import { type Address, Struct } from "./struct.ts";
import { type BufferType, byteLengthOf, type ElementType } from "./types.ts";

type Copy = Struct<"PJRT_Buffer_ToHostBuffer_Args">;

/** Copies that native threads are writing: each holds its destination, lest it be collected. */
const running = new Set<Copy>();

/** A dense array on a device. Its values may still be pending; reading waits for them. */
export class PjrtBuffer extends NativeObject implements BufferType {
  readonly type: ElementType;
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

  /** The same without blocking the event loop. Nothing may use `into` before the promise resolves. */
  async downloadAsync(into: ArrayBufferView): Promise<void> {
    const copy = this.#copyTo(into);
    if (copy === null) return;
    running.add(copy);
    try {
      await awaitEventAsync(this.client.api, copy.address("event"));
    } finally {
      running.delete(copy);
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
