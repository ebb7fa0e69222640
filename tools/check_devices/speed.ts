/**
 * Speed: products, copies, and the demo's training step. What is measured is printed, not judged.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { assert } from "@std/assert";
import { init, jit, type Tensor, treeDispose } from "@meshwork/meshwork";
import { compileTrainStep, type Problem, writeProblem } from "../../benchmarks/problem.ts";
import { formatBytes } from "../../lib/engine/cost.ts";
import type { Check } from "./check.ts";

/** How large the problems are. */
export interface Sizes {
  /** Rows of the matrices that are multiplied. */
  readonly rows: number;
  /** Float32 numbers that are copied. */
  readonly numbers: number;
  /** Training steps. */
  readonly steps: number;
}

/** Sizes that keep a device busy; `quick` ones only show that it runs. */
export function sizesFor(platform: string, quick: boolean): Sizes {
  if (quick) return { rows: 64, numbers: 2 ** 14, steps: 2 };
  return platform === "cpu"
    ? { rows: 1024, numbers: 2 ** 24, steps: 20 }
    : { rows: 8192, numbers: 2 ** 27, steps: 100 };
}

/** Milliseconds of the quickest of some runs, after one that warms up. */
async function quickest(run: () => Promise<void>, times = 5): Promise<number> {
  await run();
  let best = Infinity;
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    await run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Reads a scalar, which waits for all that it depends on. */
async function finish(scalar: Tensor): Promise<number> {
  const [value] = await scalar.data();
  scalar.dispose();
  return value!;
}

const CHAIN = 8;

async function products({ rows }: Sizes): Promise<string> {
  const chain = jit((a: Tensor, b: Tensor) => {
    let product = a as tf.Tensor2D;
    for (let i = 0; i < CHAIN; i++) product = tf.matMul(product, b as tf.Tensor2D);
    return tf.mean(product);
  });
  // Rows of 1 / rows keep the ones that they are multiplied with.
  const [ones, mean] = [tf.ones([rows, rows]), tf.fill([rows, rows], 1 / rows)];
  const ms = await quickest(async () => {
    const value = await finish(chain(ones, mean));
    assert(Math.abs(value - 1) < 1e-2, `the mean of ones is ${value}`);
  });
  const gigaflops = CHAIN * 2 * rows ** 3 / ms / 1e6;
  return `${gigaflops.toFixed(0)} GFLOP/s, matrices of ${rows} × ${rows}`;
}

async function memory({ numbers }: Sizes): Promise<string> {
  const add = jit((x: Tensor) => tf.add(x, 1), { donate: 0 });
  const first = jit((x: Tensor) => tf.sum(tf.slice(x, 0, 1)));
  let x: Tensor = jit(() => tf.range(0, numbers))();
  let count = 0;
  const ms = await quickest(async () => {
    for (let i = 0; i < CHAIN; i++) {
      x = add(x);
      count++;
    }
    assert(await finish(first(x)) === count);
  });
  x.dispose();
  return `${(CHAIN * 8 * numbers / ms / 1e6).toFixed(1)} GB/s read and written, ` +
    `${formatBytes(4 * numbers)} a time`;
}

async function transfer({ numbers }: Sizes): Promise<string> {
  const values = Float32Array.from({ length: numbers }, (_, i) => i % 1024);
  const pass = jit((x: Tensor) => tf.add(x, 1));
  const ms = await quickest(async () => {
    const x = tf.tensor1d(values);
    const y = pass(x);
    const back = await y.data();
    tf.dispose([x, y]);
    assert(back.at(-1) === values.at(-1)! + 1);
  }, 3);
  return `${(8 * numbers / ms / 1e6).toFixed(2)} GB/s to the device and back`;
}

async function trainStep({ steps }: Sizes): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  const problem: Problem = await writeProblem(path).finally(() => Deno.remove(path));
  const step = compileTrainStep(problem.trajectory);
  let { state } = problem;
  const losses: number[] = [];
  const run = async (): Promise<void> => {
    for (let i = 0; i < steps; i++) {
      const [next, loss] = step(state);
      treeDispose(state);
      state = next;
      if (i === steps - 1) losses.push(await finish(loss));
      else loss.dispose();
    }
  };
  const ms = await quickest(run, 3);
  assert(losses.every(Number.isFinite), `losses are ${losses}`);
  treeDispose([state, problem.trajectory]);
  return `${(ms / steps).toFixed(2)} ms a step of the cylinder flow demo`;
}

/** Checks that run, time and say how quick. */
export function speedChecks(sizes: Sizes): Check[] {
  const timed = (name: string, run: (sizes: Sizes) => Promise<string>): Check => ({
    name,
    async run() {
      await init({ engine: "xla" });
      return await run(sizes);
    },
  });
  return [
    timed("products of matrices", products),
    timed("memory of the device", memory),
    timed("copies from the host", transfer),
    timed("MeshGraphNets training", trainStep),
  ];
}
