/**
 * Many eager operations, eager training steps and jitted steps on xla: memory must not grow, and
 * nothing native be left.
 *
 *     deno run -A --v8-flags=--expose-gc benchmarks/soak.ts [--ops 100000] [--steps 10000]
 */
import { init, jit, type Tensor } from "@meshwork/meshwork";
import { installedEngine, liveBuffers, liveExecutables } from "@meshwork/meshwork/xla";
import * as tf from "@tensorflow/tfjs";
import { parseArgs } from "node:util";

const { values: flags } = parseArgs({
  options: {
    ops: { type: "string", default: "100000" },
    steps: { type: "string", default: "10000" },
  },
});

declare global {
  /** There with `--expose-gc`. */
  var gc: (() => void) | undefined;
}

/** What a process holds. */
function held(): string {
  const megabytes = (Deno.memoryUsage().rss / 2 ** 20).toFixed(0);
  return `${megabytes} MB resident, ${liveBuffers()} buffers, ${liveExecutables()} executables, ` +
    `${tf.memory().numTensors} tensors`;
}

/** Runs `step` `count` times to warm up, and again with a report after each fifth. */
async function soak(label: string, count: number, step: (i: number) => void): Promise<void> {
  for (let i = 1; i <= count; i++) step(i);
  const start = performance.now();
  const { compiles, executions } = installedEngine()!.runtime.stats;
  const resident: number[] = [];
  for (let i = 1; i <= count; i++) {
    step(i);
    if (i % Math.ceil(count / 5) !== 0 && i !== count) continue;
    await new Promise((resolve) => setTimeout(resolve));
    globalThis.gc?.();
    resident.push(Deno.memoryUsage().rss / 2 ** 20);
    console.log(`${label} ${i}: ${held()}`);
  }
  const microseconds = (performance.now() - start) * 1000 / count;
  const { stats } = installedEngine()!.runtime;
  console.log(
    `${label}: ${microseconds.toFixed(0)} µs each; ` +
      `${
        (resident.at(-1)! - resident[0]!).toFixed(1)
      } MB more from the first figure to the last; ` +
      `${stats.compiles - compiles} programs compiled, ${stats.executions - executions} run\n`,
  );
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

const matrix = tf.tidy(() => tf.mul(tf.sin(tf.range(0, 128 * 128).reshape([128, 128])), 0.1));
await soak("eager chains of 16 operations", Number(flags.ops) / 100, (i) => {
  tf.tidy(() => {
    let z = tf.mul(matrix, 1 / i);
    for (let k = 0; k < 7; k++) z = tf.tanh(tf.matMul(z, matrix));
    return tf.mean(z).dataSync() as never;
  });
});

const weight = tf.variable(matrix);
await soak("eager training steps", Number(flags.steps), (i) => {
  tf.tidy(() => {
    const batch = tf.slice(matrix, [i % 64, 0], [64, 128]) as tf.Tensor2D;
    const loss = () => tf.mean(tf.square(tf.tanh(tf.matMul(batch, weight as tf.Tensor2D))));
    const { grads } = tf.variableGrads(loss as () => tf.Scalar);
    weight.assign(tf.sub(weight, tf.mul(1 / i, grads[weight.name]!)));
  });
});
tf.dispose([matrix, weight]);

let step: ((p: Tensor) => Tensor) | null = jit(
  (p: Tensor) => tf.sub(p, tf.mul(0.01, tf.sub(p, x))),
  { donate: 0 },
);
await soak("jitted steps", Number(flags.steps), (i) => {
  const next = step!(y);
  y.dispose();
  y = next;
  if (i % 100 === 0) y.dataSync();
});
tf.dispose([x, y]);
console.log(`at the end: ${held()}`);
step = null;
for (let i = 0; i < 5; i++) {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
}
console.log(`after the function was forgotten: ${held()}`);
