import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import {
  adam,
  applyUpdates,
  EngineError,
  grad,
  init,
  jit,
  linear,
  pmap,
  pmean,
  psum,
  random,
  type Tensor,
  treeDispose,
  treeMap,
  valueAndGrad,
} from "../../../mod.ts";
import { installedEngine, liveBuffers } from "../../../lib/xla/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { devicesTest } from "../../support/engines.ts";

const stats = () => ({ ...installedEngine()!.runtime.stats });

devicesTest(4, "pmap() runs a function on a row for each replica", () => {
  const f = pmap((p: { w: Tensor }, x: Tensor) => ({ y: tf.mul(p.w, x), total: psum(x, "i") }), {
    axisName: "i",
  });
  const { y, total } = f(
    { w: tf.tensor1d([1, 10, 100, 1000]) },
    tf.tensor2d([[1, 2], [3, 4], [5, 6], [7, 8]]),
  );
  assertEquals(y.arraySync(), [[1, 2], [30, 40], [500, 600], [7000, 8000]]);
  assertEquals(total.arraySync(), Array(4).fill([16, 20]));
  assertEquals([y.shape, total.dtype], [[4, 2], "float32"]);
});

devicesTest(4, "pmap() takes fewer replicas than there are devices", () => {
  const f = pmap((x: Tensor) => psum(x, "i"), { axisName: "i" });
  assertEquals(f(tf.tensor1d([1, 2, 3])).arraySync(), [6, 6, 6]);
  assertEquals(f(tf.tensor1d([5])).arraySync(), [5]);
});

devicesTest(4, "results stay on their devices between calls", async () => {
  const step = pmap((p: Tensor, x: Tensor) => tf.add(p, psum(x, "i")), { axisName: "i" });
  const x = tf.tensor2d(Float32Array.from({ length: 40_000 }, (_, i) => i % 7), [4, 10_000]);
  let p: Tensor = step(tf.zeros([4, 10_000]), x);
  await p.data();
  const before = stats();
  for (let i = 0; i < 5; i++) p = step(p, x);
  const { uploads, downloads, executions } = stats();
  assertEquals(
    [uploads, downloads, executions],
    [before.uploads, before.downloads, before.executions + 5],
  );
  const expected = Array.from(
    { length: 10_000 },
    (_, i) => 6 * [0, 1, 2, 3].reduce((sum, d) => sum + (d * 10_000 + i) % 7, 0),
  );
  assertEquals([...(await p.data()).subarray(0, 10_000)], expected);
  // Reading copies once from each device.
  assertEquals(stats().downloads, downloads + 4);
});

devicesTest(4, "a result is a tensor like any other", () => {
  const rows = pmap((x: Tensor) => tf.mul(x, 2), { axisName: "i" })(tf.range(0, 4));
  assertEquals(tf.sum(rows).dataSync()[0], 12);
  assertEquals(jit((x: Tensor) => tf.add(tf.reverse(x), 1))(rows).arraySync(), [7, 5, 3, 1]);
  assertEquals(tf.gather(rows, 2).dataSync()[0], 4);
  // What was computed from it goes back to the devices.
  assertEquals(pmap((x: Tensor) => tf.neg(x))(tf.add(rows, 1)).arraySync(), [-1, -3, -5, -7]);
});

devicesTest(4, "donated arguments are gone, and their memory is the results'", () => {
  const step = pmap((p: Tensor) => tf.add(p, psum(p, "i")), { axisName: "i", donate: 0 });
  assertMatch(step.lower(tf.zeros([4, 100])).text(), /tf\.aliasing_output/);
  let p: Tensor = step(tf.ones([4, 100]));
  p.dataSync();
  const live = liveBuffers();
  for (let i = 0; i < 3; i++) {
    const next = step(p);
    assertThrows(() => p.dataSync(), EngineError, "it was donated");
    p.dispose();
    p = next;
  }
  assertEquals(p.dataSync()[0], 5 ** 4);
  assertEquals(liveBuffers(), live);
});

devicesTest(4, "a tensor that is shown twice survives its donation", () => {
  const f = pmap((p: Tensor) => tf.add(p, 1), { donate: 0 });
  const p = pmap((x: Tensor) => tf.mul(x, 2))(tf.range(0, 4));
  p.dataSync();
  const shown = tf.clone(p);
  assertEquals(f(p).arraySync(), [1, 3, 5, 7]);
  assertEquals(shown.arraySync(), [0, 2, 4, 6]);
});

