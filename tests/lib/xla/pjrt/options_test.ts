import { assertEquals } from "@std/assert";
import { encodeCompileOptions, encodeNamedValues } from "../../../../lib/xla/pjrt/options.ts";
import { addressOf, textAt } from "../../../../lib/xla/pjrt/struct.ts";

Deno.test("encodeCompileOptions() writes the protobuf of XLA's CompileOptionsProto", () => {
  // 3: { 4: replicas, 5: 1 }, varints of one and of two bytes.
  assertEquals([...encodeCompileOptions({ replicas: 4 })], [0x1a, 4, 0x20, 4, 0x28, 1]);
  assertEquals([...encodeCompileOptions({ replicas: 300 })], [0x1a, 5, 0x20, 0xac, 2, 0x28, 1]);
});

Deno.test("encodeNamedValues() writes an array of structs that point at names behind them", () => {
  const bytes = encodeNamedValues({ first: 4, second_one: -1 });
  const view = new DataView(bytes.buffer);
  const item = (at: number) => ({
    name: textAt(view.getBigUint64(at + 16, true), Number(view.getBigUint64(at + 24, true))),
    type: view.getInt32(at + 32, true),
    value: view.getBigInt64(at + 40, true),
    size: view.getBigUint64(at + 48, true),
  });
  assertEquals(item(0), { name: "first", type: 1, value: 4n, size: 1n });
  assertEquals(item(56), { name: "second_one", type: 1, value: -1n, size: 1n });
  assertEquals(view.getBigUint64(16, true), addressOf(bytes) + 112n);
  assertEquals(encodeNamedValues({}).length, 0);
});
