/**
 * Uploads, runs and downloads 10,000 times; prints the live buffers and by how many bytes native
 * memory grew.
 *
 * @module
 */
import { liveBuffers } from "../../../../lib/xla/pjrt/mod.ts";
import { ADD, plugin, take } from "./cpu_client.ts";

const client = plugin().createClient({ deviceCount: 1 });
const add = client.compile(ADD);
const ones = new Float32Array(3).fill(1);

function call(times: number): void {
  for (let i = 0; i < times; i++) {
    const values = client.upload(ones, "f32", [3]);
    take(add.execute([[values, values]])[0]![0]!);
    values.dispose();
  }
}

/** Memory outside JavaScript's heap, which grows and shrinks as its collector likes. */
function nativeMemory(): number {
  const { rss, heapTotal } = Deno.memoryUsage();
  return rss - heapTotal;
}

call(2000);
const before = nativeMemory();
call(10_000);
console.log(JSON.stringify({ live: liveBuffers(), growth: nativeMemory() - before }));
