/**
 * Products of node rows are done once a node: what the program's text has lost, and exact values.
 */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import {
  grad,
  init,
  interactionNetwork,
  jit,
  segmentGather,
  segmentSum,
  type Tensor,
  valueAndGrad,
} from "../../../../mod.ts";
import { hasXla } from "../../../support/engines.ts";

const [N, E, F, H] = [10, 50, 8, 6];
const normal = (shape: number[], seed: number): Tensor =>
  tf.randomNormal(shape, 0, 1, "float32", seed);

/** How many products of these sizes a program has. */
function products(text: string, left: string, right: string): number {
  return text.split("\n").filter((line) =>
    line.includes("dot_general") && line.includes(`(tensor<${left}xf32>, tensor<${right}xf32>)`)
  ).length;
}

Deno.test({
  name: "models multiply node rows before they gather them, and sum before they multiply [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const ids = (step: number): Tensor =>
      tf.range(0, E, 1, "int32").mul(tf.scalar(step, "int32")).mod(tf.scalar(N, "int32"));
    const [nodes, edges] = [normal([N, F], 1), normal([E, F], 2)];
    const graph = {
      edges,
      senders: ids(3),
      receivers: ids(7),
      globals: null,
      nNode: tf.tensor1d([N], "int32"),
      nEdge: tf.tensor1d([E], "int32"),
    };
    const loss = (w: Tensor, nodes: Tensor): Tensor => {
      const { nodes: received } = interactionNetwork({
        updateEdgeFn: (e: Tensor, s: Tensor, r: Tensor) =>
          tf.tanh(tf.matMul(tf.concat([s, r, e], 1) as tf.Tensor2D, w as tf.Tensor2D)),
        updateNodeFn: (_: Tensor, sum: Tensor) => sum,
      })({ ...graph, nodes });
      return tf.sum(tf.square(received as Tensor));
    };
    const step = jit((w: Tensor, x: Tensor) => valueAndGrad(loss, { argnums: [0, 1] })(w, x));
    const text = step.lower(normal([3 * F, H], 3), nodes).text();
    assert(!text.includes(`tensor<${E}x${3 * F}xf32>`), text);
    assertEquals(products(text, `${N}x${F}`, `${F}x${H}`), 2, "forward, of senders and receivers");
    assertEquals(products(text, `${E}x${F}`, `${F}x${H}`), 1, "forward, of edges");
    assertEquals(products(text, `${N}x${F}`, `${N}x${H}`), 2, "by the weights");
    assertEquals(products(text, `${E}x${F}`, `${E}x${H}`), 1, "by the weights of edges");
    assertEquals(products(text, `${E}x${H}`, `${F}x${H}`), 0, "by the nodes: behind the sums");
    const sums = text.split("\n").filter((line) =>
      line.includes("stablehlo.scatter") && line.includes(`tensor<${E}x${H}xf32>`)
    );
    assertEquals(sums.length, 3, "sums serve the weights' gradients and the nodes'");
  },
});

Deno.test({
  name:
    "ids out of range give rows of zeros and take no gradient after the product has moved [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const project = (w: Tensor, x: Tensor, ids: Tensor): Tensor =>
      tf.matMul(segmentGather(x, ids) as tf.Tensor2D, w as tf.Tensor2D);
    const w = tf.tensor2d([[1], [10]]);
    const x = tf.tensor2d([[1, 2], [3, 4]]);
    const ids = tf.tensor1d([-1, 1, 0, 2, 1], "int32");
    assertEquals(jit(project)(w, x, ids).arraySync(), [[0], [43], [21], [0], [43]]);
    const gradients = jit((w: Tensor, x: Tensor, ids: Tensor) =>
      grad(
        (w: Tensor, x: Tensor) => tf.sum(project(w, x, ids)),
        { argnums: [0, 1] },
      )(w, x)
    );
    const [byWeights, byNodes] = gradients(w, x, ids);
    assertEquals(byWeights.arraySync(), [[7], [10]]);
    assertEquals(byNodes.arraySync(), [[1, 10], [2, 20]]);
  },
});

Deno.test({
  name: "what no edge reads reaches no product that has moved, be it NaN [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    for (const take of [segmentGather, tf.gather as typeof segmentGather]) {
      const byWeights = jit((w: Tensor, x: Tensor, ids: Tensor) =>
        grad((w: Tensor) => tf.sum(tf.matMul(take(x, ids) as tf.Tensor2D, w as tf.Tensor2D)))(w)
      );
      const x = tf.tensor2d([[1, 2], [NaN, Infinity], [3, 4]]);
      const ids = tf.tensor1d([0, 0, 2, 2], "int32");
      assertEquals(byWeights(tf.ones([2, 1]), x, ids).arraySync(), [[8], [12]]);
    }
  },
});

Deno.test({
  name: "an id that a gather clamps counts where it is clamped to [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const byWeights = jit((w: Tensor, x: Tensor, ids: Tensor) =>
      grad((w: Tensor) =>
        tf.sum(tf.matMul(tf.gather(x, ids as tf.Tensor1D) as tf.Tensor2D, w as tf.Tensor2D))
      )(w)
    );
    const x = tf.tensor2d([[1, 2], [NaN, Infinity], [3, 4]]);
    const ids = tf.tensor1d([0, 0, 5, -1], "int32");
    assertEquals(byWeights(tf.ones([2, 1]), x, ids).arraySync(), [[6], [10]]);
  },
});

Deno.test({
  name: "a mask that is not that of the ids' range moves with the product too [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const byWeights = jit((w: Tensor, x: Tensor, ids: Tensor, mask: Tensor) =>
      grad((w: Tensor) => {
        const rows = tf.where(
          tf.broadcastTo(tf.expandDims(mask, 1), [4, 2]),
          tf.gather(x, ids as tf.Tensor1D),
          tf.scalar(0),
        );
        return tf.sum(tf.matMul(rows as tf.Tensor2D, w as tf.Tensor2D));
      })(w)
    );
    const x = tf.tensor2d([[1, 2], [10, 20], [100, 200]]);
    const ids = tf.tensor1d([0, 0, 1, 2], "int32");
    const mask = tf.tensor1d([1, 0, 0, 1], "bool");
    assertEquals(byWeights(tf.ones([2, 1]), x, ids, mask).arraySync(), [[101], [202]]);
  },
});

Deno.test({
  name: "a sum of products sums first only where that leaves less to multiply [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const f = jit((y: Tensor, w: Tensor, ids: Tensor) =>
      segmentSum(tf.matMul(y as tf.Tensor2D, w as tf.Tensor2D), ids, N)
    );
    const ids = tf.zeros([E], "int32");
    const narrow = f.lower(normal([E, 3], 1), normal([3, 6], 2), ids).text();
    assertEquals(products(narrow, `${N}x3`, "3x6"), 1);
    const wide = f.lower(normal([E, 6], 1), normal([6, 3], 2), ids).text();
    assertEquals(products(wide, `${E}x6`, "6x3"), 1);
  },
});
