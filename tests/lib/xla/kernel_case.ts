/** What cases of kernels are made of: seeded values and the call of a kernel. @module */
import * as tf from "@tensorflow/tfjs";

/** An operation on some inputs. */
export type Op = (...args: tf.Tensor[]) => tf.Tensor | tf.Tensor[];

/** Deterministic values in [-2, 2) without ties. */
function values(size: number, seed: number): Float32Array {
  let state = seed * 2654435761 >>> 0;
  return Float32Array.from({ length: size }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 30 - 2;
  });
}

export const f = (shape: number[], seed = 1): tf.Tensor =>
  tf.tensor(values(tf.util.sizeFromShape(shape), seed), shape);
export const positive = (shape: number[], seed = 1): tf.Tensor => tf.abs(f(shape, seed)).add(0.1);
export const unit = (shape: number[], seed = 1): tf.Tensor => f(shape, seed).mul(0.49);
export const i = (data: number[], shape?: number[]): tf.Tensor => tf.tensor(data, shape, "int32");
export const b = (data: number[], shape?: number[]): tf.Tensor => tf.tensor(data, shape, "bool");
export const run = (
  name: string,
  inputs: Record<string, tf.Tensor>,
  attrs = {},
): tf.Tensor | tf.Tensor[] =>
  tf.engine().runKernel(name, inputs as unknown as tf.NamedTensorMap, attrs) as tf.Tensor;
export const special = (): tf.Tensor =>
  tf.tensor1d([NaN, Infinity, -Infinity, -0, 0, 1, -1, 2.5, -2.5, 1e30]);

/** Name of a kernel -> cases: inputs and the operation. */
export type Cases = Readonly<Record<string, [() => tf.Tensor[], Op][]>>;
