import * as tf from "@tensorflow/tfjs";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  checkpoint,
  grad,
  init,
  jit,
  pmap,
  psum,
  scan,
  type Tensor,
  valueAndGrad,
} from "../../../mod.ts";
import { forEachEngine, hasXla } from "../../support/engines.ts";

const close = (actual: Tensor, expected: Tensor): void =>
  expected.dataSync().forEach((value, i) =>
    assertAlmostEquals(actual.dataSync()[i]!, value, 1e-5 * Math.max(1, Math.abs(value)))
  );

const w = (): tf.Tensor2D => tf.tensor2d([[0.3, -0.2], [0.5, 0.9]]);
const x = (): tf.Tensor2D => tf.tensor2d([[1, 2], [-1, 0.5], [0.2, 0.1]]);

/** A layer that reads its weights by closure, as update functions do. */
const layer = (w: Tensor) => (x: Tensor): Tensor =>
  tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D));
type Wrap = <A extends readonly unknown[], R>(f: (...args: A) => R) => (...args: A) => R;
const plain: Wrap = (f) => f;

const loss = (wrap: Wrap) => (w: Tensor, x: Tensor): Tensor => {
  const step = wrap(layer(w));
  return tf.sum(tf.square(step(step(x))));
};

forEachEngine("checkpoint() changes no value, gradient or second derivative", () => {
  const both = (wrap: Wrap) => jit(valueAndGrad(loss(wrap), { argnums: [0, 1] }))(w(), x());
  const [value, [dw, dx]] = both(checkpoint);
  const [expected, [dw0, dx0]] = both(plain);
  [[value, expected], [dw, dw0], [dx, dx0]].forEach(([a, b]) => close(a!, b!));
  const second = (wrap: Wrap) =>
    jit(grad((w: Tensor, x: Tensor) => tf.sum(tf.square(grad(loss(wrap), { argnums: 1 })(w, x)))))(
      w(),
      x(),
    );
  close(second(checkpoint), second(plain));
});

forEachEngine("checkpoint() takes and gives trees, and what is no tensor passes through", () => {
  const split = (wrap: Wrap) => (x: Tensor): Tensor => {
    const f = wrap((tree: { a: Tensor; skip: null }, times: number, name: string) => ({
      scaled: tf.mul(tree.a, times),
      same: tree.a,
      count: tf.sum(tf.cast(tf.greater(tree.a, 0), "int32")),
      name,
    }));
    const { scaled, same, count, name } = f({ a: x, skip: null }, 3, "kept");
    assertEquals(name, "kept");
    return tf.sum(tf.mul(tf.mul(scaled, same), tf.cast(count, "float32")));
  };
  close(jit(grad(split(checkpoint)))(x()), jit(grad(split(plain)))(x()));
});

forEachEngine("checkpoint() within scan", () => {
  const rolled = (wrap: Wrap) => (w: Tensor, x: Tensor): Tensor => {
    const step = wrap(layer(w));
    const [last, means] = scan((x: Tensor) => [step(x), tf.mean(step(x))] as const, x, 3);
    return tf.add(tf.sum(tf.square(last)), tf.sum(means));
  };
  close(jit(grad(rolled(checkpoint)))(w(), x()), jit(grad(rolled(plain)))(w(), x()));
});

Deno.test({
  name: "checkpoint() within pmap, collectives inside [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const one = (x: Tensor): Tensor => tf.expandDims(x, 0);
    const shared = (wrap: Wrap) =>
      pmap((w: Tensor, x: Tensor) => {
        const f = wrap((x: Tensor) => psum(layer(w)(x), "devices"));
        return grad((x: Tensor) => tf.sum(tf.square(f(f(x)))))(x);
      }, { axisName: "devices" });
    close(shared(checkpoint)(one(w()), one(x())), shared(plain)(one(w()), one(x())));
  },
});

/** The gradient of many layers in a row, with weights of their own. */
function deep(wrap: Wrap) {
  return jit(grad((weights: Tensor[], x: Tensor): Tensor => {
    const last = weights.reduce((x, w) =>
      wrap((x: Tensor) => {
        const inner = layer(w)(x);
        return tf.add(x, tf.mul(tf.sin(inner), tf.cos(tf.mul(inner, x))));
      })(x), x);
    return tf.mean(tf.square(last));
  }));
}

Deno.test({
  name: "checkpoint() keeps what goes from layer to layer, and nothing else [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const weights = Array.from(
      { length: 12 },
      (_, i) => tf.randomNormal([64, 64], 0, 0.1, "float32", i),
    );
    const rows = tf.randomNormal([2048, 64], 0, 1, "float32", 99);
    const temp = (wrap: Wrap): number => deep(wrap).lower(weights, rows).cost().memory!.tempBytes;
    const [less, more] = [temp(checkpoint), temp(plain)];
    assert(less < 0.6 * more, `${less} bytes with, ${more} without`);
    close(deep(checkpoint)(weights, rows)[0]!, deep(plain)(weights, rows)[0]!);
  },
});

Deno.test({
  name: "checkpoint() holds back what the function only closes over too [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const f = (wrap: Wrap) => (x: Tensor): Tensor => tf.sum(wrap(() => tf.sin(tf.exp(x)))());
    const text = (wrap: Wrap): string => jit(grad(f(wrap))).lower(x()).text();
    const count = (text: string): number => text.split("stablehlo.exponential").length - 1;
    assertEquals([count(text(plain)), count(text(checkpoint))], [1, 1]);
    assert(text(checkpoint).includes("optimization_barrier"));
    const both = (x: Tensor): Tensor[] => {
      const [value, gradient] = valueAndGrad(f(checkpoint))(x);
      return [value, gradient];
    };
    // The forward pass computes it once, the backward pass again.
    assertEquals(count(jit(both).lower(x()).text()), 2);
  },
});

Deno.test("checkpoint() takes a function", () => {
  assertThrows(
    () => checkpoint(tf.scalar(1) as never),
    TypeError,
    "Cannot checkpoint as its argument must be a function",
  );
});
