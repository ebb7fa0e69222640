/**
 * Makes tensors, programs and forgets them: run with --v8-flags=--expose-gc; prints what is left.
 */
import * as tf from "@tensorflow/tfjs";
import { init } from "../../../lib/init/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { liveBuffers, liveExecutables } from "../../../lib/xla/mod.ts";

await init({ engine: "xla" });

function forget(): void {
  for (let i = 0; i < 20; i++) {
    const x = tf.randomUniform([100, 100], 0, 1, "float32", i + 1);
    const f = jit((y: Tensor) => tf.matMul(y, y));
    tf.add(f(x), 1).dataSync();
  }
}

forget();
const made = [liveBuffers(), liveExecutables()];
for (let i = 0; i < 20 && liveBuffers() + liveExecutables() > 2; i++) {
  (globalThis as unknown as { gc(): void }).gc();
  await new Promise((resolve) => setTimeout(resolve, 10));
}
console.log(JSON.stringify({ made, left: [liveBuffers(), liveExecutables()] }));
