/** Layers with parameters, and the check of their inputs. @module */
import { describe, formatShape, isTensor, type Tensor } from "../tree/mod.ts";

/** A layer with parameters: a pair of pure functions. */
export interface Layer<P> {
  /**
   * Draws parameters for inputs of `inputSize` features.
   *
   * @param key A key of `random.key` or `random.split`: int32 `[2]`.
   */
  init(key: Tensor, inputSize: number): P;
  /** Applies the layer to the last axis: `[..., inputSize]` to `[..., outputSize]`, float32. */
  apply(params: P, x: Tensor): Tensor;
}

/** Fails unless `x` is float32 of shape `[..., size]`. */
export function checkInput(layer: string, x: unknown, size: number): void {
  const expected = `float32 [..., ${size}]`;
  if (isTensor(x) && x.isDisposed) {
    throw new TypeError(
      `Cannot apply ${layer} as its input must be alive: ${describe(x)} was disposed`,
    );
  }
  if (!isTensor(x) || x.dtype !== "float32") {
    const remedy = isTensor(x) ? 'cast it with tf.cast(x, "float32")' : "pass a tensor";
    throw new TypeError(
      `Cannot apply ${layer} as its input must be ${expected}: got ${describe(x)} (${remedy})`,
    );
  }
  if (x.rank > 0 && x.shape[x.rank - 1] === size) return;
  throw new TypeError(
    `Cannot apply ${layer} as its parameters are for ${expected}: got float32 ` +
      `${formatShape(x.shape)} (init() with the inputSize of the data)`,
  );
}

/** Fails unless a layer's parameter is a tensor that is alive, of this rank. */
export function checkParam(layer: string, name: string, param: unknown, rank: number): void {
  if (isTensor(param) && !param.isDisposed && param.rank === rank) return;
  const got = isTensor(param) && param.isDisposed ? "a disposed tensor" : describe(param);
  throw new TypeError(
    `Cannot apply ${layer} as its parameters must be those of init(): expected ${name} to be a ` +
      `tensor of rank ${rank}, got ${got}`,
  );
}
