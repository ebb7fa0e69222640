/**
 * Repairs `tf.customGrad`, on which ops of TensorFlow.js such as `logSigmoid` and
 * `softmaxCrossEntropy` are built too.
 *
 * A custom gradient runs its forward pass off the tape. So what it saves for its backward pass,
 * other than inputs and results, has no derivative, and second derivatives are silently wrong; and
 * inputs that the backward pass reaches by closure, unsaved, are freed before it runs.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import {
  type CustomForward,
  type CustomFunction,
  repairOnce,
  type TfjsEngine,
} from "../internals.ts";

/** A copy of an input that is on the tape and lives as long as the tape does. */
function hold(engine: TfjsEngine, x: Tensor): Tensor {
  engine.state.kernelDepth++;
  try {
    const held = tf.keep(tf.clone(x));
    engine.addTapeNode("Identity", { x }, [held], null, [held], {});
    return held;
  } finally {
    engine.state.kernelDepth--;
  }
}

/** Runs the forward pass on the tape, so that what it saves has derivatives. */
function runOnTape(
  f: CustomFunction,
  inputs: readonly Tensor[],
): CustomForward & { saved: Tensor[] } {
  let gradFunc: CustomForward["gradFunc"];
  const [value, ...saved] = tf.tidy(() => {
    let own: Tensor[] = [];
    const result = f(...inputs, (tensors: Tensor[]) => own = tensors);
    gradFunc = result.gradFunc;
    return [result.value, ...own];
  }) as [Tensor, ...Tensor[]];
  return { value, saved, gradFunc: gradFunc! };
}

/** Repairs the engine that this library imports; further calls do nothing. */
export function repairCustomGradients(): void {
  repairOnce("customGrad", (engine) => {
    const { customGrad } = engine;
    engine.customGrad = (f) => (...inputs) => {
      if (!engine.isTapeOn() || inputs.length === 0) return customGrad.call(engine, f)(...inputs);
      const held = inputs.map((x) => hold(engine, x));
      // Only the backward pass of a gradient inside another is differentiated itself.
      const forward = engine.state.gradientDepth > 1 ? runOnTape(f, held) : null;
      const run: CustomFunction = (...args) => {
        const save = args.at(-1) as (tensors: Tensor[]) => void;
        if (!forward) return f(...held, save);
        save(forward.saved);
        return { value: tf.clone(forward.value), gradFunc: forward.gradFunc };
      };
      return customGrad.call(engine, run)(...inputs);
    };
  });
}
