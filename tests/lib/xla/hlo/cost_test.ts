import * as tf from "@tensorflow/tfjs";
import { assert, assertEquals } from "@std/assert";
import { cond, jit, scan, type Tensor, whileLoop } from "../../../../mod.ts";
import { installedEngine, liveExecutables } from "../../../../lib/xla/mod.ts";
import {
  countOperations,
  hlo,
  type HloNode,
  makeNode,
  topologicalOrder,
} from "../../../../lib/xla/hlo/mod.ts";
import { xlaTest } from "../../../support/engines.ts";

const parameter = (shape: number[], type: "f32" | "i32" | "i1" = "f32"): HloNode =>
  makeNode("parameter", [], shape, type, { trace: {} });

function count(node: HloNode): [flops: number, transcendentals: number, bytes: number] {
  const order = topologicalOrder([node], (n) => n.op === "parameter");
  const { flops, transcendentals, bytesAccessed, loopsOfUnknownLength } = countOperations(order);
  assertEquals(loopsOfUnknownLength, 0);
  return [flops, transcendentals, bytesAccessed];
}

Deno.test("countOperations() counts each kind of operation by XLA's conventions", () => {
  const [x, y] = [parameter([3, 4]), parameter([3, 4])];
  const [mask, ids] = [parameter([3, 4], "i1"), parameter([5], "i32")];
  const window = { size: [1, 2], stride: [1, 2], low: [0, 0], high: [0, 0] };
  // Those of JAX 0.9.2's `lower(...).cost_analysis()`, which leaves out the moves of a transpose,
  // adds the number that a reduction starts from, and counts what a sort's comparison is made of.
  const cases: [HloNode, number[]][] = [
    [hlo.add(x, y), [12, 0, 3 * 48]],
    [hlo.multiplyAdd(x, y, x), [24, 0, 4 * 48]],
    [hlo.unary("negate", x), [12, 0, 2 * 48]],
    [hlo.unary("tanh", x), [0, 12, 2 * 48]],
    [hlo.unary("chlo.erf_inv", x), [0, 12, 2 * 48]],
    [hlo.select(mask, x, y), [12, 0, 12 + 3 * 48]],
    [hlo.compare("LT", x, y), [12, 0, 12 + 2 * 48]],
    // Nothing is computed, and nothing is moved where only the shape changes.
    [hlo.transpose(x, [1, 0]), [0, 0, 2 * 48]],
    [hlo.reshape(x, [12]), [0, 0, 0]],
    // A part of the operand is read: 5 rows and their ids; 2 columns.
    [hlo.gatherRows(x, ids), [0, 0, 2 * 80 + 20]],
    [hlo.sliceDim(x, 1, 1, 2), [0, 0, 2 * 24]],
    // 12 numbers into 3 need 9 additions; windows of 2 need one comparison each.
    [hlo.reduce(x, "add", [1]), [9, 0, 48 + 12]],
    [hlo.reduceWindow(x, "maximum", window), [6, 0, 48 + 24]],
    // Rows of 4 are sorted in two comparisons a number.
    [hlo.argsort(x), [24, 0, 2 * 48]],
  ];
  for (const [node, expected] of cases) assertEquals(count(node), expected, node.op);
});

Deno.test("countOperations() takes 2·m·k·n for a product, for each of a batch", () => {
  const product = makeNode(
    "dot_general",
    [parameter([7, 2, 3]), parameter([7, 3, 5])],
    [7, 2, 5],
    "f32",
    {
      batch: 1,
      lhsContract: 2,
      rhsContract: 1,
    },
  );
  assertEquals(count(product), [7 * 2 * 2 * 3 * 5, 0, 4 * 7 * (6 + 15 + 10)]);
});

Deno.test("countOperations() takes a number's addition for each update of a scatter", () => {
  const [rows, ids] = [parameter([5, 4]), parameter([5], "i32")];
  const [flops, transcendentals, bytes] = count(hlo.scatterRows(rows, ids, 3, "add"));
  assertEquals([flops, transcendentals], [20, 0]);
  // Updates and ids are read, and as many sums read and written (zeros to begin with: 48 bytes).
  assert([240 + 20, 240 + 20 + 48].includes(bytes), String(bytes));
});

