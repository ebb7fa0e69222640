/**
 * First and second derivatives of every differentiable kernel of TensorFlow.js against finite
 * differences. Each op is squared, so that the second derivative of a linear op is tested too.
 */
import * as tf from "@tensorflow/tfjs";
import { assertEquals } from "@std/assert";
import "../../../lib/tfjs/mod.ts";
import type { Tensor } from "../../../lib/tree/mod.ts";
import { grad } from "../../../lib/transform/grad.ts";
import { assertAllClose } from "../../support/assert_all_close.ts";
import { checkGradients } from "../../support/check_gradients.ts";
import { type EngineName, forEachEngine, useEngine } from "../../support/engines.ts";
import { TABLE } from "./gradient_cases.ts";
import { assertLeavesBehind } from "../../support/assert_leaves_behind.ts";

/** Kernels that are wrong or missing on an engine, whatever their gradients. */
const WRONG_KERNELS: Readonly<Record<EngineName, RegExp>> = {
  cpu: /^$/,
  wasm: /^conv3d$/,
  xla: /^$/,
};

for (const [group, cases] of Object.entries(TABLE)) {
  forEachEngine(`first and second derivatives of ${group} are right`, (_, engine) => {
    const wrong: string[] = [];
    for (const [name, f, inputs] of cases) {
      if (WRONG_KERNELS[engine].test(name)) continue;
      try {
        const squared = (...xs: Tensor[]): Tensor => tf.square(f(...xs));
        tf.tidy(() => checkGradients(squared, inputs(), { order: 2 }));
      } catch (error) {
        wrong.push(`${name}: ${(error as Error).message.slice(0, 200)}`);
      }
    }
    assertEquals(wrong, []);
  });
}

forEachEngine("equal extrema share a gradient equally", () => {
  const x = tf.tensor1d([1, 3, 3, 2]);
  assertAllClose(grad((x: Tensor) => tf.max(x))(x), [0, 0.5, 0.5, 0]);
  assertAllClose(grad((x: Tensor) => tf.min(tf.neg(x)))(x), [0, -0.5, -0.5, 0]);
  assertAllClose(grad((x: Tensor) => tf.sum(tf.maximum(x, 3)))(x), [0, 0.5, 0.5, 0]);
  assertAllClose(grad((x: Tensor) => tf.sum(tf.minimum(3, x)))(x), [1, 0.5, 0.5, 1]);
});

forEachEngine("a branch of where() that is not chosen leaves no NaN in a gradient", () => {
  const x = tf.tensor1d([-100, 100]);
  const f = (x: Tensor): Tensor => tf.sum(tf.where(tf.less(x, 0), tf.mul(x, 2), tf.sqrt(x)));
  assertAllClose(grad(f)(x).slice([1]), [0.05]);
  const selu = (x: Tensor): Tensor => tf.sum(tf.selu(x));
  assertAllClose(grad(selu)(x), [0, 1.0507009]);
  assertAllClose(grad((x: Tensor) => tf.sum(grad(selu)(x)))(x), [0, 0]);
});

forEachEngine("quotients have derivatives where the square of the divisor is out of range", () => {
  const values = (f: (x: Tensor) => Tensor, x: number[]): Tensor =>
    grad((x: Tensor) => tf.sum(f(x)))(tf.tensor1d(x));
  const exact = { rtol: 1e-6, atol: 1e-45 };
  const ratio = (b: Tensor): Tensor => tf.div(tf.tensor1d([1e20, 1e-20, 1]), b);
  assertAllClose(values(ratio, [1e20, 1e-20, 1e10]), [-1e-20, -1e20, -1e-20], exact);
  assertAllClose(
    values((x) => values2(ratio, x), [1e20, 1e12, Infinity]),
    [2e-40, 2e-56, 0],
    exact,
  );
  const inverse = (x: Tensor): Tensor => tf.reciprocal(x);
  assertAllClose(values((x) => values2(inverse, x), [1e10, 1e-10]), [2e-30, 2e30], exact);
});

/** The gradient, to be differentiated itself. */
function values2(f: (x: Tensor) => Tensor, x: Tensor): Tensor {
  return grad((x: Tensor) => tf.sum(f(x)))(x);
}

