import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import {
  EngineError,
  grad,
  init,
  jit,
  type Tensor,
  TracerError,
  treeDispose,
  valueAndGrad,
} from "../../../mod.ts";
import { installedEngine, liveBuffers } from "../../../lib/xla/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine, xlaTest } from "../../support/engines.ts";

const stats = () => installedEngine()!.runtime.stats;

forEachEngine("jit() takes and gives trees", () => {
  const f = jit(({ a, b }: { a: Tensor; b: [Tensor, null] }) => [{ sum: tf.add(a, b[0]) }, null]);
  const [{ sum }, none] = f({ a: tf.tensor1d([1, 2]), b: [tf.scalar(3), null] }) as [
    { sum: Tensor },
    null,
  ];
  assertEquals(Array.from(sum.dataSync()), [4, 5]);
  assertEquals(none, null);
});

forEachEngine("jit() nests with itself and with grad in any order", () => {
  const f = (x: Tensor): Tensor => tf.sum(tf.mul(x, tf.tanh(x)));
  const x = tf.tensor1d([0.7, -0.3]);
  const second = (g: (x: Tensor) => Tensor): Tensor => grad((y: Tensor) => tf.sum(g(y)))(x);
  const expected = second(grad(f));
  assertAllClose(second(jit(grad(jit(f)))), expected, { rtol: 1e-5, atol: 1e-6 });
  assertAllClose(jit((z: Tensor) => grad((y: Tensor) => tf.sum(grad(f)(y)))(z))(x), expected, {
    rtol: 1e-5,
    atol: 1e-6,
  });
  const [value, gradient] = jit(valueAndGrad(jit(f)))(x) as [Tensor, Tensor];
  assertAllClose(value, f(x), { rtol: 1e-6 });
  assertAllClose(gradient, grad(f)(x), { rtol: 1e-5, atol: 1e-6 });
});

forEachEngine("jit() gives tensors of their own, also for what the function passes through", () => {
  const kept = tf.scalar(2);
  const f = jit((state: { w: Tensor; n: Tensor }) => ({ ...state, n: tf.add(state.n, 1), kept }));
  const state = { w: tf.tensor1d([1, 2]), n: tf.scalar(0) };
  const next = f(state);
  state.w.dispose();
  state.n.dispose();
  assertEquals(Array.from(next.w.dataSync()), [1, 2]);
  next.kept.dispose();
  assertEquals(kept.dataSync()[0], 2);
  const again = { w: next.w, n: next.n };
  const tensors = tf.memory().numTensors;
  treeDispose(f(again));
  assertEquals(tf.memory().numTensors, tensors);
});

forEachEngine("jit() reads and writes variables at each call", () => {
  const total = tf.variable(tf.scalar(1), false);
  const add = jit((x: Tensor) => {
    total.assign(tf.add(total, x) as tf.Scalar);
    return tf.mul(total, 10);
  });
  assertEquals(add(tf.scalar(2)).dataSync()[0], 30);
  assertEquals(add(tf.scalar(3)).dataSync()[0], 60);
  assertEquals(total.dataSync()[0], 6);
  total.assign(tf.scalar(0));
  assertEquals(add(tf.scalar(1)).dataSync()[0], 10);
  total.dispose();
});

forEachEngine("jit() with a static argument makes a program for each value", () => {
  const power = jit((x: Tensor, n: number, { scale }: { scale: number }) => {
    let y = x;
    for (let i = 1; i < n; i++) y = tf.mul(y, x);
    return tf.mul(y, scale);
  }, { static: [1, 2] });
  assertEquals(power(tf.scalar(2), 3, { scale: 1 }).dataSync()[0], 8);
  assertEquals(power(tf.scalar(2), 2, { scale: 5 }).dataSync()[0], 20);
});

xlaTest("jit() tells static arguments apart by value, and by identity what has none", () => {
  let calls = 0;
  const f = jit((x: Tensor, _option: unknown) => {
    calls++;
    return tf.add(x, 1);
  }, { static: 1 });
  const tell = (...options: unknown[]): number => {
    const before = calls;
    for (const option of options) f(tf.scalar(0), option).dataSync();
    return calls - before;
  };
  class Secret {
    readonly #n = 1;
    same = (other: Secret): boolean => this.#n === other.#n;
  }
  assertEquals(tell(new Map([["k", 2]]), new Map([["k", 3]]), new Secret(), new Secret()), 4);
  assertEquals(tell({ k: null }, { k: Infinity }, { k: NaN }, { k: undefined }, {}), 5);
  assertEquals(tell([0], [-0], ["0"], [0n], [[0]], [Symbol("0")], [Symbol.for("0")]), 7);
  assertEquals(tell({ a: 1, b: [2, "x"] }, { a: 1, b: [2, "x"] }, "a:1", { "a:1": 0 }), 3);
  assertEquals(tell(tf.relu, tf.relu, { f: tf.relu }, { f: tf.relu }), 2);
});

