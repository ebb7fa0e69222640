import { assertEquals, assertStringIncludes } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { grad, jit } from "../../../mod.ts";

type Bundle = Readonly<Record<string, string>>;

Deno.test("a tensor shows dtype, shape and values on the console and in a notebook", () => {
  const tensor = tf.tensor2d([[1, 2], [3, 4]]);
  assertEquals(Deno.inspect(tensor), "Tensor float32 [2, 2]\n  [[1, 2],\n   [3, 4]]");
  const hook = (tensor as unknown as Record<symbol, () => Bundle>)[Symbol.for("Jupyter.display")]!;
  assertEquals(hook.call(tensor), {
    "text/plain": "Tensor float32 [2, 2]\n  [[1, 2],\n   [3, 4]]",
    "text/html": "<code>Tensor float32 [2, 2]</code><pre>  [[1, 2],\n   [3, 4]]</pre>",
  });
  assertEquals(Object.keys(tensor).includes("Jupyter.display"), false);
});

Deno.test("a large tensor is shortened, a disposed one has no values", () => {
  assertStringIncludes(Deno.inspect(tf.zeros([1000])), "...");
  const gone = tf.scalar(1);
  gone.dispose();
  assertEquals(Deno.inspect(gone), "Tensor float32 [], disposed");
});

Deno.test("a tensor inside jit and grad can be printed", () => {
  const seen: string[] = [];
  const f = (x: tf.Tensor): tf.Tensor => {
    seen.push(Deno.inspect(x).split("\n")[0]!);
    return tf.sum(x);
  };
  jit(f)(tf.ones([2]));
  grad(f)(tf.ones([2]));
  for (const line of seen) assertStringIncludes(line, "Tensor float32 [2]");
  assertEquals(seen.length, 2);
});
