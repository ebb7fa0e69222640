/** Rows of edges stay narrow: what the program's text has lost, and exact values. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import {
  gat,
  grad,
  init,
  jit,
  segmentGather,
  segmentSum,
  type Tensor,
  valueAndGrad,
} from "../../../../mod.ts";
import { setPass } from "../../../../lib/xla/mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { hasXla } from "../../../support/engines.ts";

const [N, E, HEADS, F] = [10, 50, 3, 4];
const normal = (shape: number[], seed: number): Tensor =>
  tf.randomNormal(shape, 0, 1, "float32", seed);

/** The loss of an attention layer and its gradients by scores and queries. */
function attention(on: boolean) {
  const ids = (step: number): Tensor =>
    tf.range(0, E, 1, "int32").mul(tf.scalar(step, "int32")).mod(tf.scalar(N, "int32"));
  const graph = {
    ...{ edges: null, globals: null, senders: ids(3), receivers: ids(7) },
    ...{ nNode: tf.tensor1d([N], "int32"), nEdge: tf.tensor1d([E], "int32") },
  };
  const loss = (a: Tensor, b: Tensor, nodes: Tensor): Tensor => {
    const score = (x: Tensor, w: Tensor): Tensor => tf.sum(tf.mul(x, w), -1, true);
    const layer = gat({
      attentionQueryFn: (nodes: Tensor) => nodes,
      attentionLogitFn: (sent, received) =>
        tf.leakyRelu(tf.add(score(sent as Tensor, a), score(received as Tensor, b))),
    });
    return tf.sum(tf.square(layer({ ...graph, nodes } as never).nodes as Tensor));
  };
  const args = [normal([1, HEADS, F], 1), normal([1, HEADS, F], 2), normal([N, HEADS, F], 3)];
  setPass("narrowEdgeRows", on);
  try {
    const step = jit((a: Tensor, b: Tensor, x: Tensor) =>
      valueAndGrad(loss, { argnums: [0, 1, 2] })(a, b, x)
    );
    const [a, b, x] = args as [Tensor, Tensor, Tensor];
    const [value, gradients] = step(a, b, x);
    return { text: step.lower(a, b, x).text(), results: [value, ...gradients] };
  } finally {
    setPass("narrowEdgeRows", true);
  }
}

Deno.test({
  name: "attention reads the queries of edges for messages alone, not for scores [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const [off, on] = [attention(false), attention(true)];
    on.results.forEach((x, i) =>
      assertAllClose(x.dataSync(), off.results[i]!.dataSync(), { rtol: 1e-4, atol: 1e-5 })
    );
    const count = (text: string, op: string): number =>
      text.split("\n").filter((line) =>
        line.includes(`stablehlo.${op}`) && line.includes(`tensor<${E}x${HEADS}x${F}xf32>`)
      ).length;
    // Messages, their gradient by the weights, and by the queries that were sent.
    assertEquals([count(off.text, "gather"), count(on.text, "gather")], [3, 2]);
    assertEquals([count(off.text, "scatter"), count(on.text, "scatter")], [3, 2]);
    assertEquals([count(off.text, "reduce("), count(on.text, "reduce(")], [5, 1]);
  },
});

Deno.test({
  name: "ids out of range, and rows that nothing takes, after scores have moved [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const x = tf.tensor2d([[1, 2], [3, 4], [NaN, NaN]]);
    const ids = tf.tensor1d([-1, 1, 0, 3, 1], "int32");
    const a = tf.tensor2d([[1, 10]]);
    const score = jit((a: Tensor, x: Tensor, ids: Tensor) =>
      tf.sum(tf.mul(segmentGather(x, ids), a), 1)
    );
    assertEquals(score(a, x, ids).arraySync(), [0, 43, 21, 0, 43]);
    const weigh = (a: Tensor, x: Tensor, ids: Tensor): Tensor => tf.sum(score(a, x, ids));
    const by = jit((a: Tensor, x: Tensor, ids: Tensor) =>
      grad(weigh, { argnums: [0, 1] })(a, x, ids)
    );
    const [byWeights, byNodes] = by(a, x, ids);
    assertEquals(byWeights.arraySync(), [[7, 10]]);
    assertEquals(byNodes.arraySync(), [[1, 10], [2, 20], [0, 0]]);
  },
});

Deno.test({
  name: "what all edges share is multiplied once a segment [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const f = jit((g: Tensor, a: Tensor, ids: Tensor) => segmentSum(tf.mul(g, a), ids, 2));
    const args = [
      tf.tensor2d([[1], [2], [3], [4]]),
      tf.tensor2d([[1, 10, 100]]),
      tf.tensor1d([1, 0, 1, -1], "int32"),
    ] as const;
    assertEquals(f(...args).arraySync(), [[2, 20, 200], [4, 40, 400]]);
    assert(!f.lower(...args).text().includes("tensor<4x3xf32>"));
  },
});