xlaTest("jit() calls the function once a signature", () => {
  let calls = 0;
  const f = jit((x: Tensor) => {
    calls++;
    return tf.add(x, 1);
  });
  const before = stats().compiles;
  for (let i = 0; i < 5; i++) f(tf.tensor1d([i, i + 1])).dataSync();
  assertEquals([calls, stats().compiles - before], [1, 1]);
  f(tf.tensor1d([1, 2, 3])).dataSync();
  f(tf.tensor1d([1, 2], "int32")).dataSync();
  assertEquals([calls, stats().compiles - before], [3, 3]);
});

xlaTest(
  "jit() hoists what the function closes over, and does not keep it from being disposed",
  () => {
    const w = tf.tensor1d([1, 2, 3]);
    const f = jit((x: Tensor) => tf.mul(x, w));
    assertEquals(Array.from(f(tf.scalar(2)).dataSync()), [2, 4, 6]);
    assertStringIncludes(f.lower(tf.scalar(2)).text(), "%arg1: tensor<3xf32>");
    w.dispose();
    assertEquals(Array.from(f(tf.scalar(3)).dataSync()), [3, 6, 9]);
  },
);

xlaTest("jit() computes what is pending before it hoists it", () => {
  const w = tf.tensor1d([1, 2, 3]).square().add(1);
  const f = jit((x: Tensor) => tf.mul(x, w));
  assertEquals(Array.from(f(tf.scalar(2)).dataSync()), [4, 10, 20]);
  assertEquals(Array.from(w.dataSync()), [2, 5, 10]);
});

xlaTest("jit() donates: the argument is gone, shared data is not", () => {
  const step = jit((x: Tensor) => tf.add(x, 1), { donate: 0 });
  const x = tf.tensor1d([1, 2, 3]);
  const clone = x.clone();
  assertEquals(Array.from(step(x).dataSync()), [2, 3, 4]);
  assertEquals(Array.from(clone.dataSync()), [1, 2, 3]);
  const own = step(tf.tensor1d([5, 6]));
  const next = step(own);
  assertEquals(Array.from(next.dataSync()), [7, 8]);
  const error = assertThrows(() => own.dataSync(), EngineError);
  assertEquals(
    error.message,
    "Cannot read a tensor as it was donated to a jitted call, which overwrote it " +
      "(use the call's result, or drop `donate`)",
  );
  assertStringIncludes(step.lower(next).text(), "{tf.aliasing_output = 0 : i32}");
});

Deno.test("jit() donates where nothing compiles: the outermost call disposes its argument", async () => {
  await init({ engine: "cpu" });
  const inner = jit((x: Tensor) => tf.add(x, 1), { donate: 0 });
  const outer = jit((x: Tensor) => ({ y: tf.add(inner(x), x), same: x }), { donate: 0 });
  const x = tf.tensor1d([1, 2]);
  const clone = x.clone();
  const { y, same } = outer(x);
  assertEquals([y.arraySync(), same.arraySync(), clone.arraySync()], [[3, 5], [1, 2], [1, 2]]);
  assert(x.isDisposed);
  const kept = tf.scalar(3);
  assertEquals(grad((x: Tensor) => tf.square(inner(x)))(kept).dataSync()[0], 8);
  assertEquals(kept.dataSync()[0], 3);
});

xlaTest("jit().lower().compile() compiles once, before the first call", async () => {
  const double = jit((x: Tensor) => tf.mul(x, 2));
  const x = tf.tensor1d([1, 2]);
  const before = stats().compiles;
  const lowered = double.lower(x);
  await Promise.all([lowered.compile(), lowered.compile()]);
  assertEquals(stats().compiles, before + 1);
  assertEquals([...double(x).dataSync()], [2, 4]);
  await double.lower(x).compile();
  assertEquals(stats().compiles, before + 1);
});

xlaTest("jit().lower() prints the program without running it", () => {
  const before = stats().compiles;
  const add = jit(function add(x: Tensor): Tensor {
    return tf.add(x, 1);
  });
  const text = add.lower(tf.tensor1d([1, 2])).text();
  assertEquals(stats().compiles, before);
  assertEquals(
    text,
    `module @add {
  func.func public @main(%arg0: tensor<2xf32>) -> (tensor<2xf32>) {
    %v0 = stablehlo.constant dense<1.000000000e+0> : tensor<2xf32>
    %v1 = stablehlo.add %arg0, %v0 : tensor<2xf32>
    return %v1 : tensor<2xf32>
  }
}
`,
  );
});

xlaTest("jit() gives back arguments, constants and closures as they are", () => {
  const w = tf.tensor1d([7, 8]);
  const f = jit((x: Tensor) => [x, tf.scalar(5), w, x, tf.zeros([2], "int32")]);
  const results = f(tf.tensor1d([1, 2])) as Tensor[];
  assertEquals(results.map((r) => Array.from(r.dataSync())), [[1, 2], [5], [7, 8], [1, 2], [0, 0]]);
  assertEquals(results[4]!.dtype, "int32");
});

