/** Products over concatenations are split. */
import * as tf from "@tensorflow/tfjs";
import { assert } from "@std/assert";
import { init, jit, type Tensor } from "../../../../mod.ts";
import { hasXla } from "../../../support/engines.ts";

Deno.test({
  name: "concatMatmul never makes the wide concatenation, so that products can move [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const [n, e] = [10, 50];
    const nodes = tf.randomNormal([n, 4], 0, 1, "float32", 1);
    const ids = tf.range(0, e, 1, "int32").mod(tf.scalar(n, "int32"));
    const project = jit((w: Tensor) => {
      const rows = tf.gather(nodes, ids as tf.Tensor1D);
      return tf.matMul(tf.concat([rows, rows], -1), w as tf.Tensor2D);
    });
    const w = tf.randomNormal([8, 3], 0, 1, "float32", 2);
    const text = project.lower(w).text();
    assert(!text.includes("stablehlo.concatenate"), text);
    assert(text.includes("(tensor<10x4xf32>, tensor<4x3xf32>) -> tensor<10x3xf32>"), text);
    assert(!text.includes("tensor<50x4xf32>"), text);
  },
});
