import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { grad, valueAndGrad } from "../../../lib/transform/grad.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine, useEngine } from "../../support/engines.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

const square = (x: Tensor): Tensor => tf.square(x);
const cube = (x: Tensor): Tensor => tf.mul(x, tf.square(x));

forEachEngine("grad() differentiates by argument 0, with the argument's structure", () => {
  const params = { w: tf.tensor2d([[1, 2]]), rest: [tf.scalar(3), null] };
  const loss = (p: typeof params, x: Tensor): Tensor =>
    tf.add(tf.sum(tf.mul(p.w, x)), square(p.rest[0]!));
  const grads = grad(loss)(params, tf.tensor2d([[5, 6]]));
  assertAllClose(grads, { w: [[5, 6]], rest: [6, null] });
  assertEquals(grads.w.shape, [1, 2]);
});

forEachEngine("grad() nests in itself to any order", () => {
  const x = tf.scalar(2);
  assertAllClose(grad(cube)(x), 12);
  assertAllClose(grad(grad(cube))(x), 12);
  assertAllClose(grad(grad(grad(cube)))(x), 6);
  assertAllClose(grad(grad(grad(grad(cube))))(x), 0);
  const tanh = (x: Tensor): Tensor => tf.mul(x, tf.tanh(x));
  // d2/dx2 x tanh x = 2 sech^2 x (1 - x tanh x)
  const sech2 = 1 - Math.tanh(0.7) ** 2;
  const expected = 2 * sech2 * (1 - 0.7 * Math.tanh(0.7));
  assertAllClose(grad(grad(tanh))(tf.scalar(0.7)), expected);
});

forEachEngine(
  "grad() does not mix an inner derivative with an outer one by the same tensor",
  () => {
    // Of x * d/dy (x + y) at y = x the derivative is 1, not 2.
    const sum = (x: Tensor): Tensor => tf.mul(x, grad((y: Tensor) => tf.add(x, y))(x));
    assertAllClose(grad(sum)(tf.scalar(1)), 1);
    // d/dy (x y) at y = x is x; were the two mixed it would be 2x.
    const product = (x: Tensor): Tensor => grad((y: Tensor) => tf.mul(x, y))(x);
    assertAllClose(product(tf.scalar(3)), 3);
    assertAllClose(grad(product)(tf.scalar(3)), 1);
  },
);

forEachEngine("grad() of a penalty on the gradient by the input: d/dw |d/dx f|^2", () => {
  // f = sum tanh(w x); df/dx = w sech^2(w x).
  const penalty = (w: Tensor, x: Tensor): Tensor => {
    const gx = grad((x: Tensor) => tf.sum(tf.tanh(tf.mul(w, x))))(x);
    return tf.sum(tf.square(gx));
  };
  const [w, x] = [0.8, 0.6];
  const f = (w: number) => (w * (1 - Math.tanh(w * x) ** 2)) ** 2;
  const expected = (f(w + 1e-5) - f(w - 1e-5)) / 2e-5;
  assertAllClose(grad(penalty)(tf.scalar(w), tf.scalar(x)), expected);
});

forEachEngine("valueAndGrad() gives the value, and a list for a list of argnums", () => {
  const f = (a: Tensor, b: { x: Tensor }, c: Tensor): Tensor => tf.mul(tf.mul(a, b.x), c);
  const args = [tf.scalar(2), { x: tf.scalar(3) }, tf.scalar(5)] as const;
  const [value, grads] = valueAndGrad(f, { argnums: [2, 1] })(...args);
  assertAllClose(value, 30);
  assertAllClose(grads, [6, { x: 10 }]);
  assertAllClose(grad(f, { argnums: [0] })(...args), [15]);
  assertAllClose(grad(f, { argnums: 1 })(...args), { x: 10 });
  assertAllClose(grad(f, { argnums: -1 })(...args), 6);
});

