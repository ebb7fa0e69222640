/**
 * The value of a node: on the host, on devices, or both.
 *
 * @module
 */
import { EngineError } from "../base/mod.ts";
import type { DeviceData, HostArray } from "./hlo/mod.ts";
import type { PjrtBuffer } from "./pjrt/mod.ts";

/** Where a value lies; each place that has it has all of it. */
export interface Places {
  readonly host?: HostArray;
  /** Whether nothing else has the host's array. */
  readonly ownsHost?: boolean;
  /** The whole value on the first device, and on those after it. */
  readonly copies?: readonly PjrtBuffer[];
  /** Rows of the leading axes, an equal share on each device. */
  readonly rows?: readonly PjrtBuffer[];
}

/** A computed value; it is in at least one place. */
export class Value implements DeviceData {
  #host: HostArray | null;
  #ownsHost: boolean;
  /** The whole value on the first devices; an empty list if it is on none. */
  readonly copies: PjrtBuffer[];
  /** The rows of each device; null if they are not split. */
  rows: readonly PjrtBuffer[] | null;

  constructor({ host, ownsHost = false, copies = [], rows }: Places) {
    this.#host = host ?? null;
    this.#ownsHost = ownsHost;
    this.copies = [...copies];
    this.rows = rows ?? null;
  }

  /** The values on the host, which whoever asks may keep; never changed in place. */
  get host(): HostArray | null {
    this.#ownsHost = false;
    return this.#host;
  }

  set host(values: HostArray | null) {
    this.#ownsHost = false;
    this.#host = values;
  }

  /** The same for a look that ends before anything else happens. */
  peek(): HostArray | null {
    return this.#host;
  }

  /** Lets go of the host's values, and frees them where nothing else has them. */
  dropHost(): void {
    const { buffer, byteLength } = this.#host ?? new Float32Array(0);
    // A collector sees small objects here, and lets them lie for long.
    if (this.#ownsHost && buffer.byteLength === byteLength) (buffer as ArrayBuffer).transfer(0);
    this.#host = null;
  }

  /** All memory on devices. */
  get buffers(): readonly PjrtBuffer[] {
    return this.rows ? [...this.copies, ...this.rows] : this.copies;
  }

  /** Whether reading the value would not wait. */
  isReady(): boolean {
    return this.#host !== null || this.buffers.every((buffer) => buffer.isReady());
  }

  /** Lets go of memory that programs took over. */
  markDonated(): void {
    for (const buffer of this.buffers) buffer.markDonated();
  }

  dispose(): void {
    for (const buffer of this.buffers) buffer.dispose();
    this.copies.length = 0;
    this.rows = null;
    this.dropHost();
  }
}

/** The place of a value that was donated: there is nothing left to read or to free. */
export class DonatedValue implements DeviceData {
  dispose(): void {}

  /** The error of reading it. */
  static error(): EngineError {
    return new EngineError(
      "Cannot read a tensor as it was donated to a jitted call, which overwrote it " +
        "(use the call's result, or drop `donate`)",
    );
  }
}
