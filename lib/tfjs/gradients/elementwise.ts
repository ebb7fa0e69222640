/** Gradients of element-wise kernels. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import { indicator, sumTo, supplyGradient, zeros } from "./supply.ts";

// tfjs has -1 at 0; the derivative of |x| there is 0 by convention.
supplyGradient("Abs", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x] }) => ({ x: () => tf.mul(dy, tf.sign(x!)) }),
});

// tfjs passes the gradient through a cast that rounds, as if it did not.
supplyGradient("Cast", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x], attrs: { dtype } }) => {
    const keepsValues = dtype === "float32" || x!.dtype === "bool" || x!.dtype === dtype;
    return { x: keepsValues ? () => tf.clone(dy) : zeros(dy) };
  },
});

// tfjs uses a kernel, EluGrad, that has no gradient itself.
supplyGradient("Elu", {
  outputs: [true],
  pullBack: (dy, { saved: [y] }) => ({
    x: () => tf.where(tf.greater(y!, 0), dy, tf.mul(dy, tf.add(y!, 1))),
  }),
});

const SELU_SCALE = 1.0507009873554804934193349852946;
const SELU_SCALE_ALPHA = 1.7580993408473768599402175208123;

// The minimum keeps exp from overflowing where its value is not used: 0 * Infinity is NaN.
supplyGradient("Selu", {
  inputs: ["x"],
  pullBack: (dy, { saved: [x] }) => ({
    x: () => {
      const negative = tf.mul(SELU_SCALE_ALPHA, tf.exp(tf.minimum(x!, 0)));
      return tf.mul(dy, tf.where(tf.greater(x!, 0), tf.fill(x!.shape, SELU_SCALE), negative));
    },
  }),
});

/** Weight of the first operand where it is chosen; operands that are equal share, as in JAX. */
function chosen(wins: Tensor, winsOrTies: Tensor): Tensor {
  return tf.mul(0.5, tf.add(indicator(wins), indicator(winsOrTies)));
}

// tfjs does not sum over the axes that were broadcast.
supplyGradient("Maximum", {
  inputs: ["a", "b"],
  pullBack: (dy, { saved: [a, b] }) => ({
    a: () => sumTo(tf.mul(dy, chosen(tf.greater(a!, b!), tf.greaterEqual(a!, b!))), a!.shape),
    b: () => sumTo(tf.mul(dy, chosen(tf.less(a!, b!), tf.lessEqual(a!, b!))), b!.shape),
  }),
});
supplyGradient("Minimum", {
  inputs: ["a", "b"],
  pullBack: (dy, { saved: [a, b] }) => ({
    a: () => sumTo(tf.mul(dy, chosen(tf.less(a!, b!), tf.lessEqual(a!, b!))), a!.shape),
    b: () => sumTo(tf.mul(dy, chosen(tf.greater(a!, b!), tf.greaterEqual(a!, b!))), b!.shape),
  }),
});
supplyGradient("SquaredDifference", {
  inputs: ["a", "b"],
  pullBack: (dy, { saved: [a, b] }) => {
    const pull = (difference: Tensor): Tensor => tf.mul(dy, tf.mul(2, difference));
    return {
      a: () => sumTo(pull(tf.sub(a!, b!)), a!.shape),
      b: () => sumTo(pull(tf.sub(b!, a!)), b!.shape),
    };
  },
});

// tfjs returns dy itself, which it disposes when gradients meet.
supplyGradient("Mod", {
  inputs: ["a", "b"],
  pullBack: (dy, { saved: [a, b] }) => ({
    a: () => sumTo(dy, a!.shape),
    b: () => sumTo(tf.neg(tf.mul(dy, tf.floor(tf.div(a!, b!)))), b!.shape),
  }),
});

// tfjs has 0 * 0^-1 = NaN for x^0 and in the second derivative of x^1 at 0, and log(0) by the
// exponent.
supplyGradient("Pow", {
  inputs: ["a", "b"],
  outputs: [true],
  pullBack: (dy, { saved: [a, b, y] }) => ({
    a: () => {
      const exponent = tf.cast(b!, "float32");
      const isConstant = tf.logicalAnd(tf.equal(exponent, 0), tf.equal(a!, 0));
      const base = tf.where(isConstant, tf.ones([]), tf.cast(a!, "float32"));
      return sumTo(tf.mul(dy, tf.mul(exponent, tf.pow(base, tf.sub(exponent, 1)))), a!.shape);
    },
    b: () => {
      const logBase = tf.log(tf.where(tf.greater(a!, 0), a!, tf.onesLike(a!)));
      return sumTo(tf.mul(dy, tf.mul(y!, logBase)), b!.shape);
    },
  }),
});

// tfjs divides by squares, which overflow and underflow where the quotient does not.
supplyGradient("RealDiv", {
  inputs: ["a", "b"],
  outputs: [true],
  pullBack: (dy, { saved: [a, b, y] }) => ({
    a: () => sumTo(tf.div(dy, b!), a!.shape),
    // As a product: XLA turns a quotient of a quotient back into a division by a square.
    b: () => sumTo(tf.neg(tf.mul(y!, tf.div(dy, b!))), b!.shape),
  }),
});
supplyGradient("Reciprocal", {
  outputs: [true],
  pullBack: (dy, { saved: [y] }) => ({ x: () => tf.neg(tf.mul(dy, tf.square(y!))) }),
});

// tfjs calls pow, which is slow, where two multiplications do.
supplyGradient("Rsqrt", {
  outputs: [true],
  pullBack: (dy, { saved: [y] }) => ({
    x: () => tf.mul(dy, tf.mul(-0.5, tf.mul(y!, tf.square(y!)))),
  }),
});

// tfjs multiplies by the condition, so that NaN and Infinity pass from the side not chosen.
supplyGradient("Select", {
  inputs: ["condition"],
  pullBack: (dy, { saved: [condition] }) => ({
    condition: zeros(condition!),
    t: () => tf.where(condition!, dy, tf.zerosLike(dy)),
    e: () => tf.where(condition!, tf.zerosLike(dy), dy),
  }),
});
