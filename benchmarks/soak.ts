/**
 * Many eager operations and many jitted steps on xla: memory must not grow, and nothing native be
 * left. `deno run -A benchmarks/soak.ts [--ops 100000] [--steps 10000]`
 */
import { init, jit, type Tensor } from "@meshwork/meshwork";
import { liveBuffers, liveExecutables } from "@meshwork/meshwork/xla";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";

const { values: flags } = parseArgs({
  options: {
    ops: { type: "string", default: "100000" },
    steps: { type: "string", default: "10000" },
  },
});

/** What a process holds. */
function held(): string {
  const megabytes = (Deno.memoryUsage().rss / 2 ** 20).toFixed(0);
  return `${megabytes} MB resident, ${liveBuffers()} buffers, ${liveExecutables()} executables, ` +
    `${tf.memory().numTensors} tensors`;
}

/** Runs `step` `count` times and reports after each fifth; the first is the warm-up. */
async function soak(label: string, count: number, step: (i: number) => void): Promise<void> {
  const start = performance.now();
  for (let i = 1; i <= count; i++) {
    step(i);
    if (i % Math.ceil(count / 5) !== 0 && i !== count) continue;
    await new Promise((resolve) => setTimeout(resolve));
    console.log(`${label} ${i}: ${held()}`);
  }
  const microseconds = (performance.now() - start) * 1000 / count;
  console.log(`${label}: ${microseconds.toFixed(0)} µs each`);
}

await init({ engine: "xla" });
const x = tf.linspace(0, 1, 64);
let y: Tensor = tf.zeros([64]);
await soak("eager operations", Number(flags.ops), (i) => {
  const next: Tensor = i % 2 ? tf.add(y, x) : tf.mul(y, 0.5);
  y.dispose();
  y = next;
  if (i % 100 === 0) y.dataSync();
});

const step = jit((p: Tensor) => tf.sub(p, tf.mul(0.01, tf.sub(p, x))), { donate: 0 });
await soak("jitted steps", Number(flags.steps), (i) => {
  const next = step(y);
  y.dispose();
  y = next;
  if (i % 100 === 0) y.dataSync();
});
tf.dispose([x, y]);
console.log(`at the end: ${held()}`);
