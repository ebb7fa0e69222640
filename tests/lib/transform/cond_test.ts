import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { cond, grad, jit, type Tensor, TracerError } from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine, xlaTest } from "../../support/engines.ts";

const bool = (value: boolean): Tensor => tf.scalar(value, "bool");

forEachEngine("cond() calls the function that the predicate chooses", () => {
  const f = (p: Tensor, x: Tensor, n: Tensor): { y: Tensor; n: [Tensor, null] } =>
    cond(
      p,
      (x, n) => ({ y: tf.mul(x, 2), n: [tf.add(n, tf.scalar(1, "int32")), null] }),
      (x, n) => ({ y: tf.neg(x), n: [n, null] }),
      x,
      n,
    );
  for (const run of [f, jit(f)]) {
    const args = [tf.tensor1d([1, 2]), tf.scalar(5, "int32")] as const;
    const [yes, no] = [run(bool(true), ...args), run(bool(false), ...args)];
    assertAllClose(yes.y, [2, 4]);
    assertAllClose(no.y, [-1, -2]);
    assertEquals([yes.n[0].dtype, yes.n[0].dataSync()[0], yes.n[1]], ["int32", 6, null]);
    assertEquals(no.n[0].dataSync()[0], 5);
  }
});

forEachEngine("cond() inside jit is one case, and computes one branch", (_, engine) => {
  if (engine !== "xla") return;
  const f = (p: Tensor, x: Tensor): Tensor => cond(p, tf.exp, tf.square, x) as Tensor;
  const text = jit(f).lower(bool(true), tf.scalar(1)).text();
  assertEquals(text.split("stablehlo.case").length - 1, 1);
  assertEquals(text.includes("stablehlo.select"), false);
});

forEachEngine("cond() has derivatives by operands and closures, of each branch", () => {
  const w = tf.tensor1d([0.5, -1.5]);
  const f = (p: Tensor, w: Tensor, x: Tensor): Tensor => {
    const doubled = tf.mul(w, 2);
    return tf.sum(cond(p, (x) => tf.exp(tf.mul(x, doubled)), (x) => tf.pow(x, 3), x));
  };
  const first = (p: Tensor, w: Tensor, x: Tensor): Tensor[] =>
    grad(f, { argnums: [1, 2] })(p, w, x);
  const second = (p: Tensor, w: Tensor, x: Tensor): Tensor =>
    grad((x: Tensor) => tf.sum(grad(f, { argnums: 2 })(p, w, x)))(x);
  const x = tf.tensor1d([0.3, 0.2]);
  // exp(2wx): by w 2x exp, by x 2w exp, twice by x 4w^2 exp. x^3: 0, 3x^2, 6x.
  const e = [Math.exp(0.3), Math.exp(-0.6)];
  for (const way of [<F>(f: F) => f, jit] as (<F>(f: F) => F)[]) {
    const [dw, dx] = way(first)(bool(true), w, x);
    assertAllClose(dw!, [0.6 * e[0]!, 0.4 * e[1]!], { rtol: 1e-5 });
    assertAllClose(dx!, [e[0]!, -3 * e[1]!], { rtol: 1e-5 });
    assertAllClose(way(second)(bool(true), w, x), [e[0]!, 9 * e[1]!], { rtol: 1e-5 });
    const [none, cubed] = way(first)(bool(false), w, x);
    assertAllClose(none!, [0, 0]);
    assertAllClose(cubed!, [0.27, 0.12], { rtol: 1e-5 });
    assertAllClose(way(second)(bool(false), w, x), [1.8, 1.2], { rtol: 1e-5 });
  }
});

forEachEngine("the branch of cond() that is not taken leaves no NaN in a gradient", () => {
  const f = (x: Tensor): Tensor =>
    cond(tf.greater(x, 0), () => tf.sqrt(x), () => tf.mul(x, 2)) as Tensor;
  for (const way of [<F>(f: F) => f, jit] as (<F>(f: F) => F)[]) {
    assertAllClose(way((x: Tensor) => grad(f)(x))(tf.scalar(0)), 2);
    assertAllClose(way((x: Tensor) => grad(f)(x))(tf.scalar(4)), 0.25);
  }
});

forEachEngine("cond() refuses what is not a bool scalar", () => {
  const same = (x: Tensor): Tensor => x;
  const x = tf.scalar(1);
  const cases: [unknown, string][] = [
    [x, "must be a bool scalar: got float32 [] (compare it, as with tf.greater(…, 0))"],
    [tf.tensor1d([true], "bool"), "got bool [1] (reduce it with tf.all or tf.any)"],
    [true, 'got boolean true (use tf.scalar(…, "bool"))'],
  ];
  for (const [predicate, text] of cases) {
    assertThrows(() => cond(predicate as Tensor, same, same, x), TypeError, text);
    assertThrows(
      () => jit((x: Tensor) => cond(predicate as Tensor, same, same, x))(x),
      TypeError,
      text,
    );
  }
});

forEachEngine("cond() inside jit refuses branches of different types, and tracers that are read", (
  _,
  engine,
) => {
  if (engine !== "xla") return;
  const run = (ifTrue: (x: Tensor) => unknown, ifFalse: (x: Tensor) => unknown): unknown =>
    jit((p: Tensor, x: Tensor) => cond(p, ifTrue, ifFalse, x) as Tensor)(
      bool(true),
      tf.zeros([3]),
    );
  const same = (x: Tensor): Tensor => x;
  assertThrows(
    () => run(same, (x) => tf.sum(x)),
    TypeError,
    "Cannot branch as both functions give the same type: ifTrue is float32 [3], ifFalse float32 []",
  );
  assertThrows(
    () => run((x) => ({ a: x }), (x) => ({ b: x })),
    TypeError,
    "ifTrue has the structure {a: *}, ifFalse {b: *}",
  );
  assertThrows(() => run(same, () => 3), TypeError, "the result of ifFalse must be a tree");
  assertThrows(() => run(same, (x) => (x.dataSync(), x)), TracerError, "Cannot read a tensor");
});

xlaTest("cond() in jit refuses branches that are async, or give what is no tree", () => {
  const branch = (f: () => unknown) => () =>
    jit((p: Tensor) => cond(p, f as () => Tensor, f as () => Tensor))(bool(true));
  assertThrows(branch(() => Promise.resolve(tf.scalar(1))), TypeError, "must not be async");
  assertThrows(branch(() => "text"), TypeError, "must be a tree of tensors: Cannot flatten a tree");
});
