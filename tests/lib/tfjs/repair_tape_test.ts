/** Gradients of gradients, where tfjs's own tape throws or is silently wrong. */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import { repairTape } from "../../../lib/tfjs/repair_tape.ts";
import { grad } from "../../../lib/transform/grad.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { forEachEngine } from "../../support/engines.ts";

/** Functions of kernels that save their own output for their gradient, alone and in company. */
const NESTED: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  "tanh": tf.tanh,
  "exp": tf.exp,
  "sigmoid": tf.sigmoid,
  "elu": tf.elu,
  "softmax": (x) => tf.softmax(x),
  "logSoftmax": (x) => tf.logSoftmax(x),
  "pow": (x) => tf.pow(tf.abs(x), 1.7),
  "max": (x) => tf.max(tf.square(x)),
  "x tanh x": (x) => tf.mul(x, tf.tanh(x)),
  "x exp x": (x) => tf.mul(x, tf.exp(x)),
  "tanh tanh": (x) => tf.tanh(tf.tanh(x)),
  "sigmoid times softmax": (x) => tf.mul(tf.sigmoid(x), tf.softmax(x)),
  "tanh twice used": (x) => {
    const y = tf.tanh(x);
    return tf.add(tf.mul(y, y), tf.exp(y));
  },
  "where": (x) => tf.where(tf.greater(x, 0), tf.exp(x), tf.mul(tf.tanh(x), x)),
  "a matrix product": (x) => tf.matMul(tf.tanh(tf.reshape(x, [2, 2])), tf.reshape(x, [2, 2])),
};

const point = (): Tensor => tf.tensor1d([0.7, -0.4, 1.1, -1.3]);

forEachEngine("first, second and third derivatives agree with finite differences", () => {
  const wrong: string[] = [];
  for (const [name, f] of Object.entries(NESTED)) {
    try {
      checkGradients(f, [point()], { order: 3 });
    } catch (error) {
      wrong.push(`${name}: ${(error as Error).message.slice(0, 200)}`);
    }
  }
  assertEquals(wrong, []);
});

forEachEngine("the second derivative of x tanh x is 2 sech²x (1 - x tanh x)", () => {
  const f = (x: Tensor): Tensor => tf.mul(x, tf.tanh(x));
  for (const x of [0.7, -0.2, 2]) {
    const expected = 2 * (1 - Math.tanh(x) ** 2) * (1 - x * Math.tanh(x));
    assertAllClose(grad(grad(f))(tf.scalar(x)), expected);
  }
});

forEachEngine("a gradient by weights of |gradient by inputs|² is right", () => {
  const weights = { w: tf.tensor2d([[0.5, -1], [0.3, 0.8]]), v: tf.tensor2d([[1.2], [-0.7]]) };
  const energy = (p: typeof weights, x: Tensor): Tensor =>
    tf.sum(tf.matMul(tf.tanh(tf.matMul(x, p.w)), p.v));
  const penalty = (p: typeof weights, x: Tensor): Tensor =>
    tf.sum(tf.square(grad(energy, { argnums: 1 })(p, x)));
  checkGradients(penalty, [weights, tf.tensor2d([[0.4, -0.6], [1, 0.2]])], { order: 2 });
});

forEachEngine("gradients flow around conditions that depend on the input", () => {
  const x = tf.tensor1d([0.5, -0.5, 2]);
  const conditions: ((x: Tensor) => Tensor)[] = [
    (x) => tf.greater(x, 0),
    (x) => tf.greaterEqual(x, 0),
    (x) => tf.logicalNot(tf.less(x, 0)),
    (x) => tf.logicalNot(tf.lessEqual(x, 0)),
    (x) => tf.logicalAnd(tf.greater(x, 0), tf.notEqual(x, 0)),
    (x) => tf.logicalOr(tf.greater(x, 0), tf.equal(x, 0)),
    (x) => tf.logicalXor(tf.less(x, 0), tf.isFinite(x)),
    (x) => tf.logicalAnd(tf.greater(x, 0), tf.logicalNot(tf.isNaN(x))),
  ];
  for (const condition of conditions) {
    const f = (x: Tensor): Tensor => tf.sum(tf.where(condition(x), tf.square(x), x));
    assertAllClose(grad(f)(x), [1, 1, 4]);
    assertAllClose(grad((x: Tensor) => tf.sum(grad(f)(x)))(x), [2, 0, 2]);
  }
});

forEachEngine("tfjs's own tf.grad nests too", () => {
  const f = (x: Tensor): Tensor => tf.tanh(x);
  const second = tf.grad((x) => tf.grad(f)(x));
  const t = Math.tanh(0.7);
  assertAllClose(second(tf.scalar(0.7)), -2 * t * (1 - t * t));
});

forEachEngine("repairing a second time changes nothing", () => {
  const { addTapeNode } = tf.engine() as unknown as { addTapeNode: unknown };
  repairTape();
  assertEquals((tf.engine() as unknown as { addTapeNode: unknown }).addTapeNode, addTapeNode);
  assertAllClose(grad(grad(tf.exp as (x: Tensor) => Tensor))(tf.scalar(0)), 1);
});