devicesTest(4, "what the function closes over is on every device, and stays there", () => {
  const w = tf.tensor1d(Float32Array.from({ length: 5000 }, (_, i) => i));
  const v = tf.variable(tf.scalar(10));
  const f = pmap((x: Tensor) => tf.add(tf.mul(v, x), tf.sum(w)), { axisName: "i" });
  const sum = 5000 * 4999 / 2;
  const x = tf.range(0, 4);
  assertEquals(f(x).arraySync(), [0, 1, 2, 3].map((i) => Math.fround(sum + 10 * i)));
  const { uploads } = stats();
  f(x).dataSync();
  assertEquals(stats().uploads, uploads);
  v.assign(tf.scalar(20));
  assertEquals(f(x).arraySync(), [0, 1, 2, 3].map((i) => Math.fround(sum + 20 * i)));
  v.dispose();
});

devicesTest(4, "a program is compiled once a signature", () => {
  let calls = 0;
  const f = pmap((x: Tensor) => {
    calls++;
    return psum(x, "i");
  }, { axisName: "i" });
  const { compiles } = stats();
  for (let i = 0; i < 3; i++) f(tf.add(tf.range(0, 4), i)).dataSync();
  assertEquals([calls, stats().compiles - compiles], [1, 1]);
  f(tf.range(0, 2)).dataSync();
  assertEquals([calls, stats().compiles - compiles], [2, 2]);
});

const layer = linear({ size: 1 });
const loss = (params: ReturnType<typeof layer.init>, x: Tensor, y: Tensor): Tensor =>
  tf.mean(tf.square(tf.sub(layer.apply(params, x), y)));

devicesTest(4, "data parallel training is training on the whole batch", () => {
  const optimizer = adam(0.05);
  type State = { params: ReturnType<typeof layer.init>; state: ReturnType<typeof optimizer.init> };
  const update = (s: State, value: Tensor, grads: State["params"]) => {
    const [updates, state] = optimizer.update(grads, s.state);
    return { value, next: { params: applyUpdates(s.params, updates), state } };
  };
  const whole = jit((s: State, x: Tensor, y: Tensor) => {
    const [value, grads] = valueAndGrad(loss)(s.params, x, y);
    return update(s, value, grads);
  });
  const parallel = pmap((s: State, x: Tensor, y: Tensor) => {
    const [value, grads] = pmean(valueAndGrad(loss)(s.params, x, y), "data");
    return update(s, value, grads);
  }, { axisName: "data" });

  const [keyX, keyW] = tf.unstack(random.split(random.key(3)));
  const x = random.normal(keyX!, [32, 3]);
  const y = tf.sum(tf.mul(x, [1, -2, 3]), 1, true);
  const params = layer.init(keyW!, 3);
  let one: State = { params, state: optimizer.init(params) };
  let many = treeMap((t: Tensor) => tf.stack(Array<Tensor>(4).fill(t)), one) as State;
  for (let i = 0; i < 20; i++) {
    const a = whole(one, x, y);
    const b = parallel(many, tf.reshape(x, [4, 8, 3]), tf.reshape(y, [4, 8, 1]));
    assertAllClose(tf.gather(b.value, 3), a.value, { rtol: 1e-5, atol: 1e-6 });
    [one, many] = [a.next, b.next];
  }
  assertAllClose(tf.gather(many.params.w, 2), one.params.w, { rtol: 1e-5, atol: 1e-6 });
});

devicesTest(4, "pmap() leaves no native memory behind", () => {
  const f = pmap((x: Tensor) => ({ a: psum(x, "i"), b: tf.neg(x) }), { axisName: "i" });
  const once = (): void =>
    tf.tidy(() => {
      const result = f(tf.tensor2d(Float32Array.from({ length: 20_000 }, (_, i) => i), [4, 5000]));
      tf.sum(result.a).dataSync();
      treeDispose(result);
    });
  once();
  const live = liveBuffers();
  for (let i = 0; i < 5; i++) once();
  assertEquals(liveBuffers(), live);
});

