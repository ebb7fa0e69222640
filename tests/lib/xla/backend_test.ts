import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { EngineError } from "../../../lib/engine/mod.ts";
import { jit } from "../../../lib/transform/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { installedEngine, liveBuffers } from "../../../lib/xla/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { xlaTest } from "../../support/engines.ts";

xlaTest("tf.memory() counts tensors and bytes; tf.dispose and tf.tidy give them back", () => {
  const before = tf.memory();
  const x = tf.ones([3, 5]);
  const y = tf.tidy(() => tf.add(tf.mul(x, 2), 1));
  const { numTensors, numBytes } = tf.memory();
  assertEquals([numTensors - before.numTensors, numBytes - before.numBytes], [2, 120]);
  tf.dispose({ x, y });
  assertEquals(tf.memory().numTensors, before.numTensors);
  assertEquals(tf.memory().numBytes, before.numBytes);
});

xlaTest(
  "tf.time() waits for the work that a function leaves pending, and tells compiling apart",
  async () => {
    const x = tf.mul(tf.ones([512, 512]), 1e-3);
    const f = jit((y: Tensor) => {
      let z = y;
      for (let i = 0; i < 4; i++) z = tf.matMul(z, y);
      return z;
    });
    let y: Tensor;
    const time = await tf.time(() => y = f(x)) as tf.TimingInfo & { compileMs: number };
    assert(time.compileMs > 0 && (time.kernelMs as number) > 0);
    const buffers = liveBuffers();
    await y!.data();
    assertEquals(liveBuffers(), buffers);
    tf.dispose([x, y!]);
  },
);

xlaTest("tf.profile() names the kernels of a function", async () => {
  const x = tf.tensor1d([1, 2]);
  const { kernelNames, newTensors, result } = await tf.profile(() => tf.tidy(() => tf.square(x)));
  assertEquals([kernelNames, newTensors], [["Square"], 1]);
  tf.dispose([x, result as Tensor]);
});

xlaTest("what was disposed, or donated twice, is an error", () => {
  const x = tf.tensor1d([1, 2]);
  const f = jit((y: Tensor) => tf.add(y, 1), { donate: 0 });
  f(tf.tensor1d([1, 2])).dataSync();
  const y = f(x);
  assertThrows(() => f(x), EngineError, "donated to a jitted call");
  x.dispose();
  assertThrows(() => x.dataSync(), Error, "disposed");
  assertThrows(() => f(x), TypeError, "was disposed");
  assertEquals([...y.dataSync()], [2, 3]);
  y.dispose();
});

xlaTest("arguments and results may be disposed while a program runs", () => {
  const f = jit((x: Tensor) => [tf.matMul(x, x), tf.sum(x)] as const);
  for (let i = 0; i < 20; i++) {
    const x = tf.mul(tf.ones([256, 256]), 0.5);
    const [a, b] = f(x);
    x.dispose();
    (i % 2 ? a : b).dispose();
    assertEquals((i % 2 ? b : a).dataSync()[0], i % 2 ? 32768 : 64);
    tf.dispose([a, b]);
  }
});

xlaTest("forgotten tensors and jitted functions are freed after garbage collection", async () => {
  const script = new URL("./collect_worker.ts", import.meta.url).pathname;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--v8-flags=--expose-gc", script],
    stderr: "inherit",
  }).output();
  const { made, left } = JSON.parse(new TextDecoder().decode(stdout).trim().split("\n").at(-1)!);
  assert(made[0] >= 20 && made[1] >= 20, `made ${made}`);
  assert(left[0] <= 1 && left[1] <= 1, `left ${left} of ${made}`);
});

/**
 * Trains a variable for some steps, each on another batch and at another rate; reads at the end.
 */
function trainBySteps(count: number, each?: () => void): Tensor {
  const x = tf.tidy(() => tf.sin(tf.range(0, 96).reshape([24, 4]))) as tf.Tensor2D;
  const w = tf.variable(tf.ones([4, 1]) as tf.Tensor2D);
  const losses: Tensor[] = [];
  for (let step = 0; step < count; step++) {
    tf.tidy(() => {
      const batch = tf.slice(x, [step % 6 * 4, 0], [4, 4]);
      const { value, grads } = tf.variableGrads(() =>
        tf.mean(tf.square(tf.sub(tf.tanh(tf.matMul(batch, w)), 0.5))) as tf.Scalar
      );
      w.assign(tf.sub(w, tf.mul(1 / (step + 2), grads[w.name]!)));
      losses.push(tf.keep(value));
    });
    each?.();
  }
  const result = tf.stack(losses);
  tf.dispose([x, w, losses]);
  return result;
}

xlaTest(
  "an eager training loop that reads nothing is one program a step, the same each time",
  () => {
    const { runtime } = installedEngine()!;
    const expected = trainBySteps(24);
    runtime.useHost = false;
    const { compiles, executions } = runtime.stats;
    const taken: number[] = [];
    try {
      const losses = trainBySteps(24, () => taken.push(runtime.stats.compiles - compiles));
      assertAllClose(losses, expected, { rtol: 1e-5 });
      assertEquals(taken.at(-1), taken[6], `programs compiled after each step: ${taken}`);
      assert(taken[6]! <= 4 && runtime.stats.executions - executions <= 26);
    } finally {
      runtime.useHost = true;
    }
  },
);
