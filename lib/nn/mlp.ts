/** A multi-layer perceptron. @module */
import * as tf from "@tensorflow/tfjs";
import { split } from "../random/mod.ts";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { checkFunction, describe, type Tensor } from "../tree/mod.ts";
import type { Initializer } from "./initializers.ts";
import { checkInput, checkParam, type Layer } from "./layer.ts";
import { layerNorm, type LayerNormParams } from "./layer_norm.ts";
import { linear, type LinearParams } from "./linear.ts";

/** Options of {@linkcode mlp}. */
export interface MlpOptions {
  /** The features of each layer, hidden ones first, the output last. */
  readonly sizes: readonly number[];
  /** The function between layers; `tf.relu` by default. */
  readonly activation?: (x: Tensor) => Tensor;
  /** Whether the last layer is activated too; false by default. */
  readonly activateFinal?: boolean;
  /** Whether the result is normalised by {@linkcode layerNorm}; false by default. */
  readonly layerNorm?: boolean;
  /** Whether the layers have biases; true by default. */
  readonly useBias?: boolean;
  /** How the weights are drawn; LeCun's normal by default. */
  readonly wInit?: Initializer;
  /** How the biases are drawn; zeros by default. */
  readonly bInit?: Initializer;
}

/** Parameters of {@linkcode mlp}: of each linear layer in turn, and of the final normalisation. */
export type MlpParams = {
  readonly layers: readonly LinearParams[];
  readonly layerNorm: LayerNormParams | null;
};

/**
 * A multi-layer perceptron on the last axis: linear layers with an activation between them, and if
 * wanted a layer normalisation at the end, as in MeshGraphNets (Pfaff et al. 2021).
 *
 * @returns `init(key, inputSize)` draws the parameters; `apply(params, x)` takes float32
 * `[..., inputSize]` to `[..., sizes.at(-1)]`.
 * @throws {RangeError} If `sizes` is empty or a size is not a positive integer.
 * @throws {TypeError} When applied, if the input is not float32 or has another number of features.
 *
 * @example Two hidden layers of 16, normalised
 * ```ts
 * import { mlp, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const net = mlp({ sizes: [16, 16, 4], layerNorm: true });
 * const params = net.init(random.key(0), 3);
 * assertEquals(net.apply(params, tf.ones([10, 3])).shape, [10, 4]);
 * ```
 */
export function mlp(options: MlpOptions): Layer<MlpParams> {
  const {
    sizes,
    activation = (x: Tensor) => tf.relu(x),
    activateFinal = false,
    layerNorm: isNormalised = false,
    ...linearOptions
  } = options;
  if (!Array.isArray(sizes) || sizes.length === 0) {
    throw new RangeError(
      `Cannot make mlp() as sizes must list the features of at least one layer: got ` +
        describe(sizes),
    );
  }
  checkFunction(activation, "make mlp()", "activation");
  sizes.forEach((size: number, i: number) =>
    checkPositiveInteger(size, "make mlp()", `sizes[${i}]`)
  );
  const layers = sizes.map((size: number) => linear({ ...linearOptions, size }));
  const norm = isNormalised ? layerNorm() : null;
  return {
    init(key, inputSize) {
      checkPositiveInteger(inputSize, "make mlp()", "inputSize");
      return tidy(() => {
        const keys = tf.unstack(split(key, layers.length));
        return {
          layers: layers.map((layer, i) =>
            layer.init(keys[i]!, i === 0 ? inputSize : sizes[i - 1]!)
          ),
          layerNorm: norm?.init(key, sizes.at(-1)!) ?? null,
        };
      });
    },
    apply(params, x) {
      checkLayers(params, layers.length);
      checkInput("mlp()", x, params.layers[0]!.w.shape[0]!);
      return tf.tidy(() => {
        let y = x;
        layers.forEach((layer, i) => {
          y = layer.apply(params.layers[i]!, y);
          if (activateFinal || i < layers.length - 1) y = activation(y);
        });
        return norm ? norm.apply(params.layerNorm!, y) : y;
      });
    },
  };
}

function checkLayers(params: MlpParams, count: number): void {
  const layers: unknown = params?.layers;
  if (!Array.isArray(layers) || layers.length !== count) {
    throw new TypeError(
      `Cannot apply mlp() as its parameters must be those of init(): expected ${count} layers, got ` +
        describe(layers),
    );
  }
  layers.forEach((layer, i) => checkParam("mlp()", `layers[${i}].w`, layer?.w, 2));
}