forEachEngine("a power of 0 has derivatives, by base and exponent together too", () => {
  const f = (a: Tensor, b: Tensor): Tensor => tf.sum(tf.pow(a, b));
  const base = tf.tensor1d([0, 2, 0.5, Infinity, 0, 0, 0]);
  const exponent = tf.tensor1d([0, 0, 0, 0, 1, 2, 0.5]);
  assertAllClose(grad(f)(base, exponent), [0, 0, 0, 0, 1, 0, Infinity]);
  const mixed = grad((b: Tensor) => tf.sum(grad(f)(base.slice([1], [2]), b)));
  // ∂/∂b of b a^(b - 1) at b = 0 is 1 / a.
  assertAllClose(mixed(exponent.slice([1], [2])), [0.5, 2]);
});

forEachEngine("kernels that round have zero gradients", () => {
  const x = tf.tensor1d([0.4, 2.6]);
  for (const f of [tf.floor, tf.ceil, tf.round, tf.sign, (x: Tensor) => tf.cast(x, "int32")]) {
    const loss = (x: Tensor): Tensor => tf.sum(tf.cast(f(x), "float32"));
    assertAllClose(grad(loss)(x), [0, 0]);
  }
  assertAllClose(grad((x: Tensor) => tf.sum(tf.mul(1.5, tf.floorDiv(x, 0.3))))(x), [0, 0]);
});

forEachEngine("gradients of empty tensors are empty", () => {
  const empty = tf.zeros([0, 3]);
  const ids = tf.tensor1d([], "int32");
  for (
    const f of [
      (x: Tensor) => tf.gather(x, ids),
      (x: Tensor) => tf.cumsum(x, 0),
      (x: Tensor) => tf.tile(x, [2, 1]),
      (x: Tensor) => tf.maximum(x, 0),
      (x: Tensor) => tf.prod(x, 1),
    ]
  ) {
    assertEquals(grad((x: Tensor) => tf.sum(f(x)))(empty).shape, [0, 3]);
  }
  const gathered = grad((x: Tensor) => tf.sum(tf.gather(x, ids)))(tf.ones([2, 1]));
  assertAllClose(gathered, [[0], [0]]);
});

forEachEngine("a custom gradient may save what its forward pass computes, and nest", () => {
  // x^3, with the gradient by way of a saved intermediate.
  const cube = tf.customGrad((x, save) => {
    const squared = tf.square(x as Tensor);
    (save as tf.GradSaveFunc)([squared]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) => tf.mul(dy, tf.mul(3, saved[0]!));
    return { value: tf.mul(squared, x as Tensor), gradFunc };
  });
  const f = (x: Tensor): Tensor => cube(tf.mul(x, 1));
  assertAllClose(grad(f)(tf.scalar(2)), 12);
  assertAllClose(grad(grad(f))(tf.scalar(2)), 12);
  assertAllClose(grad(grad(grad(f)))(tf.scalar(2)), 6);
});

forEachEngine("a custom gradient stands in for the derivative of its forward pass", () => {
  const straightThrough = tf.customGrad((x) => ({
    value: tf.round(x as Tensor),
    gradFunc: (dy) => tf.clone(dy),
  }));
  const f = (x: Tensor): Tensor => tf.square(straightThrough(x));
  assertAllClose(grad(f)(tf.scalar(1.2)), 2);
  assertAllClose(grad(grad(f))(tf.scalar(1.2)), 2);
});

forEachEngine("a custom gradient may compute a gradient in its backward pass", () => {
  const f = tf.customGrad((x, save) => {
    (save as tf.GradSaveFunc)([x as Tensor]);
    const gradFunc = (dy: Tensor, saved: Tensor[]) =>
      tf.mul(dy, grad((x: Tensor) => tf.exp(x))(saved[0]!));
    return { value: tf.exp(x as Tensor), gradFunc };
  });
  assertAllClose(grad((x: Tensor) => tf.mul(f(x), x))(tf.scalar(1)), 2 * Math.E);
  assertAllClose(grad(grad((x: Tensor) => f(x)))(tf.scalar(1)), Math.E);
});

Deno.test("custom gradients leak no tensor", async () => {
  await useEngine("cpu");
  const x = tf.tensor1d([0.5, -1]);
  const f = (x: Tensor): Tensor => tf.sum(tf.logSigmoid(tf.mul(x, 2)));
  const penalty = (x: Tensor): Tensor => tf.sum(tf.square(grad(f)(x)));
  assertLeavesBehind(0, () => {
    grad(penalty)(x).dispose();
    grad(f)(x).dispose();
    tf.tidy(() => void f(x));
  });
  x.dispose();
});
