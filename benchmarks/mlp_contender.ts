/**
 * Training an MLP in plain TensorFlow.js on one engine, as a process that is told what to do by
 * lines on its standard input (see contender.ts): `deno run -A mlp_contender.ts xla`. `xla-jit` is
 * the same step inside `jit`.
 */
import * as tf from "@tensorflow/tfjs";
import { init, jit, type Tensor } from "@meshwork/meshwork";
import { installedEngine } from "@meshwork/meshwork/xla";
import { BATCH, BATCHES, FEATURES, HIDDEN } from "./mlp.ts";
import type { FirstCall } from "./process.ts";
import { read, serve, versionOf } from "./serve.ts";

const [name] = Deno.args as [string];
const jitted = name.endsWith("-jit");
const { engine } = await init({ engine: name.replace("-jit", "") });

const sines = (shape: number[], step: number): Tensor =>
  tf.tensor(
    Float32Array.from({ length: tf.util.sizeFromShape(shape) }, (_, i) => Math.sin(step * i)),
    shape,
  );
const batches = Array.from({ length: BATCHES }, (_, i) => ({
  x: sines([BATCH, FEATURES], 1.7 + i),
  y: sines([BATCH, 1], 0.9 + i),
}));

/** A model as tfjs's users write it, and its step: the batch in, the loss out. */
function start(): { step: (x: Tensor, y: Tensor) => Tensor; dispose: () => void } {
  const dense = (units: number, seed: number, more = {}): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.glorotNormal({ seed }), ...more });
  const model = tf.sequential({
    layers: [
      dense(HIDDEN, 1, { activation: "relu", inputShape: [FEATURES] }),
      dense(HIDDEN, 2, { activation: "relu" }),
      dense(1, 3),
    ],
  });
  const optimizer = tf.train.adam(1e-3);
  const step = (x: Tensor, y: Tensor): Tensor =>
    optimizer.minimize(
      () =>
        tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as Tensor) as tf.Scalar,
      true,
    )!;
  return {
    step,
    dispose: () => {
      model.dispose();
      optimizer.dispose();
    },
  };
}

let model = start();
let step = model.step;
let taken = 0;

/** Takes the next step; the loss is the caller's to dispose. */
function advance(): Tensor {
  const { x, y } = batches[taken % BATCHES]!;
  const loss = step(x, y);
  // The optimiser makes its variables in its first step, which none that is compiled may do.
  if (taken++ === 0 && jitted) step = jit(model.step);
  return loss;
}

const began = performance.now();
await read(advance());
await read(advance());
const first: FirstCall = {
  totalMs: performance.now() - began,
  traceMs: 0,
  compileMs: installedEngine()?.runtime.stats.compileMs ?? 0,
  version: versionOf(engine),
};

const small = tf.ones([2]);
await serve({
  first,
  restart() {
    model.dispose();
    model = start();
    step = model.step;
    taken = 0;
  },
  advance,
  dispatch: () => tf.add(small, 1),
});