const [m, k, n] = [64, 32, 16];
const product = (a: Tensor, b: Tensor): Tensor => tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D);

xlaTest("cost() of a product: its operations, and its arguments and result to the byte", () => {
  const { flops, transcendentals, bytesAccessed, memory, text } = jit(product)
    .lower(tf.ones([m, k]), tf.ones([k, n])).cost();
  assertEquals([flops, transcendentals], [2 * m * k * n, 0]);
  const [inputs, result] = [4 * (m * k + k * n), 4 * m * n];
  assertEquals(bytesAccessed, inputs + result);
  assertEquals([memory!.argumentBytes, memory!.outputBytes], [inputs, result]);
  assertEquals(memory!.aliasBytes, 0);
  assert(text.startsWith("operations  65.5 k flops, 0 transcendentals\n"), text);
});

xlaTest("cost() tells what donation saves, and what lives meanwhile", () => {
  const [there, back] = [tf.randomNormal([n, 8 * n]), tf.randomNormal([8 * n, n])];
  const chain = (x: Tensor): Tensor => product(tf.sin(product(x, there)), back);
  const x = tf.ones([n, n]);
  const kept = jit(chain).lower(x).cost().memory!;
  const donated = jit(chain, { donate: 0 }).lower(x).cost().memory!;
  assertEquals([kept.aliasBytes, donated.aliasBytes], [0, 4 * n * n]);
  // The sines are 8 times as many as the results.
  for (const { tempBytes } of [kept, donated]) {
    assert(tempBytes >= 32 * n * n && tempBytes < 64 * n * n, String(tempBytes));
  }
});

xlaTest("cost() of two results counts the table of their addresses", () => {
  const { memory } = jit((x: Tensor) => [tf.add(x, 1), tf.mul(x, 2)]).lower(tf.ones([8])).cost();
  assertEquals(memory!.outputBytes, 2 * 32 + 2 * 8);
});

xlaTest("cost() compiles the program once; its calls use it", () => {
  const { stats } = installedEngine()!.runtime;
  const f = jit((x: Tensor) => tf.mul(tf.add(x, 1), 3));
  const x = tf.ones([4]);
  const [compiles, executables] = [stats.compiles, liveExecutables()];
  const lowered = f.lower(x);
  assertEquals(stats.compiles, compiles);
  assertEquals(lowered.cost(), lowered.cost());
  assertEquals(Array.from(f(x).dataSync()), [6, 6, 6, 6]);
  assertEquals([stats.compiles, liveExecutables()], [compiles + 1, executables + 1]);
});

xlaTest("cost() counts a scan as many times as it goes round", () => {
  const weight = tf.ones([n, n]);
  const once = 2 * n * n;
  const rounds = (length: number): number =>
    jit((x: Tensor) =>
      scan((carry: Tensor) => [product(carry, weight), null], x, null, { length })[0]
    ).lower(tf.ones([1, n])).cost().flops;
  assertEquals(rounds(30) - rounds(10), 20 * (once + 2)); // the counter's addition and test too
});

xlaTest("cost() counts an open loop as one round, and says so", () => {
  const { flops, loopsOfUnknownLength, text } = jit((x: Tensor) =>
    whileLoop((y: Tensor) => tf.less(tf.sum(y), 100), (y: Tensor) => tf.mul(y, 2), x)
  ).lower(tf.ones([8])).cost();
  assertEquals([flops, loopsOfUnknownLength], [7 + 1 + 8, 1]);
  assert(text.includes("1 of unknown length"), text);
});

xlaTest("cost() counts the dearest branch", () => {
  const f = jit((x: Tensor, yes: Tensor) => cond(yes, () => tf.add(x, 1), () => product(x, x)));
  const { flops } = f.lower(tf.ones([n, n]), tf.tensor(true)).cost();
  assertEquals(flops, 2 * n ** 3 + 1); // the choice itself is a conversion
});
