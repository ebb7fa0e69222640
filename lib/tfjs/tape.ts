/**
 * Work on tfjs's gradient tape: gradients by tensors, and nodes for what is not one kernel.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../tree/mod.ts";
import { tfjsEngine } from "./internals.ts";

/** How many gradients are being recorded around this call. */
export function gradientDepth(): number {
  return tfjsEngine().state.gradientDepth;
}

/** Whether kernels are recorded for a gradient now. */
export function isTapeOn(): boolean {
  const { gradientDepth, kernelDepth } = tfjsEngine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}

/** Calls a function as if no gradient were recorded around it; inside it may record its own. */
export function offTape<T>(fn: () => T): T {
  const { state } = tfjsEngine();
  const { activeTape, gradientDepth, kernelDepth } = state;
  Object.assign(state, { activeTape: null, gradientDepth: 0, kernelDepth: 0 });
  try {
    return fn();
  } finally {
    // tfjs frees its tape only where nothing throws.
    for (const node of state.activeTape ?? []) node.saved.forEach((tensor) => tensor.dispose());
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}

/**
 * Puts one node on the tape for what was computed off it.
 *
 * @param inputs What the outputs depend on; a tensor may come more than once.
 * @param pullBack The cotangents of all outputs to those of all inputs, float32.
 */
export function addToTape(
  name: string,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  pullBack: (dys: Tensor[]) => Tensor[],
): void {
  if (inputs.length === 0 || outputs.length === 0) return;
  const named = (values: readonly Tensor[]): [string, Tensor][] =>
    values.map((value, i) => [String(i), value]);
  const gradient = (dy: Tensor | Tensor[]): Record<string, () => Tensor> => {
    const grads = pullBack(Array.isArray(dy) ? dy : [dy]);
    return Object.fromEntries(named(grads).map(([key, grad]) => [key, () => grad]));
  };
  tfjsEngine().addTapeNode(name, Object.fromEntries(named(inputs)), outputs, gradient, [], {});
}

/** Gradients by tensors, zeros where there is no path; tfjs's tape is left as it was found. */
export function gradients(
  f: () => Tensor,
  xs: readonly Tensor[],
): { value: Tensor; grads: Tensor[] } {
  const differentiate = (): { value: Tensor; grads: Tensor[] } => {
    // tfjs wants at least one tensor to differentiate by; arguments may have none.
    const some = xs.length > 0 ? [...xs] : [tf.scalar(0)];
    const { value, grads } = tf.engine().gradients(f, some, undefined, true);
    return { value, grads: xs.map((x, i) => grads[i] ?? tf.zeros(x.shape)) };
  };
  // Where tfjs does not record, in the forward or backward pass of a tf.customGrad, the outer tape
  // may still be needed: an own one is used.
  return isTapeOn() ? differentiate() : offTape(differentiate);
}

/** Whether a tensor has a derivative. */
export function isFloat(tensor: Tensor): boolean {
  return tensor.dtype === "float32";
}

/**
 * Pulls cotangents of a function's results back to the tensors `xs` that it reads.
 *
 * @param f Gives float32 tensors.
 * @param cotangents One for each result, of its shape.
 */
export function pullBack(
  f: () => readonly Tensor[],
  xs: readonly Tensor[],
  cotangents: readonly Tensor[],
): Tensor[] {
  const loss = (): Tensor =>
    f().map((y, i) => tf.sum(tf.mul(y, cotangents[i]!))).reduce(
      (sum, term) => tf.add(sum, term),
      tf.scalar(0),
    );
  return gradients(loss, xs).grads;
}
