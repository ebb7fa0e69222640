/**
 * Learning rates that change over training, as in Optax.
 *
 * A schedule is a function of the step, an int32 scalar that starts at 0, to a float32 scalar, made
 * of ops, so that it works inside `jit`. Any such function will do.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { describe, type Tensor } from "../tree/mod.ts";

/** A value that depends on the step (an int32 scalar, or a number), float32 scalar. */
export type Schedule = (step: Tensor | number) => Tensor;

/** Options of {@linkcode exponentialDecay}. */
export interface ExponentialDecayOptions {
  /** The first step that decays; 0 by default. */
  readonly transitionBegin?: number;
  /** Whether the value falls in steps of `transitionSteps`; false by default. */
  readonly staircase?: boolean;
  /** The value is never beyond this one. */
  readonly endValue?: number;
}

/** Options of {@linkcode cosineDecay}. */
export interface CosineDecayOptions {
  /** The last value over the first; 0 by default. */
  readonly alpha?: number;
  /** The power of the cosine; 1 by default. */
  readonly exponent?: number;
}

/** Options of {@linkcode warmupCosineDecay}. */
export interface WarmupCosineDecayOptions {
  /** The last value; 0 by default. */
  readonly endValue?: number;
  /** The power of the cosine; 1 by default. */
  readonly exponent?: number;
}

/** Options of {@linkcode linear} and {@linkcode polynomial}. */
export interface TransitionOptions {
  /** The first step that changes; 0 by default. */
  readonly transitionBegin?: number;
}

/**
 * The same value at every step.
 *
 * @throws {RangeError} If `value` is not finite.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.constant(0.1);
 * assertAlmostEquals(rate(0).dataSync()[0]!, 0.1, 1e-6);
 * assertAlmostEquals(rate(1000).dataSync()[0]!, 0.1, 1e-6);
 * ```
 */
export function constant(value: number): Schedule {
  checkNumbers("constant", { value });
  return () => tf.scalar(value);
}

/**
 * `initValue * decayRate ** (step / transitionSteps)`.
 *
 * @throws {RangeError} If a number is not finite, or `transitionSteps` or `decayRate` not positive.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.exponentialDecay(0.1, 1000, 0.5);
 * assertAlmostEquals(rate(1000).dataSync()[0]!, 0.05, 1e-6);
 * assertAlmostEquals(rate(2000).dataSync()[0]!, 0.025, 1e-6);
 * ```
 */
export function exponentialDecay(
  initValue: number,
  transitionSteps: number,
  decayRate: number,
  options: ExponentialDecayOptions = {},
): Schedule {
  const { transitionBegin = 0, staircase = false, endValue } = options;
  checkNumbers("exponentialDecay", { initValue, decayRate, transitionBegin });
  if (endValue !== undefined) checkNumbers("exponentialDecay", { endValue });
  checkPositive("exponentialDecay", { transitionSteps, decayRate });
  return schedule((step) => {
    const past = tf.maximum(tf.sub(step, transitionBegin), 0);
    const power = tf.div(past, transitionSteps);
    const exponent = staircase ? wholeTimes(past, power, transitionSteps) : power;
    const decay = tf.pow(tf.scalar(decayRate), exponent);
    const value = tf.mul(decay, initValue);
    if (endValue === undefined) return value;
    return decayRate < 1 ? tf.maximum(value, endValue) : tf.minimum(value, endValue);
  });
}

/**
 * Half a cosine from `initValue` to `alpha * initValue` (Loshchilov and Hutter 2017).
 *
 * @throws {RangeError} If a number is not finite, or `decaySteps` not positive.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.cosineDecay(0.1, 1000);
 * assertAlmostEquals(rate(500).dataSync()[0]!, 0.05, 1e-6);
 * assertAlmostEquals(rate(1000).dataSync()[0]!, 0, 1e-6);
 * ```
 */
