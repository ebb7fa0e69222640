/**
 * Tensors that look like tracers, so that what refuses tracers is tested without a compiler.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import { type Compiler, registerCompiler } from "../../lib/engine/mod.ts";
import type { Tensor } from "../../lib/tree/mod.ts";

const tracers = new Set<Tensor>();

/** Marks tensors as tracers, for tests on tfjs's cpu backend. */
export async function pretendTracer<T extends Tensor>(tensor: T): Promise<T> {
  await tf.setBackend("cpu");
  const compiler = { isTracer: (t: Tensor) => tracers.has(t), isTracing: () => false };
  registerCompiler("cpu", compiler as unknown as Compiler);
  tracers.add(tensor);
  return tensor;
}
