/** A long short-term memory. @module */
import * as tf from "@tensorflow/tfjs";
import { checkPositiveInteger } from "../tensor/mod.ts";
import { tidy } from "../tfjs/mod.ts";
import { describe, formatShape, isTensor, type Tensor } from "../tree/mod.ts";
import type { Initializer } from "./initializers.ts";
import { checkInput, checkParam } from "./layer.ts";
import { linear, type LinearParams } from "./linear.ts";

/** Options of {@linkcode lstmCell}. */
export interface LstmCellOptions {
  /** The features of the state, and of the output. */
  readonly size: number;
  /** How the weights are drawn; LeCun's normal by default. */
  readonly wInit?: Initializer;
}

/** The memory of an LSTM: `hidden` and `cell`, both `[..., size]`. */
export type LstmState = { readonly hidden: Tensor; readonly cell: Tensor };

/** An LSTM cell as a pair of pure functions. */
export interface LstmCell {
  /** Draws parameters `{w [inputSize + size, 4 size], b [4 size]}` from a key. */
  init(key: Tensor, inputSize: number): LinearParams;
  /**
   * One step: input `[..., inputSize]` and the state before (zeros without one) to the output,
   * which is the new hidden state, and the new state.
   */
  apply(
    params: LinearParams,
    x: Tensor,
    state?: LstmState | null,
  ): [output: Tensor, state: LstmState];
}

/**
 * A long short-term memory (Hochreiter and Schmidhuber 1997) as in Haiku: gates i, g, f, o from one
 * linear layer on `[x, hidden]`, and 1 added to the forget gate (Jozefowicz et al. 2015):
 * `cell = sigmoid(f + 1) cell + sigmoid(i) tanh(g)`, `hidden = sigmoid(o) tanh(cell)`.
 *
 * @throws {RangeError} If a size is not a positive integer.
 * @throws {TypeError} When applied, if input or state are not float32 of fitting shapes.
 *
 * @example
 * ```ts
 * import { lstmCell, random } from "@meshwork/meshwork";
 * import { assertEquals } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const cell = lstmCell({ size: 4 });
 * const params = cell.init(random.key(0), 3);
 * const [first, state] = cell.apply(params, tf.ones([5, 3]));
 * const [second] = cell.apply(params, tf.ones([5, 3]), state);
 * assertEquals([first.shape, second.shape], [[5, 4], [5, 4]]);
 * ```
 */
export function lstmCell(options: LstmCellOptions): LstmCell {
  const { size } = options;
  checkPositiveInteger(size, "make lstmCell()", "size");
  const gates = linear({ ...options, size: 4 * size });
  return {
    init(key, inputSize) {
      checkPositiveInteger(inputSize, "make lstmCell()", "inputSize");
      return gates.init(key, inputSize + size);
    },
    apply(params, x, state) {
      checkParam("lstmCell()", "w", params?.w, 2);
      checkInput("lstmCell()", x, params.w.shape[0]! - size);
      const shape = [...x.shape.slice(0, -1), size];
      if (state) checkState(state, shape);
      return tidy(() => {
        const { hidden, cell } = state ?? { hidden: tf.zeros(shape), cell: tf.zeros(shape) };
        const joined = gates.apply(params, tf.concat([x, hidden], -1));
        const [i, g, f, o] = tf.split(joined, 4, -1) as [Tensor, Tensor, Tensor, Tensor];
        const kept = tf.mul(tf.sigmoid(tf.add(f, 1)), cell);
        const next = tf.add(kept, tf.mul(tf.sigmoid(i), tf.tanh(g)));
        const output = tf.mul(tf.sigmoid(o), tf.tanh(next));
        return [output, { hidden: output, cell: next }];
      });
    },
  };
}

function checkState(state: LstmState, shape: readonly number[]): void {
  for (const name of ["hidden", "cell"] as const) {
    const tensor: unknown = state[name];
    const fits = isTensor(tensor) && tensor.dtype === "float32" &&
      formatShape(tensor.shape) === formatShape(shape);
    if (fits) continue;
    throw new TypeError(
      `Cannot apply lstmCell() as the state must fit the input: expected ${name} to be float32 ` +
        `${formatShape(shape)}, got ${describe(tensor)} (pass the state of the last step, or null)`,
    );
  }
}
