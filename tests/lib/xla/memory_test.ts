import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { giveAway } from "../../../lib/engine/mod.ts";
import { type HloNode, makeNode } from "../../../lib/xla/hlo/mod.ts";
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
  const rows = memory.rows(node, 4, 1);
  assertEquals(rows.map(({ shape }) => shape), Array(4).fill([2048]));
  // Straight from the host, which has no copy any more.
  assertEquals(stats, { uploads: 4, downloads: 0 });
  assertEquals([(node.data as Value).peek(), (node.data as Value).copies], [null, []]);
  assertEquals(memory.rows(node, 4, 1), rows);
  assertEquals(stats, { uploads: 4, downloads: 0 });

  const split = makeNode("value", [], [4, 2048], "f32", null);
  split.data = new Value({ rows });
  assertEquals(memory.read(split), values);
  assertEquals(stats, { uploads: 4, downloads: 4 });
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

clientTest("what was changed after its upload is as it was", (client) => {
  const memory = new Memory(client, newStats());
  const values = Float32Array.from({ length: 8192 }, (_, i) => i);
  const node = memory.upload(values, [8192], "f32");
  values.fill(0);
  assertEquals(memory.read(node)[8191], 8191);
  memory.whole(node);
  assertEquals((node.data as Value).peek(), null);
  assertEquals(memory.read(node)[8191], 8191);
  node.data!.dispose();
  assertEquals(liveBuffers(), 0);
});

clientTest("what was given away is freed when it is on a device", (client) => {
  const memory = new Memory(client, newStats());
  const upload = (): [HloNode, Float32Array] => {
    const values = giveAway(Float32Array.from({ length: 8192 }, (_, i) => i));
    return [memory.upload(values, [8192], "f32"), values];
  };
  const [node, values] = upload();
  assertEquals(memory.read(node), values); // a copy
  memory.whole(node);
  assertEquals(values.length, 0);
  assertEquals(memory.read(node)[8191], 8191);
  // What another value has, too, is left to the collector.
  const [shared, kept] = upload();
  const copy = memory.copy(shared);
  memory.whole(shared);
  assertEquals([kept.length, memory.read(copy)[8191]], [8192, 8191]);
  for (const { data } of [node, shared, copy]) data!.dispose();
  assertEquals([kept.length, liveBuffers()], [8192, 0]);
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
