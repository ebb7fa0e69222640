import * as tf from "@tensorflow/tfjs";
import { assertEquals, assertThrows } from "@std/assert";
import { grad, jit, random, type Tensor, TracerError, whileLoop } from "../../../mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { forEachEngine } from "../../support/engines.ts";

/** Newton's method for a square root: stops when it stands still. */
function squareRoot(a: Tensor): { x: Tensor; steps: Tensor } {
  return whileLoop(
    ({ x }) => tf.greater(tf.abs(tf.sub(tf.square(x), a)), tf.mul(a, 1e-5)),
    ({ x, steps }) => ({
      x: tf.mul(0.5, tf.add(x, tf.div(a, x))),
      steps: tf.add(steps, tf.scalar(1, "int32")),
    }),
    { x: tf.clone(a), steps: tf.scalar(0, "int32") },
  );
}

forEachEngine("whileLoop() runs until the condition does not hold", () => {
  for (const run of [squareRoot, jit(squareRoot)]) {
    for (const a of [2, 81]) {
      const { x, steps } = run(tf.scalar(a));
      assertAllClose(x, Math.sqrt(a), { rtol: 1e-4 });
      assertEquals(steps.dtype, "int32");
      assertEquals(steps.dataSync()[0]! > 2, true);
    }
    assertEquals(run(tf.scalar(1)).steps.dataSync()[0], 0);
  }
});

forEachEngine("whileLoop() inside jit is one while, nests, and draws by keys", (_, engine) => {
  const walk = (key: Tensor): [Tensor, Tensor, Tensor] =>
    whileLoop(
      ([, at]) => tf.less(tf.abs(at), 3),
      ([key, at, n]) => {
        const [next, own] = tf.unstack(random.split(key)) as [Tensor, Tensor];
        const step = whileLoop(
          (x) => tf.less(tf.abs(x), 0.5),
          (x) => tf.mul(x, 2),
          random.normal(own, []) as Tensor,
        );
        return [next, tf.add(at, step), tf.add(n, 1)];
      },
      [key, tf.scalar(0), tf.scalar(0)],
    );
  const plain = walk(random.key(3));
  const compiled = jit(walk)(random.key(3));
  plain.forEach((x, i) => assertAllClose(compiled[i]!, x, { rtol: 1e-4 }));
  if (engine !== "xla") return;
  const text = jit(walk).lower(random.key(3)).text();
  assertEquals(text.split("stablehlo.while").length - 1, 2);
});

forEachEngine("whileLoop() has no derivative in reverse, and names scan", () => {
  const f = (x: Tensor): Tensor => squareRoot(x).x;
  for (const way of [<F>(f: F) => f, jit] as (<F>(f: F) => F)[]) {
    assertThrows(
      () => way((x: Tensor) => grad(f)(x))(tf.scalar(2)),
      TypeError,
      "Cannot differentiate a while loop in reverse as the number of its steps is not known " +
        "beforehand (use scan with a length",
    );
    const around = (x: Tensor): Tensor => tf.mul(x, tf.cast(tf.greater(f(x), 1), "float32"));
    assertThrows(() => way((x: Tensor) => grad(around)(x))(tf.scalar(4)), TypeError, "use scan");
    // What the loop does not reach has its gradient.
    const beside = (x: Tensor): Tensor => tf.add(tf.square(x), f(tf.scalar(2)));
    assertAllClose(way((x: Tensor) => grad(beside)(x))(tf.scalar(3)), 6);
  }
});

forEachEngine("whileLoop() says what is wrong with the state and the condition", (_, engine) => {
  const x = tf.zeros([2]);
  const more = (x: Tensor): Tensor => tf.less(tf.sum(x), 1);
  assertThrows(
    () => whileLoop(more, (x) => tf.concat([x as tf.Tensor1D, x as tf.Tensor1D]), x),
    TypeError,
    "Cannot run a while loop as the carry keeps its type from step to step: the carry before a " +
      "step is float32 [2], after it float32 [4]",
  );
  assertThrows(
    () => whileLoop((x) => tf.less(x, 1), (x) => tf.add(x, 1), x),
    TypeError,
    "Cannot run a while loop as the condition must be a bool scalar: got bool [2] (reduce it with",
  );
  assertThrows(
    () => whileLoop((x) => tf.sum(x), (x) => tf.add(x, 1), x),
    TypeError,
    "got float32 [] (compare it",
  );
  if (engine !== "xla") return;
  const read = (x: Tensor): Tensor => whileLoop(more, (x) => (x.dataSync(), tf.add(x, 1)), x);
  assertThrows(() => jit(read)(x), TracerError, "Cannot read a tensor");
});
