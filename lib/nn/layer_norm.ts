/** Layer normalisation. @module */
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { describe, type Tensor } from "../tree/mod.ts";
import { checkInput, checkParam, type Layer } from "./layer.ts";

/** Options of {@linkcode layerNorm}. */
export interface LayerNormOptions {
  /** Added to the variance; 1e-5 by default. */
  readonly eps?: number;
}

/** Parameters of {@linkcode layerNorm}: `scale` and `offset`, both `[inputSize]`. */
export type LayerNormParams = { readonly scale: Tensor; readonly offset: Tensor };

/**
 * Layer normalisation over the last axis (Ba, Kiros and Hinton 2016, arXiv:1607.06450):
 * `(x - mean) / sqrt(variance + eps) * scale + offset`.
 *
 * @returns `init(key, inputSize)` makes `scale` (ones) and `offset` (zeros), `key` is not used;
 * `apply(params, x)` takes float32 `[..., inputSize]` to the same shape.
 * @throws {RangeError} If `eps` is not positive, or `inputSize` not a positive integer.
 * @throws {TypeError} When applied, if the input is not float32 or has another number of features.
 *
 * @example
 * ```ts
 * import { layerNorm, random } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const layer = layerNorm();
 * const params = layer.init(random.key(0), 2);
 * const y = layer.apply(params, tf.tensor2d([[1, 3]])).dataSync();
 * assertAlmostEquals(y[0]!, -1, 1e-5);
 * assertAlmostEquals(y[1]!, 1, 1e-5);
 * ```
 */
export function layerNorm(options: LayerNormOptions = {}): Layer<LayerNormParams> {
  const { eps = 1e-5 } = options;
  // Without it equal features would be divided by zero.
  if (!(Number.isFinite(eps) && eps > 0)) {
    throw new RangeError(`Cannot make layerNorm() as eps must be positive: got ${describe(eps)}`);
  }
  return {
    init(_key, inputSize) {
      checkPositiveInteger(inputSize, "make layerNorm()", "inputSize");
      return tidy(() => ({ scale: tf.ones([inputSize]), offset: tf.zeros([inputSize]) }));
    },
    apply(params, x) {
      const { scale, offset } = params ?? {};
      checkParam("layerNorm()", "scale", scale, 1);
      checkParam("layerNorm()", "offset", offset, 1);
      checkInput("layerNorm()", x, scale.shape[0]!);
      return tf.tidy(() => {
        const centred = tf.sub(x, tf.mean(x, -1, true));
        const variance = tf.mean(tf.square(centred), -1, true);
        const normalised = tf.mul(centred, tf.rsqrt(tf.add(variance, eps)));
        return tf.add(tf.mul(normalised, scale), offset);
      });
    },
  };
}
