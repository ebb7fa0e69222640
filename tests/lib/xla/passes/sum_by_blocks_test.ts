/** Sums of many gathered rows are loops over blocks of edges, and the same numbers. */
import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import {
  init,
  jit,
  segmentGather,
  segmentMax,
  segmentSum,
  type Tensor,
  valueAndGrad,
} from "../../../../mod.ts";
import { hlo, type HloNode, isOp, parameterLike } from "../../../../lib/xla/hlo/mod.ts";
import { setPass } from "../../../../lib/xla/mod.ts";
import { optimize } from "../../../../lib/xla/passes/mod.ts";
import { hasXla } from "../../../support/engines.ts";

/** No whole number of blocks of 8,192 edges. */
const [N, E, F] = [500, 20_011, 64];

interface Batch {
  readonly x: Tensor;
  readonly senders: Tensor;
  readonly receivers: Tensor;
  readonly weights: Tensor;
  readonly edges: Tensor;
}

/** Ids from -2 to N + 1: some are out of range. */
function randomBatch(): Batch {
  const ids = (seed: number): Tensor =>
    tf.randomUniform([E], -2, N + 2, "float32", seed).floor().cast("int32");
  const normal = (shape: number[], seed: number): Tensor =>
    tf.randomNormal(shape, 0, 1, "float32", seed);
  return {
    x: normal([N, F], 1),
    senders: ids(2),
    receivers: ids(3),
    weights: normal([E], 4),
    edges: normal([E, F], 5),
  };
}

/** The text of a function's program, and its results, with the pass or without. */
function run(f: (batch: Batch) => Tensor, batch: Batch, on: boolean) {
  setPass("sumByBlocks", on);
  try {
    const step = jit((batch: Batch) => valueAndGrad((x: Tensor) => f({ ...batch, x }))(batch.x));
    const [value, gradient] = step(batch);
    return {
      text: step.lower(batch).text(),
      results: [...value.dataSync(), ...gradient.dataSync()],
    };
  } finally {
    setPass("sumByBlocks", true);
  }
}

const loops = (text: string): number => text.match(/stablehlo\.while/g)?.length ?? 0;

const CASES: Record<string, readonly [f: (batch: Batch) => Tensor, loops: number]> = {
  "a sum, and its gradient": [
    ({ x, senders, receivers }) => segmentSum(segmentGather(x, senders), receivers, N),
    2,
  ],
  "a weighted sum": [
    ({ x, senders, receivers, weights }) =>
      segmentSum(tf.mul(segmentGather(x, senders), tf.expandDims(weights, 1)), receivers, N),
    2,
  ],
  "a difference of rows with clamped ids, weighted by heads": [
    ({ x, senders, receivers, weights }) => {
      const heads = tf.reshape(x, [N, 4, F / 4]);
      const [from, to] = [senders, receivers].map((ids) => tf.gather(heads, ids as tf.Tensor1D));
      const ofHeads = tf.reshape(tf.concat([weights, weights, weights, weights]), [E, 4, 1]);
      return segmentSum(tf.mul(tf.sub(from!, to!), ofHeads), receivers, N);
    },
    1,
  ],
  "a count, for each column": [
    ({ x, receivers }) => tf.mul(segmentSum(tf.ones([E, F]), receivers, N), x),
    1,
  ],
  "a maximum": [
    ({ x, senders, receivers }) => segmentMax(segmentGather(x, senders), receivers, N),
    1,
  ],
};

for (const [name, [f, expected]] of Object.entries(CASES)) {
  Deno.test({
    name: `sumByBlocks gives the same numbers: ${name} [xla]`,
    ignore: !hasXla,
    async fn() {
      await init({ engine: "xla" });
      const loss = (batch: Batch): Tensor => tf.sum(tf.square(f(batch)));
      const batch = randomBatch();
      const [blocks, whole] = [run(loss, batch, true), run(loss, batch, false)];
      assert(loops(blocks.text) >= expected, `loops: ${loops(blocks.text)}`);
      assertEquals(loops(whole.text), 0);
      assertEquals(blocks.results, whole.results);
    },
  });
}

Deno.test({
  name: "sumByBlocks leaves nothing of all edges but their ids [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const mean = ({ x, senders, receivers }: Batch): Tensor => {
      const counts = segmentSum(tf.ones([E, F]), receivers, N);
      return tf.sum(tf.div(segmentSum(segmentGather(x, senders), receivers, N), counts));
    };
    const { text } = run(mean, randomBatch(), true);
    assertEquals(
      new Set(text.match(new RegExp(`tensor<${E}x[^>]*>`, "g"))),
      new Set([`tensor<${E}xi32>`]),
    );
  },
});

Deno.test({
  name: "sumByBlocks keeps signed zeros, NaN and infinities in their segments [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const x = tf.concat([tf.tensor2d([[-0], [NaN], [Infinity]]).tile([1, F]), tf.ones([N - 3, F])]);
    const ids = tf.range(0, E, 1, "int32").mod(tf.scalar(N, "int32"));
    const maximum = jit((x: Tensor) => segmentMax(segmentGather(x, ids), ids, N));
    assertEquals(loops(maximum.lower(x).text()), 1);
    assertEquals(maximum(x).dataSync(), x.dataSync());
  },
});

Deno.test({
  name: "sumByBlocks leaves alone what is small, or has rows of edges in memory anyway [xla]",
  ignore: !hasXla,
  async fn() {
    await init({ engine: "xla" });
    const { x, senders, receivers, edges } = randomBatch();
    const small = jit((x: Tensor) => segmentSum(segmentGather(x, senders), receivers, N));
    assertEquals(loops(small.lower(tf.slice(x, [0, 0], [N, 8])).text()), 0);
    const given = jit((x: Tensor, edges: Tensor) =>
      segmentSum(tf.mul(segmentGather(x, senders), edges), receivers, N)
    );
    assertEquals(loops(given.lower(x, edges).text()), 0);
  },
});

Deno.test("sumByBlocks is for CPUs: what does many edges at once gets one sum", () => {
  const [x, senders, receivers] = [
    parameterLike({ shape: [N, F], type: "f32" }),
    parameterLike({ shape: [E], type: "i32" }),
    parameterLike({ shape: [E], type: "i32" }),
  ];
  const sum = hlo.scatterRows(hlo.gatherRows(x, senders), receivers, N, "add");
  const isInput = (node: HloNode): boolean => isOp(node, "parameter");
  assertEquals(optimize([sum], isInput, "cuda")[0]!.op, "scatter");
  assertEquals(optimize([sum], isInput, "cpu")[0]!.op, "element");
});
