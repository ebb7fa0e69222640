import { assertEquals, assertGreater, assertRejects, assertThrows } from "@std/assert";
import { liveBuffers, type PjrtClient } from "../../../../lib/xla/pjrt/mod.ts";
import { clientTest, program, take } from "./cpu_client.ts";

const SIZE = 700;
const SQUARE = `tensor<${SIZE}x${SIZE}xf32>`;

/** A program that takes long enough to be seen running: twelve products of matrices. */
function longProgram(): string {
  const product = (i: number) =>
    `%${i + 1} = stablehlo.dot_general %${i}, %a, contracting_dims = [1] x [0] : ` +
    `(${SQUARE}, ${SQUARE}) -> ${SQUARE}`;
  const lines = Array.from({ length: 12 }, (_, i) => product(i));
  const start = `%0 = stablehlo.abs %a : ${SQUARE}`;
  return program(`%a: ${SQUARE}`, SQUARE, [start, ...lines, `return %12 : ${SQUARE}`].join("\n"));
}

function startLong(client: PjrtClient) {
  const run = client.compile(longProgram());
  const input = client.upload(new Float32Array(SIZE * SIZE).fill(1 / SIZE), "f32", [SIZE, SIZE]);
  const output = run.execute([[input]])[0]![0]!;
  input.dispose();
  run.dispose();
  return output;
}

function assertAllNear(values: Float32Array, expected: number): void {
  assertEquals(values.every((value) => Math.abs(value - expected) < 1e-6), true);
}

clientTest(
  "a result is there before its values: isReady() tells, ready() waits",
  async (client) => {
    const output = startLong(client);
    assertEquals(output.isReady(), false);
    await output.ready();
    assertEquals(output.isReady(), true);
    output.dispose();
  },
);

clientTest("download() waits for pending values", (client) => {
  const output = startLong(client);
  const values = new Float32Array(SIZE * SIZE);
  output.download(values);
  assertAllNear(values, 1 / SIZE);
  output.dispose();
});

clientTest("downloadAsync() lets the event loop run meanwhile", async (client) => {
  const output = startLong(client);
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const values = new Float32Array(SIZE * SIZE);
  await output.downloadAsync(values);
  clearInterval(timer);
  assertGreater(ticks, 0);
  assertAllNear(values, 1 / SIZE);
  output.dispose();
});

clientTest(
  "downloadAsync() finishes although the buffer was disposed meanwhile",
  async (client) => {
    const output = startLong(client);
    const values = new Float32Array(SIZE * SIZE);
    const done = output.downloadAsync(values);
    output.dispose();
    await done;
    assertAllNear(values, 1 / SIZE);
  },
);

clientTest("downloads of many buffers at once each get their own values", async (client) => {
  const buffers = Array.from(
    { length: 40 },
    (_, i) => client.upload(new Int32Array([i, -i]), "i32", [2]),
  );
  const arrays = await Promise.all(buffers.map(async (buffer) => {
    const values = new Int32Array(2);
    await buffer.downloadAsync(values);
    return [...values];
  }));
  assertEquals(arrays, buffers.map((_, i) => [i, 0 - i]));
  for (const buffer of buffers) buffer.dispose();
});

clientTest("download() refuses a view of another size", async (client) => {
  const buffer = client.upload(new Float32Array(6), "f32", [2, 3]);
  const message =
    "Cannot download f32 [2, 3] as the view has another size: expected 24 bytes, got 4";
  assertThrows(() => buffer.download(new Float32Array(1)), RangeError, message);
  await assertRejects(() => buffer.downloadAsync(new Float32Array(1)), RangeError, message);
  buffer.dispose();
});

clientTest("download() writes a part of a larger array and leaves the rest", (client) => {
  const buffer = client.upload(new Int32Array([1, 2]), "i32", [2]);
  const whole = new Int32Array(4);
  buffer.download(whole.subarray(1, 3));
  assertEquals([...whole], [0, 1, 2, 0]);
  buffer.dispose();
});

clientTest("dispose() frees once, and a disposed buffer refuses to be used", async (client) => {
  const buffer = client.upload(new Float32Array(2), "f32", [2]);
  assertEquals([buffer.disposed, liveBuffers()], [false, 1]);
  buffer.dispose();
  buffer.dispose();
  assertEquals([buffer.disposed, liveBuffers()], [true, 0]);
  const message = "Cannot use the buffer as it was disposed (or donated to a program)";
  assertThrows(() => buffer.download(new Float32Array(2)), TypeError, message);
  assertThrows(() => buffer.isReady(), TypeError, message);
  await assertRejects(() => buffer.ready(), TypeError, message);
  await assertRejects(() => buffer.downloadAsync(new Float32Array(2)), TypeError, message);
});

clientTest("markDonated() frees what is left of a buffer that a program took over", (client) => {
  const inPlace = client.compile(program(
    "%a: tensor<3xf32> {tf.aliasing_output = 0 : i32}",
    "tensor<3xf32>",
    "%0 = stablehlo.add %a, %a : tensor<3xf32>\nreturn %0 : tensor<3xf32>",
  ));
  const input = client.upload(new Float32Array([1, 2, 3]), "f32", [3]);
  const output = inPlace.execute([[input]])[0]![0]!;
  // The plugin itself no longer lets it be read.
  assertThrows(() => input.download(new Float32Array(3)), Error, "deleted or donated buffer");
  input.markDonated();
  assertEquals([input.disposed, liveBuffers()], [true, 1]);
  assertEquals(take(output), [2, 4, 6]);
  inPlace.dispose();
});
