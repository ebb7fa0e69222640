import * as tf from "@tensorflow/tfjs";
import { AssertionError, assertThrows } from "@std/assert";
import { assertAllClose } from "./assert_all_close.ts";
import { checkGradients } from "./check_gradients.ts";
import { forEachEngine } from "./engines.ts";

forEachEngine("checkGradients() accepts three derivatives of x tanh(x) y", () => {
  const [x, y] = [tf.tensor([0.7, -0.4]), tf.tensor([1.3, 0.5])];
  checkGradients((a: tf.Tensor, b: tf.Tensor) => a.mul(tf.tanh(a)).mul(b), [x, y], { order: 3 });
});

forEachEngine("checkGradients() finds a wrong first derivative", () => {
  const wrong = tf.customGrad((...args) => {
    const [x, save] = args as [tf.Tensor, (xs: tf.Tensor[]) => void];
    save([x]);
    return { value: x.square(), gradFunc: (dy, saved) => dy.mul(saved[0]!).mul(2.02) };
  });
  assertThrows(
    () => checkGradients((x: tf.Tensor) => wrong(x), [tf.tensor([0.7, -0.4])]),
    AssertionError,
    "Derivative 1",
  );
});

forEachEngine("checkGradients() finds a wrong second derivative", () => {
  const wrong = tf.customGrad((...args) => {
    const [x] = args as [tf.Tensor];
    const constant = x.mul(2).arraySync();
    return { value: x.square(), gradFunc: (dy) => dy.mul(constant) };
  });
  assertThrows(
    () => checkGradients((x: tf.Tensor) => wrong(x), [tf.tensor([0.7, -0.4])], { order: 2 }),
    AssertionError,
    "Derivative 2",
  );
});

forEachEngine("checkGradients() takes trees and functions that ignore an argument", () => {
  const params = { w: tf.tensor([[0.5, -1], [2, 0.1]]), unused: tf.tensor([1]) };
  checkGradients(
    (p: typeof params, x: tf.Tensor) => ({
      out: tf.sin(tf.matMul(x as tf.Tensor2D, p.w as tf.Tensor2D)),
    }),
    [params, tf.tensor([[0.2, 0.9]])],
    { order: 2 },
  );
});

forEachEngine("assertAllClose() compares trees, literals, NaN and shapes", () => {
  assertAllClose({ a: tf.tensor([1, NaN]), b: null }, { a: [1, NaN], b: null });
  assertAllClose(tf.zeros([0, 3]), []);
  assertAllClose(tf.tensor([1, 2, 3, 4], [2, 2]), new Float32Array([1, 2, 3, 4]));
  assertThrows(() => assertAllClose(tf.tensor([1]), [1.1]), AssertionError, "value 0");
  assertThrows(() => assertAllClose(tf.tensor([NaN]), [1]), AssertionError, "value 0 is NaN");
  assertThrows(() => assertAllClose(tf.tensor([1]), [Infinity]), AssertionError, "Infinity");
  assertThrows(() => assertAllClose(tf.tensor([[1]]), [1]), AssertionError, "shape [1, 1]");
  assertThrows(() => assertAllClose({ a: tf.tensor([1]) }, { b: [1] }), AssertionError, "keys");
  assertThrows(
    () => assertAllClose(tf.tensor([1]), tf.tensor([1], [1], "int32")),
    AssertionError,
    "dtype",
  );
});
