import { assertEquals, assertThrows } from "@std/assert";
import { EngineError } from "../../../../lib/base/mod.ts";
import { type BufferElement, liveBuffers, PjrtError } from "../../../../lib/xla/pjrt/mod.ts";
import { ADD, clientTest, hostArray, program, take } from "./cpu_client.ts";

const TYPES: BufferElement[] = ["f32", "f64", "i32", "u32", "i64", "i1", "u8"];

clientTest("upload() and download() bring every type and shape back", (client) => {
  for (const type of TYPES) {
    for (const shape of [[], [1], [5], [2, 3], [0], [0, 3], [3, 0, 2], [2, 1, 2, 2]]) {
      const values = hostArray({ type, shape });
      // 0 and 1 alone, since a bool has no other values.
      new Uint8Array(values.buffer).forEach((_, i, bytes) => bytes[i] = (i * 7 + 1) % 3 % 2);
      const buffer = client.upload(values, type, shape);
      assertEquals([buffer.type, buffer.shape], [type, shape]);
      assertEquals(buffer.byteLength, values.byteLength);
      assertEquals(take(buffer), Array.from(values));
    }
  }
});

clientTest(
  "upload() keeps every bit: NaN, infinities, negative zero, the largest integers",
  (client) => {
    const floats = [NaN, Infinity, -Infinity, -0, 1.1754943508222875e-38, 1e-45];
    assertEquals(
      take(client.upload(new Float32Array(floats), "f32", [6])),
      Array.from(new Float32Array(floats)),
    );
    const longs = [2n ** 63n - 1n, -(2n ** 63n)];
    assertEquals(take(client.upload(new BigInt64Array(longs), "i64", [2])), longs);
  },
);

clientTest("upload() copies: the array may be changed and used again at once", (client) => {
  const values = new Float32Array(1 << 16).fill(1);
  const buffer = client.upload(values, "f32", [1 << 16]);
  values.fill(2);
  assertEquals(new Set(take(buffer)), new Set([1]));
});

clientTest("upload() takes a part of a larger array from where the part begins", (client) => {
  const whole = new Float32Array([0, 1, 2, 3, 4]);
  assertEquals(take(client.upload(whole.subarray(1, 4), "f32", [3])), [1, 2, 3]);
});

clientTest("upload() refuses an array of another size and a device that is not there", (client) => {
  const values = new Float32Array(3);
  assertThrows(
    () => client.upload(values, "f32", [2, 2]),
    RangeError,
    "Cannot upload f32 [2, 2] as the view has another size: expected 16 bytes, got 12",
  );
  assertThrows(
    () => client.upload(values, "f32", [-1, -3]),
    RangeError,
    "Cannot upload f32 [-1, -3]",
  );
  assertThrows(
    () => client.upload(values, "f32", [3], 4),
    RangeError,
    "Cannot upload to device 4 as the client has 4",
  );
  assertEquals(liveBuffers(), 0);
});

clientTest("compile() gives the compiler's message for a wrong program", (client) => {
  const cases: [text: string, code: string, message: string][] = [
    ["hello", "UNKNOWN", "custom op 'hello' is unknown"],
    ["module @m {", "UNKNOWN", "expected operation name in quotes"],
    [
      program("%a: tensor<3xf32>", "tensor<2xf32>", "return %a : tensor<3xf32>"),
      "UNKNOWN",
      "type of return operand 0 ('tensor<3xf32>') doesn't match function result type",
    ],
    [
      program(
        "%a: tensor<3xf32>",
        "tensor<3xf32>",
        "%0 = stablehlo.custom_call @nowhere(%a) : (tensor<3xf32>) -> tensor<3xf32>\n" +
          "return %0 : tensor<3xf32>",
      ),
      "NOT_FOUND",
      "custom call to nowhere",
    ],
  ];
  for (const [text, code, message] of cases) {
    const error = assertThrows(() => client.compile(text), PjrtError, message);
    assertEquals(
      error.message.startsWith(`Cannot compile the program as the plugin reports ${code}: `),
      true,
    );
    assertEquals([error.code, error.name], [code as typeof error.code, "PjrtError"]);
    assertEquals(error instanceof EngineError, true);
  }
});

clientTest("compile() refuses more replicas than there are devices", (client) => {
  assertThrows(() => client.compile(ADD, { replicas: 5 }), PjrtError, "device");
});

clientTest("deserialize() loads what serialize() wrote", (client) => {
  const compiled = client.compile(ADD);
  const bytes = compiled.serialize();
  compiled.dispose();
  const loaded = client.deserialize(bytes);
  assertEquals(loaded.outputTypes, [{ type: "f32", shape: [3] }]);
  const values = client.upload(new Float32Array([1, 2, 3]), "f32", [3]);
  assertEquals(take(loaded.execute([[values, values]])[0]![0]!), [2, 4, 6]);
  values.dispose();
  loaded.dispose();
});

clientTest("deserialize() refuses what is not a program", (client) => {
  assertThrows(
    () => client.deserialize(new Uint8Array(10)),
    PjrtError,
    "Cannot load the serialised executable as the plugin reports ",
  );
  assertThrows(() => client.deserialize(new Uint8Array(0)), PjrtError);
});

clientTest("close() refuses new work, and lets what was made live on", (client) => {
  const add = client.compile(ADD);
  const values = client.upload(new Float32Array([1, 2, 3]), "f32", [3]);
  client.close();
  client.close();
  assertThrows(() => client.compile(ADD), EngineError, "Cannot use the client as it was closed");
  assertThrows(() => client.upload(new Float32Array(1), "f32", []), EngineError, "was closed");
  assertThrows(() => client.deserialize(new Uint8Array(1)), EngineError, "was closed");
  assertEquals(take(add.execute([[values, values]])[0]![0]!), [2, 4, 6]);
  values.dispose();
  add.dispose();
});
