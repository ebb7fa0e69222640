/**
 * How weights are drawn before training, as in `jax.nn.initializers`: the same key gives the same
 * weights to within a rounding.
 *
 * A weight of shape `[..., fanIn, fanOut]` has its inputs in the last axis but one.
 *
 * @module
 */
import { sizeOf } from "../base/mod.ts";
import * as tf from "@tensorflow/tfjs";
import { normal, uniform } from "../random/mod.ts";
import { runKernel } from "../tfjs/mod.ts";
import { describe, formatShape, type Tensor } from "../tree/mod.ts";

/** Draws a float32 tensor of a shape from a key (int32 `[2]`). */
export type Initializer = (key: Tensor, shape: readonly number[]) => Tensor;

/**
 * All zeros.
 *
 * @returns float32 of the shape.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const w = initializers.zeros(random.key(0), [2]);
 * assertEquals([...w.dataSync()], [0, 0]);
 * ```
 */
export function zeros(_key: Tensor, shape: readonly number[]): Tensor {
  return tf.zeros([...shape]);
}

/**
 * All ones.
 *
 * @returns float32 of the shape.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const w = initializers.ones(random.key(0), [2]);
 * assertEquals([...w.dataSync()], [1, 1]);
 * ```
 */
export function ones(_key: Tensor, shape: readonly number[]): Tensor {
  return tf.ones([...shape]);
}

/**
 * The same number everywhere.
 *
 * @throws {RangeError} If it is no finite number.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 *
 * const w = initializers.constant(0.5)(random.key(0), [2]);
 * assertEquals([...w.dataSync()], [0.5, 0.5]);
 * ```
 */
export function constant(value: number): Initializer {
  checkFinite("constant()", "value", value);
  return (_key, shape) => tf.fill([...shape], value, "float32");
}

/** The error function at √2: the chance that a normal number is within 2 standard deviations. */
const WITHIN_TWO = 0.9544997361036416;

/** Standard deviation of a normal distribution that is cut off at 2. */
const STDDEV_WITHIN_TWO = 0.87962566103423978;

/**
 * Normal numbers of the given scale, redrawn beyond two of it; so their deviation is 0.88 of it.
 *
 * @throws {TypeError} When called, if the key is no key or the shape no array.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.truncatedNormal(0.1)(random.key(0), [100]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= 0.2));
 * ```
 */
export function truncatedNormal(scale = 1): Initializer {
  checkFinite("truncatedNormal()", "scale", scale);
  return (key, shape) =>
    tf.tidy(() => {
      const x = uniform(key, shape, { minval: -WITHIN_TWO, maxval: WITHIN_TWO });
      const standard = tf.mul(runKernel("ErfInv", { x }), Math.SQRT2);
      return tf.mul(tf.clipByValue(standard, -2, 2), scale);
    });
}

/** The divisor of {@linkcode varianceScaling}: number of inputs, of outputs, or their mean. */
export type Fan = "in" | "out" | "average";

/** The distributions of {@linkcode varianceScaling}. */
export type Distribution = "truncatedNormal" | "normal" | "uniform";

/**
 * Numbers of mean 0 and variance `scale / fan`: the family that the named initialisers belong to.
 *
 * @throws {RangeError} If an argument makes no sense; when called, for a shape of fewer than two
 * axes.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.varianceScaling(3, "in", "uniform")(random.key(0), [9, 5]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= 1));
 * ```
 */
export function varianceScaling(
  scale: number,
  fan: Fan,
  distribution: Distribution = "truncatedNormal",
): Initializer {
  checkFinite("varianceScaling()", "scale", scale);
  checkOneOf("fan", FANS, fan);
  checkOneOf("distribution", DISTRIBUTIONS, distribution);
  if (scale < 0) {
    throw new RangeError(
      `Cannot make varianceScaling() as scale must not be negative: got ${scale}`,
    );
  }
  return (key, shape) => {
    const deviation = Math.sqrt(scale / Math.max(1, countFan(shape, fan)));
    return tf.tidy(() => {
      switch (distribution) {
        case "truncatedNormal":
          return truncatedNormal(deviation / STDDEV_WITHIN_TWO)(key, shape);
        case "normal":
          return tf.mul(normal(key, shape), deviation);
        case "uniform": {
          const x = uniform(key, shape, { minval: -1, maxval: 1 });
          return tf.mul(x, Math.sqrt(3) * deviation);
        }
      }
    });
  };
}

