import { assertEquals, assertThrows } from "@std/assert";
import type { PjrtApi } from "../../../../lib/xla/pjrt/api.ts";
import { readDeviceMemory } from "../../../../lib/xla/pjrt/device.ts";
import { PjrtError, type PjrtErrorCode } from "../../../../lib/xla/pjrt/errors.ts";
import type { Struct } from "../../../../lib/xla/pjrt/struct.ts";
import { clientTest } from "./cpu_client.ts";

type Stats = Struct<"PJRT_Device_MemoryStats_Args">;

/** A plugin that answers as no CPU's does. */
const plugin = (answer: (stats: Stats) => void): PjrtApi =>
  ({ call: (_name: string, stats: Stats) => (answer(stats), stats) }) as unknown as PjrtApi;

const failing = (code: PjrtErrorCode): PjrtApi =>
  plugin(() => {
    throw new PjrtError("no", code);
  });

Deno.test("readDeviceMemory() takes what the plugin says it has set, and null for the rest", () => {
  const memory = readDeviceMemory(
    plugin((stats) => {
      stats.set("bytes_in_use", 3 * 2 ** 33);
      stats.set("bytes_limit", 2 ** 36);
      stats.set("bytes_limit_is_set", 1);
      stats.set("num_allocs", 7);
      stats.set("num_allocs_is_set", 1);
      stats.set("peak_bytes_in_use", 9);
    }),
    0n,
  );
  assertEquals(memory, {
    bytesInUse: 3 * 2 ** 33,
    peakBytesInUse: null,
    bytesLimit: 2 ** 36,
    numAllocs: 7,
    largestAllocBytes: null,
  });
});

Deno.test("readDeviceMemory() is null only where the plugin has no such function", () => {
  assertEquals(readDeviceMemory(failing("UNIMPLEMENTED"), 0n), null);
  assertThrows(() => readDeviceMemory(failing("INTERNAL"), 0n), PjrtError);
});

clientTest("memoryOf() is null on a CPU, and refuses a device that is not there", (client) => {
  assertEquals(client.devices.map((_, i) => client.memoryOf(i)), [null, null, null, null]);
  assertThrows(
    () => client.memoryOf(4),
    RangeError,
    "Cannot read the memory of device 4 as the client has 4",
  );
});

clientTest("a client knows its platform", (client) => {
  assertEquals([client.platform, client.platformVersion], ["cpu", "cpu"]);
});
