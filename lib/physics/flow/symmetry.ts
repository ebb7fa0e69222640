/** Symmetries of flows, to learn more from few trajectories. @module */
import * as tf from "@tensorflow/tfjs";
import { tidy } from "../../tfjs/mod.ts";
import { uniform } from "../../random/mod.ts";
import { describe, type Tensor } from "../../tree/mod.ts";

/** Options of {@linkcode drawFlowSymmetry}; nothing is changed by default. */
export interface FlowSymmetryOptions {
  /** Mirrors half of the frames along this axis (1: upside down). */
  readonly mirrorAxis?: number | null;
  /** Scales lengths by a factor between 1 / (1 + s) and 1 + s, and velocities with them. */
  readonly lengthScale?: number;
  /** Runs time faster or slower by such a factor: velocities grow, the next frame is another. */
  readonly timeScale?: number;
}

/** Factors for each of B frames; null where nothing changes. */
export type FlowSymmetry = {
  /** Factors on positions, float32 `[B, 1, D]`. */
  readonly position: Tensor | null;
  /** Factors on velocities, float32 `[B, 1, D]`. */
  readonly velocity: Tensor | null;
  /** Frames of the trajectory that make one step, float32 `[B]`. */
  readonly clock: Tensor | null;
  /** Where between two frames to begin, float32 `[B]` in [0, 1). */
  readonly phase: Tensor | null;
};

/**
 * Draws a symmetry for each of B frames.
 *
 * Flows of the Euler equations stay flows when mirrored, and when lengths are scaled by b and time
 * runs q times faster: `v'(x, t) = b q v(x / b, q t)`. With viscosity the last two are no
 * symmetries, as the Reynolds number changes by b² q; for small scales it is a family of near-by
 * flows.
 *
 * @param key A key of `random`.
 * @param copies B.
 * @param dimension D.
 * @param options Which symmetries.
 * @returns Factors to apply.
 * @throws {RangeError} If the axis is none of D, or a scale is negative.
 */
export function drawFlowSymmetry(
  key: Tensor,
  copies: number,
  dimension: number,
  options: FlowSymmetryOptions,
): FlowSymmetry {
  const { mirrorAxis = null, lengthScale = 0, timeScale = 0 } = options;
  checkOptions(mirrorAxis, lengthScale, timeScale, dimension);
  return tidy(() => {
    const draws = tf.unstack(uniform(key, [4, copies]));
    const [side, size, pace, phase] = draws as [Tensor, Tensor, Tensor, Tensor];
    const mirrored = mirrorAxis === null ? null : mirror(side, dimension, mirrorAxis);
    const length = factor(size, lengthScale);
    const clock = factor(pace, timeScale);
    const column = (x: Tensor | null): Tensor | null => x && tf.reshape(x, [copies, 1, 1]);
    const position = product(mirrored, column(length), [copies, 1, dimension]);
    return {
      position,
      velocity: product(position, column(clock), [copies, 1, dimension]),
      clock,
      phase: clock && phase,
    };
  });
}

/**
 * Frames between frames, by Catmull and Rom's cubic through the two before and the two after.
 *
 * @param frames float32 `[T, N, D]` with T at least 4.
 * @param time float32 `[B]`, from 1 to T - 2.
 * @returns `[B, N, D]`; at a whole number, that frame.
 * @throws {RangeError} If there are fewer than four frames.
 */
export function interpolateFrames(frames: Tensor, time: Tensor): Tensor {
  const [numFrames, ...rest] = frames.shape as [number, ...number[]];
  if (numFrames < 4) {
    throw new RangeError(
      `Cannot interpolate frames as a cubic needs four: got ${describe(frames)} ` +
        `(set timeScale to 0)`,
    );
  }
  return tf.tidy(() => {
    const before = tf.clipByValue(tf.floor(time), 1, numFrames - 3);
    const u = tf.sub(time, before);
    const [u2, u3] = [tf.square(u), tf.mul(u, tf.square(u))];
    const cubic = (c1: number, c2: number, c3: number): Tensor =>
      tf.addN([tf.mul(u, c1 / 2), tf.mul(u2, c2 / 2), tf.mul(u3, c3 / 2)]);
    const weights = [
      cubic(-1, 2, -1),
      tf.add(cubic(0, -5, 3), 1),
      cubic(1, 4, -3),
      cubic(0, -1, 1),
    ];
    const first = tf.sub(tf.cast(before, "int32"), tf.scalar(1, "int32"));
    const terms = weights.map((weight, i) => {
      const frame = tf.gather(frames, tf.add(first, tf.scalar(i, "int32")));
      return tf.mul(frame, tf.reshape(weight, [-1, ...rest.map(() => 1)]));
    });
    return tf.addN(terms);
  });
}

/** -1 on the axis where a draw is below one half, 1 elsewhere: `[B, 1, D]`. */
function mirror(draws: Tensor, dimension: number, axis: number): Tensor {
  const flips = tf.cast(tf.less(tf.reshape(draws, [-1, 1, 1]), 0.5), "float32");
  const onAxis = tf.cast(tf.oneHot(tf.tensor1d([axis], "int32"), dimension), "float32");
  return tf.sub(1, tf.mul(tf.mul(flips, 2), tf.reshape(onAxis, [1, 1, dimension])));
}

/** Factors between 1 / (1 + scale) and 1 + scale from draws in [0, 1), even in their logarithm. */
function factor(draws: Tensor, scale: number): Tensor | null {
  if (scale === 0) return null;
  return tf.exp(tf.mul(tf.sub(tf.mul(draws, 2), 1), Math.log1p(scale)));
}

function product(a: Tensor | null, b: Tensor | null, shape: number[]): Tensor | null {
  if (!a || !b) return (a ?? b) && tf.broadcastTo((a ?? b)!, shape);
  return tf.mul(a, b);
}

function checkOptions(
  mirrorAxis: number | null,
  lengthScale: number,
  timeScale: number,
  dimension: number,
): void {
  const axisFits = mirrorAxis === null ||
    Number.isInteger(mirrorAxis) && mirrorAxis >= 0 && mirrorAxis < dimension;
  if (axisFits && lengthScale >= 0 && timeScale >= 0) return;
  throw new RangeError(
    `Cannot draw a symmetry as mirrorAxis is one of ${dimension} axes and scales are not negative: ` +
      `mirrorAxis is ${mirrorAxis}, lengthScale is ${lengthScale}, timeScale is ${timeScale}`,
  );
}
