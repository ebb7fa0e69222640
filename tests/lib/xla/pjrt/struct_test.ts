import { assertEquals, assertStrictEquals } from "@std/assert";
import { SLOTS, STRUCTS } from "../../../../lib/xla/pjrt/_generated/pjrt_abi.ts";
import {
  addressesAt,
  addressOf,
  bytesAt,
  Struct,
  textAt,
} from "../../../../lib/xla/pjrt/struct.ts";

Deno.test("the generated table numbers the functions in their order", () => {
  const slots = Object.values(SLOTS);
  assertEquals(slots, slots.map((_, i) => i));
  assertEquals(SLOTS.PJRT_Error_Destroy, 0);
  // The table: struct_size, extension_start, the version, then one pointer a function.
  const header = 16 + 24;
  assertEquals(STRUCTS.PJRT_Api_Version.size, 24);
  assertEquals(STRUCTS.PJRT_Api.size, header + 8 * slots.length);
});

Deno.test("the generated fields lie inside their struct, aligned", () => {
  for (const { size, fields } of Object.values(STRUCTS)) {
    for (const [offset, bytes] of Object.values(fields) as [number, number][]) {
      assertEquals(offset + bytes <= size, true);
      assertEquals(offset % Math.min(bytes, 8), 0);
    }
  }
});

Deno.test("Struct writes fields where the header has them", () => {
  const struct = new Struct("PJRT_NamedValue", { type: 3, value_size: 1, int64_value: -2 });
  const view = new DataView(struct.bytes.buffer);
  assertEquals(struct.bytes.length, 56);
  assertEquals(view.getBigUint64(0, true), 56n);
  assertEquals(view.getInt32(32, true), 3);
  assertEquals(view.getBigInt64(40, true), -2n);
  assertEquals(view.getBigUint64(48, true), 1n);
  assertEquals(struct.number("type"), 3);
  assertEquals(struct.number("int64_value"), -2);
});

Deno.test("Struct reads one-byte fields and addresses", () => {
  const ready = new Struct("PJRT_Event_IsReady_Args", { event: 2n ** 64n - 1n });
  ready.set("is_ready", 1);
  assertEquals(ready.number("is_ready"), 1);
  assertEquals(ready.address("event"), 2n ** 64n - 1n);
});

Deno.test("Struct points at views, at the bytes where they begin, and at structs", () => {
  const bytes = new TextEncoder().encode("a module");
  const program = new Struct("PJRT_Program", { code: bytes.subarray(2), code_size: 6 });
  assertEquals(program.address("code"), addressOf(bytes) + 2n);
  assertEquals(program.text("code", "code_size"), "module");
  const args = new Struct("PJRT_Client_Compile_Args", { program });
  assertEquals(args.address("program"), addressOf(program.bytes));
});

Deno.test("bytesAt(), textAt() and addressesAt() copy, and read nothing at NULL", () => {
  const addresses = new BigUint64Array([7n, 2n ** 63n]);
  const copy = addressesAt(addressOf(addresses), 2);
  addresses.fill(0n);
  assertEquals(copy, [7n, 2n ** 63n]);
  assertEquals(bytesAt(0n, 0), new Uint8Array(0));
  assertStrictEquals(textAt(0n, 5), "");
});
