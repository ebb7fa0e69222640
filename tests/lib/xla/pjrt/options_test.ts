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

Deno.test("encodeNamedValues() writes each type of value", () => {
  const bytes = encodeNamedValues({
    preallocate: true,
    allocator: "bfc",
    visible_devices: [0, 3],
    memory_fraction: 1,
    other: 0.25,
  });
  const view = new DataView(bytes.buffer);
  const start = addressOf(bytes);
  const type = (i: number) => view.getInt32(56 * i + 32, true);
  const size = (i: number) => Number(view.getBigUint64(56 * i + 48, true));
  const behind = (i: number) => Number(view.getBigUint64(56 * i + 40, true) - start);
  assertEquals([0, 1, 2, 3, 4].map(type), [4, 0, 2, 3, 3]);
  assertEquals([0, 1, 2, 3, 4].map(size), [1, 3, 2, 1, 1]);
  assertEquals(view.getUint8(40), 1);
  assertEquals(textAt(view.getBigUint64(56 + 40, true), 3), "bfc");
  const list = behind(2);
  assertEquals(list % 8, 0);
  assertEquals([view.getBigInt64(list, true), view.getBigInt64(list + 8, true)], [0n, 3n]);
  assertEquals([view.getFloat32(56 * 3 + 40, true), view.getFloat32(56 * 4 + 40, true)], [1, 0.25]);
});