export function cosineDecay(
  initValue: number,
  decaySteps: number,
  options: CosineDecayOptions = {},
): Schedule {
  const { alpha = 0, exponent = 1 } = options;
  checkNumbers("cosineDecay", { initValue, alpha });
  // At the end of the decay a power that is not positive would be of zero.
  checkPositive("cosineDecay", { decaySteps, exponent });
  return schedule((step) => {
    const progress = tf.div(tf.minimum(step, decaySteps), decaySteps);
    const cosine = tf.mul(0.5, tf.add(1, tf.cos(tf.mul(progress, Math.PI))));
    const decay = exponent === 1 ? cosine : tf.pow(cosine, exponent);
    return tf.mul(initValue, tf.add(tf.mul(1 - alpha, decay), alpha));
  });
}

/**
 * From `initValue` straight to `peakValue` in `warmupSteps`, then a cosine to step `decaySteps`.
 *
 * @throws {RangeError} If a number is not finite, or not `0 < warmupSteps < decaySteps`.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.warmupCosineDecay(0, 0.1, 100, 1100);
 * assertAlmostEquals(rate(50).dataSync()[0]!, 0.05, 1e-6);
 * assertAlmostEquals(rate(600).dataSync()[0]!, 0.05, 1e-6);
 * ```
 */
export function warmupCosineDecay(
  initValue: number,
  peakValue: number,
  warmupSteps: number,
  decaySteps: number,
  options: WarmupCosineDecayOptions = {},
): Schedule {
  const { endValue = 0, exponent = 1 } = options;
  checkNumbers("warmupCosineDecay", { initValue, peakValue, endValue });
  checkPositive("warmupCosineDecay", {
    warmupSteps,
    "decaySteps - warmupSteps": decaySteps - warmupSteps,
  });
  const alpha = peakValue === 0 ? 0 : endValue / peakValue;
  return join([
    linear(initValue, peakValue, warmupSteps),
    cosineDecay(peakValue, decaySteps - warmupSteps, { alpha, exponent }),
  ], [warmupSteps]);
}

/**
 * A straight line from `initValue` to `endValue` in `transitionSteps`.
 *
 * @throws {RangeError} If a number is not finite, or `transitionSteps` not positive.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.linear(0.1, 0, 1000);
 * assertAlmostEquals(rate(250).dataSync()[0]!, 0.075, 1e-6);
 * assertAlmostEquals(rate(2000).dataSync()[0]!, 0, 1e-6);
 * ```
 */
export function linear(
  initValue: number,
  endValue: number,
  transitionSteps: number,
  options: TransitionOptions = {},
): Schedule {
  return polynomial(initValue, endValue, 1, transitionSteps, options);
}

/**
 * `(initValue - endValue) * (1 - step / transitionSteps) ** power + endValue`.
 *
 * @throws {RangeError} If a number is not finite, or `transitionSteps` not positive.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.polynomial(0.1, 0, 2, 1000);
 * assertAlmostEquals(rate(500).dataSync()[0]!, 0.025, 1e-6);
 * assertAlmostEquals(rate(2000).dataSync()[0]!, 0, 1e-6);
 * ```
 */
export function polynomial(
  initValue: number,
  endValue: number,
  power: number,
  transitionSteps: number,
  options: TransitionOptions = {},
): Schedule {
  const { transitionBegin = 0 } = options;
  checkNumbers("polynomial", { initValue, endValue, transitionBegin });
  checkPositive("polynomial", { transitionSteps, power });
  return schedule((step) => {
    const past = tf.clipByValue(tf.sub(step, transitionBegin), 0, transitionSteps);
    // Not 1 - past / transitionSteps, which compiled code may leave off 0, or below it, at the end.
    const rest = tf.div(tf.sub(transitionSteps, past), transitionSteps);
    const curve = power === 1 ? rest : tf.pow(rest, power);
    return tf.add(tf.mul(initValue - endValue, curve), endValue);
  });
}

