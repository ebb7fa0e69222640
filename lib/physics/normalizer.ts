/** Features scaled by the mean and spread of what was seen so far. @module */
import * as tf from "@tensorflow/tfjs";
import { describe, isTensor, type Tensor } from "../tree/mod.ts";

/** The sums of what was seen: a tree of float32 tensors. */
export type NormalizerState = {
  /** `[]`: rows seen. */
  readonly count: Tensor;
  /** `[]`: calls that counted. */
  readonly numAccumulations: Tensor;
  /** `[F]`: the mean of the first rows that were seen; zeros before. */
  readonly shift: Tensor;
  /** `[F]`: of the rows less the shift. */
  readonly sum: Tensor;
  /** `[F]`: of the squares of the rows less the shift. */
  readonly sumSquared: Tensor;
};

/** Options of {@linkcode normalizer}. */
export interface NormalizerOptions {
  /** After so many calls of `accumulate` the statistics stay as they are; 1e6 by default. */
  readonly maxAccumulations?: number;
  /** No standard deviation is taken to be smaller; 1e-8 by default. */
  readonly minStd?: number;
}

/** An online normaliser: pure functions over its {@linkcode NormalizerState}. */
export interface Normalizer {
  /** The state before anything was seen, for rows of F features. */
  init(size: number): NormalizerState;
  /** Counts rows `[N, F]`, or those where `mask` `[N]` (float32 or bool) is not 0. */
  accumulate(state: NormalizerState, rows: Tensor, mask?: Tensor | null): NormalizerState;
  /** `(rows - mean) / std`, `[N, F]`. */
  normalize(state: NormalizerState, rows: Tensor): Tensor;
  /** `rows * std + mean`, `[N, F]`. */
  inverse(state: NormalizerState, rows: Tensor): Tensor;
}

/**
 * Makes an online normaliser, as in MeshGraphNets (`normalization.py`).
 *
 * The mean is E[x], the standard deviation `max(√max(E[y²] - E[y]², 0), minStd)` of y = x - s. The
 * shift s, the mean of the first rows, is not in MeshGraphNets: without it float32 loses the
 * deviation of a feature whose mean is a thousand times larger, such as a pressure. Nor is the
 * inner maximum: rounding makes the difference of two nearly equal numbers slightly negative, and
 * its root NaN. Before anything was seen, the mean is 0 and the deviation `minStd`.
 *
 * @param options When to stop counting, and the smallest deviation.
 * @returns `{init, accumulate, normalize, inverse}`; all work inside `jit`.
 * @throws {RangeError} If an option is not positive.
 *
 * @example
 * ```ts
 * import { normalizer } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const { init, accumulate, normalize } = normalizer();
 * const rows = tf.tensor2d([[1], [5]]);
 * const state = accumulate(init(1), rows);
 * assertEquals(normalize(state, rows).arraySync(), [[-1], [1]]);
 * ```
 */
export function normalizer(
  { maxAccumulations = 1e6, minStd = 1e-8 }: NormalizerOptions = {},
): Normalizer {
  if (!(maxAccumulations > 0 && minStd > 0)) {
    throw new RangeError(
      `Cannot make a normalizer as its options are positive numbers: maxAccumulations is ` +
        `${maxAccumulations}, minStd is ${minStd}`,
    );
  }
  /** The mean less the shift, and the standard deviation. */
  const moments = ({ count, sum, sumSquared }: NormalizerState): { mean: Tensor; std: Tensor } => {
    const rows = tf.maximum(count, 1);
    const mean = tf.div(sum, rows);
    const variance = tf.sub(tf.div(sumSquared, rows), tf.square(mean));
    return { mean, std: tf.maximum(tf.sqrt(tf.maximum(variance, 0)), minStd) };
  };
  return {
    init: (size) => {
      if (!Number.isInteger(size) || size < 0) {
        throw new RangeError(
          `Cannot make a normalizer's state as size is a number of features: got ${describe(size)}`,
        );
      }
      const [shift, sum, sumSquared] = [0, 0, 0].map(() => tf.zeros([size]));
      return {
        count: tf.scalar(0),
        numAccumulations: tf.scalar(0),
        shift: shift!,
        sum: sum!,
        sumSquared: sumSquared!,
      };
    },
    accumulate: (state, rows, mask = null) => {
      checkRows(state, rows, mask, "accumulate");
      return tf.tidy(() => accumulate(state, rows, mask, maxAccumulations));
    },
    normalize: (state, rows) => {
      checkRows(state, rows, null, "normalize");
      return tf.tidy(() => {
        const { mean, std } = moments(state);
        return tf.div(tf.sub(tf.sub(rows, state.shift), mean), std);
      });
    },
    inverse: (state, rows) => {
      checkRows(state, rows, null, "undo the normalisation of");
      return tf.tidy(() => {
        const { mean, std } = moments(state);
        return tf.add(tf.add(tf.mul(rows, std), mean), state.shift);
      });
    },
  };
}

function accumulate(
  state: NormalizerState,
  rows: Tensor,
  mask: Tensor | null,
  maxAccumulations: number,
): NormalizerState {
  const counted = tf.cast(mask ?? tf.ones([rows.shape[0]!]), "bool");
  // Not a product with 0 and 1: rows that do not count may hold anything.
  const keep = (x: Tensor): Tensor => tf.where(tf.expandDims(counted, 1), x, tf.zerosLike(x));
  const counts = tf.less(state.numAccumulations, maxAccumulations);
  const plus = (total: Tensor, more: Tensor): Tensor =>
    tf.where(counts, tf.add(total, more), total);
  const count = tf.sum(tf.cast(counted, "float32"));
  const mean = tf.div(tf.sum(keep(rows), 0), tf.maximum(count, 1));
  const shift = tf.where(tf.equal(state.count, 0), mean, state.shift);
  const shifted = keep(tf.sub(rows, shift));
  return {
    count: plus(state.count, count),
    numAccumulations: plus(state.numAccumulations, tf.scalar(1)),
    shift,
    sum: plus(state.sum, tf.sum(shifted, 0)),
    sumSquared: plus(state.sumSquared, tf.sum(tf.square(shifted), 0)),
  };
}

function checkRows(
  state: NormalizerState,
  rows: Tensor,
  mask: Tensor | null,
  action: string,
): void {
  if (!isTensor(state?.sum)) {
    throw new TypeError(
      `Cannot ${action} rows as the state must be that of init(): got ${describe(state)}`,
    );
  }
  const size = state.sum.shape[0];
  if (!isTensor(rows) || rows.dtype !== "float32" || rows.rank !== 2 || rows.shape[1] !== size) {
    throw new TypeError(
      `Cannot ${action} rows as the normalizer counts ${size} features: expected float32 ` +
        `[N, ${size}], got ${describe(rows)}`,
    );
  }
  if (mask && (!isTensor(mask) || mask.rank !== 1 || mask.shape[0] !== rows.shape[0])) {
    throw new TypeError(
      `Cannot ${action} rows as the mask has a value a row: expected [${rows.shape[0]}], got ` +
        describe(mask),
    );
  }
}
