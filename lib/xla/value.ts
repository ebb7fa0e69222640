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
  /** The whole value on the first device, and on those after it. */
  readonly copies?: readonly PjrtBuffer[];
  /** Rows of the leading axes, an equal share on each device. */
  readonly rows?: readonly PjrtBuffer[];
}

/** A computed value; it is in at least one place. */
export class Value implements DeviceData {
  /** The values on the host; never changed in place. */
  host: HostArray | null;
  /** The whole value on the first devices; an empty list if it is on none. */
  readonly copies: PjrtBuffer[];
  /** The rows of each device; null if they are not split. */
  rows: readonly PjrtBuffer[] | null;

  constructor({ host, copies = [], rows }: Places) {
    this.host = host ?? null;
    this.copies = [...copies];
    this.rows = rows ?? null;
  }

  /** All memory on devices. */
  get buffers(): readonly PjrtBuffer[] {
    return this.rows ? [...this.copies, ...this.rows] : this.copies;
  }

  /** Whether reading the value would not wait. */
  isReady(): boolean {
    return this.host !== null || this.buffers.every((buffer) => buffer.isReady());
  }

  /** Lets go of memory that programs took over. */
  markDonated(): void {
    for (const buffer of this.buffers) buffer.markDonated();
  }

  dispose(): void {
    for (const buffer of this.buffers) buffer.dispose();
    this.copies.length = 0;
    this.rows = null;
    this.host = null;
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
