import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { makeNode } from "../../../lib/xla/hlo/mod.ts";
import { Memory } from "../../../lib/xla/memory.ts";
import { liveBuffers, PjrtError } from "../../../lib/xla/pjrt/mod.ts";
import { Value } from "../../../lib/xla/value.ts";
import { clientTest, FAILING } from "./pjrt/cpu_client.ts";

const newStats = () => ({ uploads: 0, downloads: 0 });

clientTest("rows are split over devices, kept there, and joined when they are read", (client) => {
  const stats = newStats();
  const memory = new Memory(client, stats);
  const values = Float32Array.from({ length: 8192 }, (_, i) => i);
  const node = memory.upload(values, [4, 2048], "f32");
  assertEquals(stats, { uploads: 1, downloads: 0 });
  const rows = memory.rows(node, 4, 1);
  assertEquals(rows.map(({ shape }) => shape), Array(4).fill([2048]));
  assertEquals(stats, { uploads: 5, downloads: 1 });
  assertEquals(memory.rows(node, 4, 1), rows);
  assertEquals(stats, { uploads: 5, downloads: 1 });

  const split = makeNode("value", [], [4, 2048], "f32", null);
  split.data = new Value({ rows });
  assertEquals(memory.read(split), values);
  assertEquals(stats, { uploads: 5, downloads: 5 });
  const copy = memory.copy(split);
  split.data.dispose();
  assertEquals(memory.read(copy), values);
  copy.data!.dispose();
  node.data!.dispose();
  assertEquals(liveBuffers(), 0);
});

clientTest("a value is copied to each device once", (client) => {
  const stats = newStats();
  const memory = new Memory(client, stats);
  const node = memory.upload(Int32Array.of(1, 2, 3), [3], "i32");
  assertEquals(stats.uploads, 0);
  assertEquals(memory.copies(node, 3).length, 3);
  assertEquals(memory.copies(node, 2).length, 3);
  assertEquals(stats, { uploads: 3, downloads: 0 });
  node.data!.dispose();
  assertEquals(liveBuffers(), 0);
});

clientTest("where one replica failed, reading says which", async (client) => {
  const memory = new Memory(client, newStats());
  const executable = client.compile(FAILING);
  const one = client.upload(new Float32Array(1), "f32", []);
  const failed = executable.execute([[one]])[0]![0]!;
  const rows = [0, 1].map((device) => client.upload(new Float32Array(1), "f32", [1], device));
  const node = makeNode("value", [], [3, 1], "f32", null);
  node.data = new Value({ rows: [...rows, failed] });
  const message =
    "Cannot read the result of a parallel call as replica 2 of 3 failed: Cannot finish";
  assertThrows(() => memory.read(node), PjrtError, message);
  await assertRejects(() => memory.readAsync(node), PjrtError, message);
  node.data.dispose();
  one.dispose();
  executable.dispose();
});
