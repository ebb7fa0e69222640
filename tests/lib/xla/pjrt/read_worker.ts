/** Begins reads that will take a while, and says so. @module */
import * as tf from "@tensorflow/tfjs";
import { init } from "../../../../lib/init/mod.ts";
import { jit } from "../../../../lib/transform/mod.ts";
import type { Tensor } from "../../../../lib/tree/mod.ts";

await init({ engine: "xla" });
const power = jit((x: Tensor) => {
  let y = x;
  for (let i = 0; i < 30; i++) y = tf.tanh(tf.matMul(y, x));
  return y;
});
const x = tf.randomUniform([700, 700], 0, 1, "float32", 1);
power(x).dataSync();
for (const y of Array.from({ length: 4 }, () => power(x))) y.data();
(self as unknown as { postMessage(message: unknown): void }).postMessage("reading");