const FANS: readonly Fan[] = ["in", "out", "average"];
const DISTRIBUTIONS: readonly Distribution[] = ["truncatedNormal", "normal", "uniform"];

function checkFinite(initializer: string, name: string, value: unknown): void {
  if (Number.isFinite(value)) return;
  throw new RangeError(
    `Cannot make ${initializer} as ${name} must be a finite number: got ${describe(value)}`,
  );
}

function checkOneOf(name: string, known: readonly string[], value: unknown): void {
  if (known.includes(value as string)) return;
  throw new RangeError(
    `Cannot make varianceScaling() as ${name} must be one of ${known.join(", ")}: got ` +
      describe(value),
  );
}

function countFan(shape: readonly number[], fan: Fan): number {
  if (shape.length < 2) {
    throw new RangeError(
      `Cannot draw weights as their scale is by fan-in and fan-out, which take a shape ` +
        `[..., fanIn, fanOut]: got ${formatShape(shape)} (use truncatedNormal(), zeros or ones)`,
    );
  }
  const [fanIn, fanOut] = shape.slice(-2) as [number, number];
  const window = sizeOf(shape.slice(0, -2));
  return window * (fan === "in" ? fanIn : fan === "out" ? fanOut : (fanIn + fanOut) / 2);
}

/**
 * Variance 1 / fanIn (LeCun et al. 1998): the default of {@linkcode linear}.
 *
 * @throws {RangeError} When called, for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.lecunNormal()(random.key(0), [25, 4]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= (2 / 0.8796) / 5));
 * ```
 */
export function lecunNormal(): Initializer {
  return varianceScaling(1, "in");
}

/**
 * Variance 1 / fanIn, uniform.
 *
 * @throws {RangeError} When called, for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.lecunUniform()(random.key(0), [25, 4]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= Math.sqrt(3) / 5));
 * ```
 */
export function lecunUniform(): Initializer {
  return varianceScaling(1, "in", "uniform");
}

/**
 * Variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010).
 *
 * @throws {RangeError} When called, for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.glorotNormal()(random.key(0), [20, 30]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= (2 / 0.8796) / 5));
 * ```
 */
export function glorotNormal(): Initializer {
  return varianceScaling(1, "average");
}

/**
 * Variance 2 / (fanIn + fanOut), uniform.
 *
 * @throws {RangeError} When called, for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.glorotUniform()(random.key(0), [20, 30]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= Math.sqrt(3) / 5));
 * ```
 */
export function glorotUniform(): Initializer {
  return varianceScaling(1, "average", "uniform");
}

/**
 * Variance 2 / fanIn, for ReLU (He et al. 2015).
 *
 * @throws {RangeError} When called, for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.heNormal()(random.key(0), [50, 4]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= (2 / 0.8796) / 5));
 * ```
 */
export function heNormal(): Initializer {
  return varianceScaling(2, "in");
}

/**
 * Variance 2 / fanIn, uniform.
 *
 * @throws {RangeError} When called, for a shape of fewer than two axes.
 *
 * @example
 * ```ts
 * import { initializers, random } from "@meshwork/meshwork";
 * import { assert } from "@std/assert";
 *
 * const w = initializers.heUniform()(random.key(0), [50, 4]);
 * assert(w.dataSync().every((value) => Math.abs(value) <= Math.sqrt(3) / 5));
 * ```
 */
export function heUniform(): Initializer {
  return varianceScaling(2, "in", "uniform");
}