/**
 * `initValue`, multiplied from each boundary step on by its scale: `{1000: 0.1, 2000: 0.1}`.
 *
 * @throws {RangeError} If the value or a scale is not finite.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.piecewiseConstant(0.1, { 1000: 0.5, 2000: 0.1 });
 * assertAlmostEquals(rate(1500).dataSync()[0]!, 0.05, 1e-6);
 * assertAlmostEquals(rate(2000).dataSync()[0]!, 0.005, 1e-6);
 * ```
 */
export function piecewiseConstant(
  initValue: number,
  boundariesAndScales: Readonly<Record<number, number>>,
): Schedule {
  checkNumbers("piecewiseConstant", { initValue, ...boundariesAndScales });
  const steps = Object.keys(boundariesAndScales ?? {}).map(Number);
  checkNumbers(
    "piecewiseConstant",
    Object.fromEntries(steps.map((step) => ["each boundary", step])),
  );
  return schedule((step) => {
    let value: Tensor = tf.scalar(initValue);
    for (const [boundary, scale] of Object.entries(boundariesAndScales)) {
      const isPast = tf.greaterEqual(step, Number(boundary));
      value = tf.where(isPast, tf.mul(value, scale), value);
    }
    return value;
  });
}

/**
 * One schedule after another: the next takes over at each boundary, and counts from there.
 *
 * @throws {RangeError} If there is not one boundary between each two schedules.
 *
 * @example
 * ```ts
 * import { schedules } from "@meshwork/meshwork";
 * import { assertAlmostEquals } from "@std/assert";
 *
 * const rate = schedules.join([schedules.linear(0, 0.1, 10), schedules.constant(0.1)], [10]);
 * assertAlmostEquals(rate(5).dataSync()[0]!, 0.05, 1e-6);
 * assertAlmostEquals(rate(500).dataSync()[0]!, 0.1, 1e-6);
 * ```
 */
export function join(schedules: readonly Schedule[], boundaries: readonly number[]): Schedule {
  if (schedules.length === 0 || boundaries.length !== schedules.length - 1) {
    throw new RangeError(
      `Cannot join schedules as a boundary lies between each two: got ${schedules.length} ` +
        `schedules and ${boundaries.length} boundaries`,
    );
  }
  checkNumbers("join", Object.fromEntries(boundaries.map((b, i) => [`boundaries[${i}]`, b])));
  const wrong = schedules.findIndex((schedule) => typeof schedule !== "function");
  if (wrong >= 0) {
    throw new TypeError(
      `Cannot join schedules as they are functions: schedule ${wrong} is ` +
        describe(schedules[wrong]),
    );
  }
  return schedule((step) =>
    schedules.slice(1).reduce((value, next, i) => {
      const boundary = boundaries[i]!;
      return tf.where(tf.less(step, boundary), value, next(tf.sub(step, boundary)));
    }, schedules[0]!(step))
  );
}

/**
 * How often `steps` fits into `past`; compiled code may round their quotient to just below that.
 */
function wholeTimes(past: Tensor, quotient: Tensor, steps: number): Tensor {
  const times = tf.floor(quotient);
  const rest = tf.sub(past, tf.mul(times, steps));
  return tf.add(times, tf.cast(tf.greaterEqual(rest, steps), "float32"));
}

/** Casts the step to float32, as all schedules compute with it. */
function schedule(fn: (step: Tensor) => Tensor): Schedule {
  return (step) =>
    tf.tidy(() => fn(typeof step === "number" ? tf.scalar(step) : tf.cast(step, "float32")));
}

function checkNumbers(name: string, values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    if (Number.isFinite(value)) continue;
    throw new RangeError(
      `Cannot make schedules.${name}() as ${key} must be a finite number: got ${describe(value)}`,
    );
  }
}

function checkPositive(name: string, values: Readonly<Record<string, number>>): void {
  for (const [key, value] of Object.entries(values)) {
    if (typeof value === "number" && value > 0 && value < Infinity) continue;
    throw new RangeError(
      `Cannot make schedules.${name}() as ${key} must be positive: got ${describe(value)}`,
    );
  }
}
