import { assertEquals } from "@std/assert";
import {
  bufferElementOf,
  byteLengthOf,
  TYPE_BYTES,
  TYPE_CODE,
} from "../../../../lib/xla/pjrt/types.ts";

Deno.test("element types have PJRT's codes, and back", () => {
  assertEquals(TYPE_CODE, { f32: 11, i32: 4, i1: 1, i64: 5, u32: 8, f64: 12, u8: 6 });
  for (const [type, code] of Object.entries(TYPE_CODE)) assertEquals(bufferElementOf(code), type);
  assertEquals(bufferElementOf(14), null);
});

Deno.test("byteLengthOf() counts bytes of dense values, scalars and empty ones too", () => {
  assertEquals(byteLengthOf({ type: "f64", shape: [2, 3] }), 48);
  assertEquals(byteLengthOf({ type: "i1", shape: [] }), TYPE_BYTES.i1);
  assertEquals(byteLengthOf({ type: "f32", shape: [0, 3] }), 0);
});
