/**
 * Specs that hold TensorFlow.js to derivatives which this library corrects: they are run with
 * tfjs's own gradients, so that they still test the kernels of a backend.
 *
 * What is right is held by finite differences in `tests/lib/tfjs/gradients_test.ts`.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";

/** Specs as `file › full name`, by what tfjs has otherwise. */
const CORRECTED: Readonly<Record<string, readonly string[]>> = {
  "tfjs refuses to differentiate logicalAnd; its derivative is 0, as that of comparisons": [
    "gradients_test.js › gradients errors if relevant ops are missing grads",
  ],
  "tfjs differentiates the floored quotient of integers as if it were not floored": [
    "ops/arithmetic_test.js › div gradient: Tensor1D with int32",
    "ops/arithmetic_test.js › div gradient: 1d<int32> with 1d<bool>",
  ],
  "tfjs divides by the size of the whole window where the mean is over the part inside": [
    "ops/avg_pool_test.js › avgPool gradient x=[3,3,1] f=[3,3] s=1 p=explicit",
  ],
  "tfjs gives the first of two equal operands all of the gradient; they share it, as in JAX": [
    "ops/binary_ops_test.js › maximum gradients: Tensor1D",
    "ops/binary_ops_test.js › maximum gradients: Tensor2D",
    "ops/binary_ops_test.js › minimum gradients: Tensor1D",
    "ops/binary_ops_test.js › minimum gradients: Tensor2D",
  ],
  "tfjs gives each of several equal extrema the whole gradient; they share it, as in JAX": [
    "ops/max_test.js › max max gradient: 1D, ties",
    "ops/max_test.js › max max gradient: ties, 2D, axes=-1, keepDims=false",
    "ops/max_test.js › max max gradient: ties, 3D, axes=[1, 2], keepDims=false",
    "ops/max_test.js › max max gradient: ties, 4D, axes=[1, 2, 3], keepDims=false",
    "ops/max_test.js › max max gradient: ties, 4D, axes=[2, 3], keepDims=true",
    "ops/min_test.js › min min gradient: 1D, ties",
    "ops/min_test.js › min min gradient: ties, 2D, axes=-1, keepDims=false",
    "ops/min_test.js › min min gradient: ties, 3D, axes=[1, 2], keepDims=false",
    "ops/min_test.js › min min gradient: ties, 4D, axes=[1, 2, 3], keepDims=false",
    "ops/min_test.js › min min gradient: ties, 4D, axes=[2, 3], keepDims=true",
  ],
  "tfjs drops the gradient of what was mirrored": [
    "ops/mirror_pad_test.js › mirrorPad grad",
    "ops/mirror_pad_test.js › mirrorPad gradient with clones",
  ],
};

/** Those specs, as `file › full name`. */
export const OWN_GRADIENTS: ReadonlySet<string> = new Set(Object.values(CORRECTED).flat());

/** The kernels of those specs. */
const KERNELS = [
  "LogicalAnd",
  "FloorDiv",
  "AvgPool",
  "Maximum",
  "Minimum",
  "Max",
  "Min",
  "MirrorPad",
];

/** The gradients of those kernels that are registered now. */
export function currentGradients(): ReadonlyMap<string, tf.GradConfig | undefined> {
  return new Map(KERNELS.map((name) => [name, tf.getGradient(name)]));
}

/** Registers gradients in place of the current ones. */
export function useGradients(gradients: ReadonlyMap<string, tf.GradConfig | undefined>): void {
  for (const [name, gradient] of gradients) {
    if (tf.getGradient(name)) tf.unregisterGradient(name);
    if (gradient) tf.registerGradient(gradient);
  }
}

/** Whether a spec is one of tfjs's own gradients. */
export function needsOwnGradients(spec: string): boolean {
  return OWN_GRADIENTS.has(spec);
}
