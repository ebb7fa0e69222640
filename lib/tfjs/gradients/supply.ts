/** How a gradient is put in place of TensorFlow.js's own, and what most gradients share. @module */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";
import type { InputGradients } from "../internals.ts";

/** Tensors of the forward pass, for a gradient function. */
export interface Forward {
  /** The inputs and then the outputs that were asked for. */
  readonly saved: readonly Tensor[];
  /** The attributes of the kernel. */
  // deno-lint-ignore no-explicit-any
  readonly attrs: Readonly<Record<string, any>>;
}

/** A gradient: what it needs of the forward pass, and how it pulls `dy` back. */
export interface Gradient {
  readonly inputs?: readonly string[] | "all";
  readonly outputs?: readonly boolean[];
  /** `dy` belongs to the first output, `dys` to all of them. */
  readonly pullBack: (dy: Tensor, forward: Forward, dys: readonly Tensor[]) => InputGradients;
}

/** Registers the gradient of a kernel in place of the one that TensorFlow.js has. */
export function supplyGradient(kernelName: string, gradient: Gradient): void {
  const { inputs = [], outputs = [], pullBack } = gradient;
  if (tf.getGradient(kernelName)) tf.unregisterGradient(kernelName);
  tf.registerGradient({
    kernelName,
    ...(inputs === "all" ? { saveAllInputs: true } : { inputsToSave: [...inputs] }),
    outputsToSave: [...outputs],
    gradFunc: (dy, saved, attrs) => {
      const dys = Array.isArray(dy) ? dy : [dy];
      return pullBack(dys[0]!, { saved, attrs }, dys);
    },
  });
}

/** The gradient of an input that the result depends on in steps, or not at all. */
export function zeros(input: Tensor): () => Tensor {
  return () => tf.zeros(input.shape);
}

/** Sums over the axes along which `shape` was broadcast: the transpose of broadcasting. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  const axes = tf.broadcast_util.getReductionAxes([...shape], x.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(x, axes) : x, [...shape]);
}

/** 1 where the condition holds, else 0. */
export function indicator(condition: Tensor): Tensor {
  return tf.cast(condition, "float32");
}
