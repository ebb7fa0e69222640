/**
 * Programs in plain TensorFlow.js, which know nothing of this library, train on every engine as on
 * tfjs's own cpu backend, and leave nothing behind.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertLess } from "@std/assert";
import "../../../lib/engine/mod.ts";
import { liveBuffers } from "../../../lib/xla/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { ENGINES, useEngine } from "../../support/engines.ts";

/** What a training run gives: a loss an epoch or step. */
type Train = () => Promise<number[]>;

/** Seeded weights, so that every engine starts from the same. */
const weights = (seed: number) => tf.initializers.glorotNormal({ seed });

function wave(shape: number[], step: number): tf.Tensor {
  const size = tf.util.sizeFromShape(shape);
  return tf.tensor(Float32Array.from({ length: size }, (_, i) => Math.sin(step * i)), shape);
}

/** Fits a model to seeded data as users do: `compile`, `fit`, `evaluate`, `predict`. */
async function fit(
  layers: () => tf.layers.Layer[],
  { input, target, optimizer, epochs = 4 }: {
    input: number[];
    target: number[];
    optimizer: string;
    epochs?: number;
  },
): Promise<number[]> {
  const model = tf.sequential({ layers: layers() });
  const [x, y] = [wave(input, 1.7), wave(target, 0.9)];
  model.compile({ optimizer, loss: "meanSquaredError", metrics: ["mae"] });
  const { history } = await model.fit(x, y, { epochs, batchSize: 8, shuffle: false, verbose: 0 });
  const [loss, error] = model.evaluate(x, y, { batchSize: 8 }) as tf.Scalar[];
  const predicted = model.predict(x) as tf.Tensor;
  const mean = tf.mean(predicted);
  const numbers = [loss!, error!, mean].map((value) => value.dataSync()[0]!);
  tf.dispose([x, y, loss!, error!, predicted, mean]);
  model.dispose();
  return [...history.loss as number[], ...history.mae as number[], ...numbers];
}

const mlp = (size: number, width: number) => () => [
  tf.layers.dense({
    units: width,
    activation: "relu",
    inputShape: [size],
    kernelInitializer: weights(1),
  }),
  tf.layers.dense({ units: width, activation: "tanh", kernelInitializer: weights(2) }),
  tf.layers.dense({ units: 1, kernelInitializer: weights(3) }),
];

const MLP = { input: [20, 3], target: [20, 1] };

/** Losses of a loop over `minimize`, with a rate that is another in each step. */
async function minimizeLoop(): Promise<number[]> {
  const [x, y] = [wave([16, 4], 1.7), wave([16, 1], 0.9)];
  const w = tf.tidy(() => tf.variable(wave([4, 1], 0.3)));
  const b = tf.tidy(() => tf.variable(tf.zeros([1])));
  const optimizer = tf.train.sgd(0.1);
  const losses: number[] = [];
  for (let step = 1; step <= 12; step++) {
    optimizer.setLearningRate(0.1 / step);
    const loss = optimizer.minimize(
      () => tf.losses.meanSquaredError(y, tf.add(tf.matMul(x, w as tf.Tensor2D), b)) as tf.Scalar,
      true,
    )!;
    losses.push((await loss.data())[0]!);
    loss.dispose();
  }
  optimizer.dispose();
  tf.dispose([x, y, w, b]);
  return losses;
}

/** Gradient descent by hand: `variableGrads`, `assign`, and a read at the end only. */
function variableGradsLoop(): Promise<number[]> {
  const [x, y] = [wave([16, 4], 1.7), wave([16, 1], 0.9)];
  const w = tf.tidy(() => tf.variable(wave([4, 1], 0.3)));
  const losses: tf.Scalar[] = [];
  for (let step = 0; step < 30; step++) {
    const { value, grads } = tf.variableGrads(() =>
      tf.mean(tf.square(tf.sub(tf.tanh(tf.matMul(x, w as tf.Tensor2D)), y))) as tf.Scalar
    );
    tf.tidy(() => w.assign(tf.sub(w, tf.mul(0.2, grads[w.name]!))));
    tf.dispose(grads);
    losses.push(value);
  }
  const read = losses.map((loss) => loss.dataSync()[0]!);
  tf.dispose([x, y, w, losses]);
  return Promise.resolve(read);
}

const RUNS: Readonly<Record<string, Train>> = {
  "an MLP by adam": () => fit(mlp(3, 8), { ...MLP, optimizer: "adam" }),
  "an MLP by sgd": () => fit(mlp(3, 8), { ...MLP, optimizer: "sgd" }),
  "an MLP by rmsprop": () => fit(mlp(3, 8), { ...MLP, optimizer: "rmsprop" }),
  "an MLP by adamax": () => fit(mlp(3, 8), { ...MLP, optimizer: "adamax" }),
  "an MLP by adagrad": () => fit(mlp(3, 8), { ...MLP, optimizer: "adagrad" }),
  "batch normalisation and dropout of nothing": () =>
    fit(
      () => [
        tf.layers.dense({ units: 6, inputShape: [3], kernelInitializer: weights(1) }),
        tf.layers.batchNormalization(),
        tf.layers.leakyReLU(),
        tf.layers.dropout({ rate: 0 }),
        tf.layers.dense({ units: 1, kernelInitializer: weights(3) }),
      ],
      { ...MLP, optimizer: "sgd" },
    ),
  "a convolutional network": () =>
    fit(
      () => [
        tf.layers.conv2d({
          filters: 3,
          kernelSize: 3,
          inputShape: [6, 6, 2],
          activation: "relu",
          padding: "same",
          kernelInitializer: weights(1),
        }),
        tf.layers.maxPooling2d({ poolSize: 2 }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 1, kernelInitializer: weights(3) }),
      ],
      { input: [12, 6, 6, 2], target: [12, 1], optimizer: "adam", epochs: 2 },
    ),
  "an LSTM": () =>
    fit(
      () => [
        tf.layers.lstm({
          units: 4,
          inputShape: [5, 3],
          kernelInitializer: weights(1),
          recurrentInitializer: weights(2),
        }),
        tf.layers.dense({ units: 1, kernelInitializer: weights(3) }),
      ],
      { input: [12, 5, 3], target: [12, 1], optimizer: "sgd", epochs: 2 },
    ),
  "a loop over minimize": minimizeLoop,
  "a loop over variableGrads": variableGradsLoop,
};

for (const [name, train] of Object.entries(RUNS)) {
  Deno.test(`plain tfjs trains ${name} on every engine as on cpu, and leaves nothing`, async () => {
    await useEngine("cpu");
    const expected = await train();
    assert(expected.every(Number.isFinite), `${expected}`);
    for (const engine of ENGINES) {
      await useEngine(engine);
      const before = [tf.memory().numTensors, liveBuffers()];
      assertAllClose(await train(), expected, { rtol: 2e-4, atol: 1e-5 });
      assertEquals([tf.memory().numTensors, liveBuffers()], before, engine);
    }
  });
}

Deno.test("what is trained is learned", async () => {
  await useEngine("cpu");
  const losses = (await fit(mlp(3, 8), { ...MLP, optimizer: "adam", epochs: 30 })).slice(0, 30);
  assertLess(losses.at(-1)!, 0.8 * losses[0]!);
});
