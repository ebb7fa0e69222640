/** Each pass keeps the numbers of graph networks, and does what it is there for. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals, assertThrows } from "@std/assert";
import {
  init,
  jit,
  segmentGather,
  segmentSum,
  type Tensor,
  valueAndGrad,
} from "../../../../mod.ts";
import { passNames, setPass } from "../../../../lib/xla/mod.ts";
import { assertAllClose } from "../../../support/assert_all_close.ts";
import { hasXla } from "../../../support/engines.ts";

interface Params {
  readonly w1: Tensor;
  readonly w2: Tensor;
}

/** One round of message passing, written plainly; E edges, N nodes, all sizes from the seed. */
function randomCase(seed: number) {
  const [n, e] = [3 + seed % 5, 2 + (seed * 7) % 23];
  const [nodeSize, edgeSize, hidden] = [1 + seed % 4, 1 + (seed * 3) % 3, 2 + (seed * 5) % 6];
  const normal = (shape: number[], k: number): Tensor =>
    tf.randomNormal(shape, 0, 1, "float32", seed * 10 + k);
  const ids = (k: number): Tensor =>
    tf.randomUniform([e], -seed % 2, n + seed % 2, "float32", seed * 10 + k).floor()
      .cast("int32");
  return {
    n,
    // Every second one as the models do it, with ids that are out of range.
    take: seed % 2 === 0 ? tf.gather as typeof segmentGather : segmentGather,
    nodes: normal([n, nodeSize], 1),
    edges: normal([e, edgeSize], 2),
    senders: ids(3),
    receivers: ids(4),
    params: {
      w1: normal([2 * nodeSize + edgeSize, hidden], 5),
      w2: normal([nodeSize + hidden, 3], 6),
    },
  };
}

type Case = ReturnType<typeof randomCase>;

function loss(
  { w1, w2 }: Params,
  { n, take, nodes, edges, senders, receivers }: Omit<Case, "params">,
): Tensor {
  const s = take(nodes, senders);
  const r = take(nodes, receivers);
  const messages = tf.tanh(tf.matMul(tf.concat([s, edges, r], -1), w1 as tf.Tensor2D));
  const sums = segmentSum(messages, receivers, n);
  const updated = tf.matMul(tf.concat([nodes, sums], -1), w2 as tf.Tensor2D);
  return tf.mean(tf.square(updated));
}

/** Loss and gradients by the parameters and by the nodes, with some passes off. */
function run({ params, ...batch }: Case, off: readonly string[]) {
  for (const name of off) setPass(name, false);
  try {
    const step = jit((p: Params, nodes: Tensor) =>
      valueAndGrad((q: Params, x: Tensor) => loss(q, { ...batch, nodes: x }), { argnums: [0, 1] })(
        p,
        nodes,
      )
    );
    return { result: step(params, batch.nodes), text: step.lower(params, batch.nodes).text() };
  } finally {
    for (const name of off) setPass(name, true);
  }
}

Deno.test({
  name: "each pass and all together keep values and gradients on random graphs [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    for (let seed = 0; seed < 4; seed++) {
      const instance = randomCase(seed);
      const plain = run(instance, passNames);
      const subsets = [[], ...passNames.map((name) => passNames.filter((other) => other !== name))];
      for (const off of subsets) {
        assertAllClose(run(instance, off).result, plain.result, { rtol: 2e-5, atol: 2e-5 });
      }
    }
  },
});

Deno.test({
  name: "equal nodes are computed once and unused ones never [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const f = jit((x: Tensor) => {
      tf.exp(x);
      return tf.add(tf.tanh(x), tf.tanh(x));
    });
    const text = f.lower(tf.tensor1d([1, 2])).text();
    assertEquals(text.match(/stablehlo\.tanh/g)!.length, 1);
    assert(!text.includes("exponential"));
  },
});

Deno.test({
  name: "simplify folds constants and keeps signed zeros, NaN and infinities [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const f = jit((x: Tensor) => [
      tf.mul(tf.div(tf.sub(x, 0), 1), tf.add(tf.scalar(2), tf.scalar(-1))),
      tf.mul(x, 0),
    ]);
    const x = tf.tensor1d([-0, NaN, Infinity, -2]);
    const [same, zeros] = f(x) as [Tensor, Tensor];
    assertEquals(Array.from(same.dataSync()), [-0, NaN, Infinity, -2]);
    assertEquals(Array.from(zeros.dataSync()), [-0, NaN, NaN, -0]);
  },
});

Deno.test("setPass() lists the passes when there is none of that name", () => {
  const error = assertThrows(() => setPass("inline", true), RangeError);
  assertEquals(
    error.message,
    `Cannot switch a pass as there is none of that name: inline (one of ${passNames.join(", ")})`,
  );
});

Deno.test({
  name: "values computed outside of a compiled function, whatever by, are only values to it [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const [n, e, f] = [500, 20_011, 64];
    const x = tf.randomNormal([n, f], 0, 1, "float32", 1);
    const w = tf.randomNormal([2 * f, f], 0, 1, "float32", 2) as tf.Tensor2D;
    const ids = tf.randomUniform([e], 0, n, "float32", 3).floor().cast("int32");
    const take = (): Tensor => segmentGather(x, ids);
    const uses: readonly (readonly [() => Tensor, (outside: Tensor) => Tensor])[] = [
      [take, (rows) => segmentSum(rows, ids, n)],
      [() => tf.mul(take(), 2), (rows) => segmentSum(tf.mul(rows, take()), ids, n)],
      [() => tf.concat([x, x], 1), (both) => tf.matMul(both as tf.Tensor2D, w)],
      [() => tf.transpose(x), (turned) => tf.transpose(turned)],
    ];
    for (const [make, use] of uses) {
      const expected = use(make()).dataSync();
      const pending = make();
      assertAllClose(jit(() => use(pending))(), expected, { atol: 1e-3 });
      const computed = make();
      computed.dataSync();
      assertAllClose(jit(() => use(computed))(), expected, { atol: 1e-3 });
      assertAllClose(jit(() => [computed, use(computed)])()[0]!, computed);
    }
  },
});
