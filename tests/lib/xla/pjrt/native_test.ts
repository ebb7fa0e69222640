import { assertEquals } from "@std/assert";
import v8 from "node:v8";
import vm from "node:vm";
import { liveBuffers, type PjrtClient } from "../../../../lib/xla/pjrt/mod.ts";
import { ADD, clientTest, take } from "./cpu_client.ts";

/** Collects garbage and lets finalisers run. */
async function collect(): Promise<void> {
  v8.setFlagsFromString("--expose-gc");
  vm.runInNewContext("gc")();
  await new Promise((resolve) => setTimeout(resolve, 10));
}

function forget(client: PjrtClient): void {
  const add = client.compile(ADD);
  const one = client.upload(new Float32Array(3).fill(1), "f32", [3]);
  for (let i = 0; i < 100; i++) add.execute([[one, one]])[0]![0]!.isReady();
}

clientTest("what is collected without dispose() is freed", async (client) => {
  forget(client);
  for (let i = 0; i < 20 && liveBuffers() > 0; i++) await collect();
  assertEquals(liveBuffers(), 0);
});

clientTest("what was disposed is not freed again when it is collected", async (client) => {
  const kept = client.upload(new Float32Array([1, 2, 3]), "f32", [3]);
  for (let i = 0; i < 100; i++) client.upload(new Float32Array(3), "f32", [3]).dispose();
  for (let i = 0; i < 3; i++) await collect();
  assertEquals(liveBuffers(), 1);
  assertEquals(take(kept), [1, 2, 3]);
});
