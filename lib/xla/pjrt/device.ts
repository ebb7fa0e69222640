/** Devices of a client: what they are, and how full. @module */
import { callIfThere } from "./call_if_there.ts";
import type { DeviceMemory } from "../../engine/mod.ts";
import type { PjrtApi } from "./api.ts";
import { type Address, Struct } from "./struct.ts";

/** One device of a client. */
export interface PjrtDevice {
  readonly id: number;
  /** The vendor's name of the model, or `cpu`. */
  readonly kind: string;
  readonly description: string;
}

/** Asks a plugin what a device is. */
export function describeDevice(api: PjrtApi, device: Address): PjrtDevice {
  const device_description = api.call(
    "PJRT_Device_GetDescription",
    new Struct("PJRT_Device_GetDescription_Args", { device }),
  ).address("device_description");
  const of = { device_description };
  const id = api.call(
    "PJRT_DeviceDescription_Id",
    new Struct("PJRT_DeviceDescription_Id_Args", of),
  );
  const kind = api.call(
    "PJRT_DeviceDescription_Kind",
    new Struct("PJRT_DeviceDescription_Kind_Args", of),
  );
  const text = api.call(
    "PJRT_DeviceDescription_ToString",
    new Struct("PJRT_DeviceDescription_ToString_Args", of),
  );
  return {
    id: id.number("id"),
    kind: kind.text("device_kind", "device_kind_size"),
    description: text.text("to_string", "to_string_size"),
  };
}

/** Asks a plugin for a device's memory; null if it does not tell. */
export function readDeviceMemory(api: PjrtApi, device: Address): DeviceMemory | null {
  const args = new Struct("PJRT_Device_MemoryStats_Args", { device });
  if (!callIfThere(api, "PJRT_Device_MemoryStats", args)) return null;
  const known = (
    name: "peak_bytes_in_use" | "bytes_limit" | "num_allocs" | "largest_alloc_size",
  ): number | null => args.number(`${name}_is_set`) === 0 ? null : args.number(name);
  return {
    bytesInUse: args.number("bytes_in_use"),
    peakBytesInUse: known("peak_bytes_in_use"),
    bytesLimit: known("bytes_limit"),
    numAllocs: known("num_allocs"),
    largestAllocBytes: known("largest_alloc_size"),
  };
}