devicesTest(4, "rows that do not fit the replicas are named", () => {
  const f = pmap((p: { w: Tensor }, x: Tensor) => tf.mul(p.w, x), { axisName: "i" });
  assertThrows(
    () => f({ w: tf.zeros([4]) }, tf.zeros([2, 3])),
    TypeError,
    "Cannot call pmap as every tensor has a row for each replica: argument 1 is float32 " +
      "[2, 3], argument 0 at w is float32 [4] (stack what each replica gets along the " +
      "first axis)",
  );
  assertThrows(() => f({ w: tf.scalar(1) }, tf.zeros([4])), TypeError, "argument 0 at w is");
  const grid = pmap((x: Tensor) => x, { axes: { data: 2, edges: 2 } });
  assertThrows(
    () => grid(tf.zeros([2, 3])),
    TypeError,
    "leading axes of {data: 2, edges: 2}: argument 0 is float32 [2, 3]",
  );
  assertThrows(() => pmap(() => tf.scalar(1))(), TypeError, "there are no tensors in them");
  assertThrows(() => pmap((x: Tensor) => x)(tf.zeros([0, 2])), EngineError, "there are 0 replicas");
});

devicesTest(4, "more replicas than devices, and axes that are none, are refused", () => {
  assertThrows(
    () => pmap((x: Tensor) => x)(tf.zeros([5])),
    EngineError,
    "Cannot call pmap as each replica has a device of its own: there are 5 replicas and 4 devices " +
      "(start a process with `await init({devices: 5})`, which on a CPU makes virtual ones)",
  );
  assertThrows(() => pmap((x: Tensor) => x, { axes: { a: 0 } }), RangeError, "a is 0");
  assertThrows(() => pmap((x: Tensor) => x, { axes: {} }), RangeError, "there are none");
  assertThrows(
    () => pmap((x: Tensor) => x, { axes: { a: 2 }, axisName: "b" }),
    TypeError,
    "there is either one axis or several",
  );
});

devicesTest(4, "pmap() inside other transformations names the way round", () => {
  const f = pmap((x: Tensor) => tf.square(x));
  assertThrows(
    () => jit((x: Tensor) => f(x))(tf.zeros([4])),
    TypeError,
    "Cannot call pmap inside jit",
  );
  assertThrows(() => pmap((x: Tensor) => f(x))(tf.zeros([4, 4])), TypeError, "use {axes}");
  assertThrows(
    () => grad((x: Tensor) => tf.sum(f(x)))(tf.zeros([4])),
    TypeError,
    "Cannot differentiate through pmap as its replicas hold what the gradient needs (take the " +
      "gradient inside",
  );
});

devicesTest(4, "a variable that replicas would each assign is refused, and keeps its value", () => {
  const v = tf.variable(tf.scalar(1), true, "shared");
  const f = pmap((x: Tensor) => {
    v.assign(x as tf.Scalar);
    return x;
  });
  assertThrows(
    () => f(tf.range(0, 4)),
    TypeError,
    "Cannot assign a variable inside pmap as each replica would give it another value: shared [] " +
      "(return the value, and assign it outside)",
  );
  assertEquals(v.dataSync()[0], 1);
  v.dispose();
});

devicesTest(4, "an error inside the function comes once, and the next call works", () => {
  let fail = true;
  const f = pmap((x: Tensor) => {
    if (fail) throw new RangeError("too bad");
    return psum(x, "i");
  }, { axisName: "i" });
  assertThrows(() => f(tf.range(0, 4)), RangeError, "too bad");
  fail = false;
  assertEquals(f(tf.range(0, 4)).arraySync(), [6, 6, 6, 6]);
  assertThrows(() => psum(tf.scalar(1), "i"), TypeError, "there are none");
});

devicesTest(4, "a collective says that the axis around it has no name", () => {
  const f = pmap((x: Tensor) => psum(x, "i"));
  assertThrows(() => f(tf.ones([4])), TypeError, "there is one without a name (call it inside");
});

for (const engine of ["cpu", "wasm"]) {
  Deno.test(`pmap() where nothing compiles runs the one replica [${engine}]`, async () => {
    await init({ engine });
    const f = pmap((p: { w: Tensor }, x: Tensor) => psum(tf.mul(p.w, x), "i"), { axisName: "i" });
    const y = f({ w: tf.tensor1d([2]) }, tf.tensor2d([[1, 2]]));
    assertEquals(y.arraySync(), [[2, 4]]);
    const grid = pmap((x: Tensor) => tf.neg(x), { axes: { a: 1, b: 1 } });
    assertEquals(grid(tf.tensor3d([[[1, 2]]])).arraySync(), [[[-1, -2]]]);
    assertThrows(() => f({ w: tf.zeros([2]) }, tf.zeros([2, 2])), EngineError, "and 1 device ");
    assert(tf.getBackend() === engine);
  });
}