forEachEngine("grad() passes an auxiliary result through", () => {
  const f = (x: Tensor) => {
    const hidden = tf.exp(x);
    const aux = { hidden, count: tf.scalar(7, "int32"), name: "exp", none: null };
    return [tf.sum(hidden), aux] as const;
  };
  const x = tf.tensor1d([0, 1]);
  const [grads, aux] = grad(f, { hasAux: true })(x);
  assertAllClose(grads, [1, Math.E]);
  assertAllClose(aux.hidden, [1, Math.E]);
  assertEquals(aux.count.dataSync()[0], 7);
  assertEquals(aux.count.dtype, "int32");
  assertEquals(aux.name, "exp");
  assertEquals(aux.none, null);
  const [[value, again], same] = valueAndGrad(f, { hasAux: true })(x);
  assertAllClose(value, 1 + Math.E);
  assertAllClose([again.hidden, same], [[1, Math.E], [1, Math.E]]);
});

forEachEngine("grad() differentiates through an auxiliary result of an inner gradient", () => {
  const inner = (x: Tensor) => [cube(x), tf.exp(x)] as const;
  const outer = (x: Tensor): Tensor => {
    const [dx, aux] = grad(inner, { hasAux: true })(x);
    return tf.add(dx, aux);
  };
  assertAllClose(grad(outer)(tf.scalar(1)), 6 + Math.E);
});

forEachEngine("grad() gives zeros for leaves that the loss does not depend on", () => {
  const params = { used: tf.scalar(2), unused: tf.ones([2, 3]), empty: tf.zeros([0, 4]) };
  const grads = grad((p: typeof params) => square(p.used))(params);
  assertAllClose(grads, { used: 4, unused: [[0, 0, 0], [0, 0, 0]], empty: [] });
  assertEquals(grads.empty.shape, [0, 4]);
  const constant = tf.scalar(1);
  assertAllClose(grad((_: Tensor) => constant)(tf.scalar(2)), 0);
  assertAllClose(constant, 1);
});

forEachEngine("grad() of the identity is one, and of a tree without leaves is that tree", () => {
  assertAllClose(grad((x: Tensor) => x)(tf.scalar(4)), 1);
  assertEquals(grad((_: null[]) => tf.scalar(4))([null]), [null]);
});

forEachEngine("grad() takes a tf.Variable and leaves variables in the closure alone", () => {
  const scale = tf.variable(tf.scalar(3));
  const x = tf.variable(tf.scalar(2));
  assertAllClose(grad((x: Tensor) => tf.mul(scale, square(x)))(x), 12);
  assertAllClose([scale, x], [3, 2]);
  tf.dispose([scale, x]);
});

forEachEngine("grad() works inside the forward pass of a tf.customGrad", () => {
  const f = tf.customGrad((x) => ({
    value: grad(cube)(x as Tensor),
    gradFunc: (dy) => tf.mul(dy, 100),
  }));
  assertAllClose(f(tf.scalar(2)), 12);
  assertAllClose(grad((x: Tensor) => f(x))(tf.scalar(2)), 100);
});

for (const engine of ["cpu", "wasm"] as const) {
  Deno.test(`valueAndGrad() leaks no tensor [${engine}]`, async () => {
    await useEngine(engine);
    const x = tf.tensor1d([1, 2]);
    const f = (x: Tensor) => {
      const penalty = tf.square(grad((x: Tensor) => tf.sum(tf.tanh(x)))(x));
      return [tf.sum(penalty), { penalty, twice: [penalty, penalty], x }] as [
        Tensor,
        tf.TensorContainerObject,
      ];
    };
    // value, gradient, and four auxiliary tensors
    const result = assertLeavesBehind(6, () => valueAndGrad(f, { hasAux: true })(x));
    assertLeavesBehind(-6, () => tf.dispose(result));
    assertLeavesBehind(0, () => tf.tidy(() => void valueAndGrad(f, { hasAux: true })(x)));
    x.dispose();
  });

  Deno.test(`grad() leaks no tensor when the function throws [${engine}]`, async () => {
    await useEngine(engine);
    const x = tf.scalar(1);
    const before = tf.memory().numTensors;
    const fail = (x: Tensor): Tensor => {
      tf.exp(tf.tanh(x));
      throw new Error("mine");
    };
    assertThrows(() => grad(fail)(x), Error, "mine");
    assertThrows(() => grad((x: Tensor) => tf.add(grad(fail)(x), 1))(x), Error, "mine");
    const noGradient = (x: Tensor) => [tf.sum(tf.reciprocal(tf.all(x))), tf.exp(x)] as const;
    assertThrows(() => grad(noGradient, { hasAux: true })(x));
    assertEquals(tf.memory().numTensors, before);
    assertAllClose(grad(grad(cube))(tf.scalar(2)), 12);
    x.dispose();
  });
}

