import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { EngineError } from "../../../lib/engine/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { inScope, xlaTest } from "../../support/engines.ts";

/** A test after which no tensor is left. */
function leakTest(name: string, fn: () => void | Promise<void>): void {
  xlaTest(name, async () => {
    const before = tf.memory().numTensors;
    await inScope(fn);
    assertEquals(tf.memory().numTensors, before);
  });
}

/** Counts ticks of the event loop while a promise is pending. */
async function ticksDuring(promise: Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  try {
    await promise;
    return ticks;
  } finally {
    clearInterval(timer);
  }
}

/** A number of this process, so that no cache holds a program with it. */
const FRESH = performance.timeOrigin % 1000 + performance.now();

/** A chain that takes a compiler long. */
function deep(x: Tensor): Tensor {
  let y = x;
  for (let i = 0; i < 120; i++) y = tf.tanh(tf.add(tf.matMul(y, x), FRESH + i));
  return y;
}

leakTest("timers tick while the first call of a jitted function compiles", async () => {
  const y = jit(deep)(tf.ones([32, 32]));
  assert(await ticksDuring(y.data()) > 2);
});

leakTest("timers tick while eager work compiles", async () => {
  const x = tf.randomUniform([128, 128], 0, 1, "float32", 1);
  const y = tf.tidy(() => deep(x));
  assert(await ticksDuring(y.data()) > 2);
});

leakTest("timers tick while a long program runs", async () => {
  const f = jit((x: Tensor) => {
    let y = x;
    for (let i = 0; i < 12; i++) y = tf.matMul(y, x);
    return y;
  });
  const x = tf.mul(tf.ones([768, 768]), 1e-3);
  await f(x).data();
  assert(await ticksDuring(f(x).data()) > 2);
});

leakTest("a first call gives the same by any kind of read", async () => {
  const f = (): (x: Tensor) => Tensor => jit((x: Tensor) => tf.mul(tf.add(x, 1), 2));
  const x = tf.tensor1d([1, 2]);
  assertEquals([...f()(x).dataSync()], [4, 6]);
  assertEquals([...await f()(x).data()], [4, 6]);
  assertEquals([...tf.add(f()(x), f()(x)).dataSync()], [8, 12]);
  assertEquals([...await tf.add(f()(x), f()(x)).data()], [8, 12]);
  assertEquals([...f()(f()(x)).dataSync()], [10, 14]);
});

leakTest("calls and reads while the program compiles get the right values", async () => {
  const f = jit((x: Tensor) => tf.sum(deep(x)) as Tensor);
  const x = tf.mul(tf.ones([16, 16]), 0.01);
  const first = f(x);
  const read = first.data();
  const second = f(x);
  const [a] = await read;
  assertEquals(second.dataSync()[0], a);
  assertEquals((await Promise.all([first.data(), second.data()])).map(([v]) => v), [a, a]);
});

leakTest("arguments of a pending call may be disposed", async () => {
  const f = jit((x: Tensor) => tf.add(x, 1));
  const x = tf.tensor1d([1, 2]);
  const y = f(x);
  x.dispose();
  assertEquals([...await y.data()], [2, 3]);
});

leakTest(
  "results of a pending call may be disposed in any order, also while it is read",
  async () => {
    const f = jit((x: Tensor) => [tf.add(x, 1), tf.add(x, 2)] as const);
    const [a, b] = f(tf.tensor1d([1]));
    a.dispose();
    const read = b.data();
    b.dispose();
    assertEquals([...await read], [3]);
    const [c, d] = f(tf.tensor1d([5]));
    d.dispose();
    assertEquals([...c.dataSync()], [6]);
  },
);

leakTest("a call whose results nobody wants is not made", () => {
  const f = jit((x: Tensor) => tf.add(x, 1));
  f(tf.tensor1d([1])).dispose();
  assertEquals([...f(tf.tensor1d([4])).dataSync()], [5]);
});

leakTest("arguments donated to a pending call are gone at once", async () => {
  const f = jit((x: Tensor) => tf.add(x, 1), { donate: 0 });
  const x = tf.tensor1d([1, 2]);
  const y = f(x);
  assertThrows(() => x.dataSync(), EngineError, "donated to a jitted call");
  assertThrows(() => f(x), EngineError, "donated to a jitted call");
  assertEquals([...await y.data()], [2, 3]);
  x.dispose();
});

leakTest("one tensor may be donated and read in two places of a call", () => {
  const f = jit((x: Tensor, y: Tensor) => tf.sub(tf.mul(x, 2), y), { donate: [0, 1] });
  for (let i = 0; i < 2; i++) {
    const x = tf.tensor1d([1, 2]);
    assertEquals([...f(x, x).dataSync()], [1, 2]);
  }
});

leakTest("a loop that donates its state computes each step", async () => {
  const step = jit((x: Tensor) => [tf.add(x, 1), tf.sum(x)] as const, { donate: 0 });
  let x: Tensor = tf.tensor1d([0, 0]);
  const sums: Tensor[] = [];
  for (let i = 0; i < 5; i++) {
    const [next, sum] = step(x);
    x.dispose();
    x = next;
    sums.push(sum);
  }
  assertEquals(await Promise.all(sums.map(async (sum) => (await sum.data())[0])), [0, 2, 4, 6, 8]);
});

leakTest("variables that a pending call assigns have their new values when read", () => {
  const v = tf.variable(tf.scalar(1));
  const f = jit((x: Tensor) => {
    v.assign(tf.add(v, x));
    return tf.mul(v, 10) as Tensor;
  });
  const y = f(tf.scalar(2));
  assertEquals([v.dataSync()[0], y.dataSync()[0]], [3, 30]);
  v.dispose();
});