xlaTest("jit() takes empty tensors and gives them", () => {
  const f = jit((x: Tensor) => [tf.mul(x, 2), tf.sum(x, 0)]);
  const [scaled, sum] = f(tf.zeros([0, 3])) as [Tensor, Tensor];
  assertEquals(scaled.shape, [0, 3]);
  assertEquals(Array.from(sum.dataSync()), [0, 0, 0]);
});

xlaTest("a tracer has no value: reading it names the way round", () => {
  const read = jit((x: Tensor) => tf.scalar(x.dataSync()[0]!));
  const error = assertThrows(() => read(tf.tensor1d([1, 2])), TracerError);
  assertEquals(
    error.message,
    "Cannot read a tensor as its value is known only when the compiled program runs: " +
      "parameter [2] inside jit (return it from the function, or read it outside jit; a tensor " +
      "kept from inside jit has no value afterwards)",
  );
  let kept: Tensor | null = null;
  jit((x: Tensor) => {
    kept = tf.keep(tf.add(x, 1));
    return x;
  })(tf.scalar(1));
  assertThrows(() => kept!.dataSync(), TracerError);
  assertThrows(
    () => jit((x: Tensor) => tf.add(x, kept!))(tf.scalar(1)),
    TracerError,
    "another jit",
  );
});

xlaTest("a host kernel inside jit says so", () => {
  const f = jit((x: Tensor) => tf.unique(x as tf.Tensor1D).values);
  const error = assertThrows(() => f(tf.tensor1d([1, 1, 2])), TracerError);
  assertEquals(
    error.message,
    "Cannot compile Unique as the shape of its result depends on values: its input has no value " +
      "inside jit (find the distinct values outside jit, or sort and mark where neighbours differ)",
  );
  assertEquals(Array.from(tf.unique(tf.tensor1d([1, 1, 2])).values.dataSync()), [1, 2]);
});

xlaTest("jit() says what is wrong with its arguments and result", () => {
  // deno-lint-ignore no-explicit-any -- wrong on purpose
  const f = jit((x: any) => x.a) as any;
  assertThrows(
    () => f({ a: 2 }),
    TypeError,
    "argument 0 at or near a holds number 2 (wrap it with tf.scalar, or declare the argument as " +
      "{static: [0]})",
  );
  assertThrows(() => jit((x) => x, { static: 0 })(tf.scalar(1)), TypeError, "must not be a tensor");
  // deno-lint-ignore no-explicit-any -- wrong on purpose
  assertThrows(() => jit((_: Tensor) => 3 as any)(tf.scalar(1)), TypeError, "a tree of tensors");
  const gone = { x: [tf.scalar(1)] };
  treeDispose(gone);
  assertThrows(
    () => f(gone),
    TypeError,
    "as its arguments must be alive: argument 0 at x[0] was disposed (clone it before)",
  );
  const late = jit((x: Tensor) => Promise.resolve(x));
  assertThrows(() => late(tf.scalar(1)), TypeError, "as it is async");
});

xlaTest("an error inside the function leaves the engine as it was", () => {
  const before = tf.memory().numTensors;
  const f = jit((x: Tensor) => {
    tf.add(x, 1);
    throw new RangeError("no");
  });
  const x = tf.scalar(1);
  assertThrows(() => f(x), RangeError, "no");
  assertEquals(tf.memory().numTensors, before + 1);
  assertEquals(jit((y: Tensor) => tf.add(y, 1))(x).dataSync()[0], 2);
});

xlaTest("10,000 jitted steps leave no tensor and no buffer behind", () => {
  const step = jit((p: Tensor, x: Tensor) =>
    tf.sub(p, tf.mul(0.01, grad((q: Tensor) => tf.mean(tf.square(tf.sub(tf.mul(q, x), 1))))(p)))
  );
  const x = tf.linspace(0, 1, 64);
  let p = step(tf.zeros([64]), x);
  p.dataSync();
  const [tensors, buffers] = [tf.memory().numTensors, liveBuffers()];
  for (let i = 0; i < 10_000; i++) {
    const next = step(p, x);
    p.dispose();
    p = next;
  }
  assertEquals([tf.memory().numTensors, liveBuffers()], [tensors, buffers]);
  assert(p.dataSync().every(Number.isFinite));
});

xlaTest("an eager loop that never reads stays bounded", () => {
  let x = tf.zeros([8]) as Tensor;
  for (let i = 0; i < 5000; i++) {
    const next = tf.add(x, 1);
    x.dispose();
    x = next;
  }
  assertEquals(x.dataSync()[0], 5000);
});

Deno.test("jit() on an engine that does not compile calls the function; lower() says so", async () => {
  await init({ engine: "cpu" });
  let calls = 0;
  const f = jit((x: Tensor) => {
    calls++;
    return tf.add(x, 1);
  });
  f(tf.scalar(1));
  f(tf.scalar(1));
  assertEquals(calls, 2);
  assertThrows(() => f.lower(tf.scalar(1)), EngineError, "the cpu engine does not compile");
});