forEachEngine("grad() refuses leaves that are not float32, naming their path", () => {
  const params = { nodes: [tf.scalar(1), tf.tensor1d([1, 2], "int32")] };
  assertThrows(
    () => grad((p: typeof params) => tf.sum(p.nodes[1]!))(params),
    TypeError,
    "Cannot apply grad() as it differentiates by float32 tensors only: argument 0 at nodes[1] " +
      "is int32 [2] (close over it, pass it as another argument, or cast it to float32)",
  );
  assertThrows(
    () => valueAndGrad(square, { argnums: 0 })(tf.scalar(true)),
    TypeError,
    "Cannot apply valueAndGrad() as it differentiates by float32 tensors only: argument 0 is bool",
  );
  assertThrows(
    () => grad((p: { w: number }) => tf.scalar(p.w))({ w: 1 }),
    TypeError,
    "w is number 1",
  );
});

forEachEngine("grad() refuses a loss that is not a scalar", () => {
  const x = tf.tensor1d([1, 2]);
  assertThrows(
    () => grad(square)(x),
    TypeError,
    "Cannot apply grad() as the loss must be a scalar: expected float32 [], got float32 [2] " +
      "(reduce it with tf.mean or tf.sum)",
  );
  assertThrows(
    () => grad((x: Tensor) => tf.cast(tf.sum(x), "int32"))(x),
    TypeError,
    "got int32 [] (cast it to float32)",
  );
  const pair = ((x: Tensor) => [tf.sum(x), x]) as unknown as (x: Tensor) => Tensor;
  assertThrows(() => grad(pair)(x), TypeError, "(set hasAux for a function that returns");
  const late = ((x: Tensor) => Promise.resolve(x)) as unknown as (x: Tensor) => Tensor;
  assertThrows(() => grad(late)(x), TypeError, "got a promise (return a tensor)");
  const alone = square as unknown as (x: Tensor) => [Tensor, Tensor];
  assertThrows(
    () => grad(alone, { hasAux: true })(x),
    TypeError,
    "Cannot apply grad() as with hasAux the function must return [loss, aux]: it returned float32",
  );
});

forEachEngine("grad() refuses argnums without an argument", () => {
  for (const argnums of [1, -2, 0.5]) {
    assertThrows(
      () => grad(square, { argnums })(tf.scalar(1)),
      RangeError,
      "Cannot apply grad() as argnums must name arguments of the call: got " + argnums,
    );
  }
});

forEachEngine("grad() refuses argnums that name an argument twice", () => {
  assertThrows(
    () => grad(square, { argnums: [0, -1] })(tf.scalar(1)),
    RangeError,
    "Cannot apply grad() as argnums must name each argument once: got [0, -1] for 1 arguments",
  );
});

forEachEngine("grad() copies: disposing its results leaves arguments and closures alive", () => {
  const x = tf.scalar(2);
  const [[value, aux]] = valueAndGrad((x: Tensor) => [x, x] as const, { hasAux: true })(x);
  assert(aux !== x);
  tf.dispose([value, aux]);
  assertStrictEquals(x.isDisposed, false);
});
