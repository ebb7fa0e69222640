/** A linear layer. @module */
import * as tf from "@tensorflow/tfjs";
import { split } from "../random/mod.ts";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { checkFunction, type Tensor } from "../tree/mod.ts";
import { type Initializer, lecunNormal, zeros } from "./initializers.ts";
import { checkInput, checkParam, type Layer } from "./layer.ts";

/** Options of {@linkcode linear}. */
export interface LinearOptions {
  /** The number of output features. */
  readonly size: number;
  /** Whether to add a bias; true by default. */
  readonly useBias?: boolean;
  /** How the weights are drawn; LeCun's normal by default. */
  readonly wInit?: Initializer;
  /** How the bias is drawn; zeros by default. */
  readonly bInit?: Initializer;
}

/** Weights `w [inputSize, size]` and bias `b [size]`, null without a bias. */
export type LinearParams = { readonly w: Tensor; readonly b: Tensor | null };

/**
 * A linear layer, `x w + b`, on the last axis.
 *
 * @returns `init(key, inputSize)` draws `{w, b}`; `apply(params, x)` takes float32 `[...,
 * inputSize]` to `[..., size]`.
 * @throws {RangeError} If a size is not a positive integer.
 * @throws {TypeError} When applied, if the input is not float32 or has another number of features.
 *
 * @example
 * ```ts
 * import { linear, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const layer = linear({ size: 2 });
 * const params = layer.init(random.key(0), 3);
 * assertEquals(params.w.shape, [3, 2]);
 * assertEquals(layer.apply(params, tf.ones([5, 3])).shape, [5, 2]);
 * ```
 */
export function linear(options: LinearOptions): Layer<LinearParams> {
  const { size, useBias = true, wInit = lecunNormal(), bInit = zeros } = options;
  checkPositiveInteger(size, "make linear()", "size");
  checkFunction(wInit, "make linear()", "wInit");
  checkFunction(bInit, "make linear()", "bInit");
  return {
    init(key, inputSize) {
      checkPositiveInteger(inputSize, "make linear()", "inputSize");
      return tidy(() => {
        const [wKey, bKey] = tf.unstack(split(key)) as [Tensor, Tensor];
        return { w: wInit(wKey, [inputSize, size]), b: useBias ? bInit(bKey, [size]) : null };
      });
    },
    apply(params, x) {
      const { w, b } = params ?? {};
      checkParam("linear()", "w", w, 2);
      if (b) checkParam("linear()", "b", b, 1);
      checkInput("linear()", x, w.shape[0]!);
      return tf.tidy(() => {
        const [inputSize, size] = w.shape as [number, number];
        const rows = x.rank === 2 ? x : tf.reshape(x, [x.size / inputSize, inputSize]);
        const products = tf.matMul(rows, w);
        const y = b ? tf.add(products, b) : products;
        return x.rank === 2 ? y : tf.reshape(y, [...x.shape.slice(0, -1), size]);
      });
    },
  };
}
