/**
 * The value of a node: on the host, on the device, or both.
 *
 * @module
 */
import { EngineError } from "../engine/mod.ts";
import type { DeviceData, HostArray } from "./hlo/mod.ts";
import type { PjrtBuffer } from "./pjrt/mod.ts";

/** A computed value; at least one of the two copies exists. */
export class Value implements DeviceData {
  /** The values on the host; never changed in place. */
  host: HostArray | null;
  /** The buffer on the device. */
  buffer: PjrtBuffer | null;

  constructor(host: HostArray | null, buffer: PjrtBuffer | null) {
    this.host = host;
    this.buffer = buffer;
  }

  dispose(): void {
    this.buffer?.dispose();
    this.buffer = null;
    this.host = null;
  }
}

/** What takes the place of a donated value: there is nothing left to read or to free. */
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
