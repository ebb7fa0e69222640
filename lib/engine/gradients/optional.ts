/**
 * Repairs gradients of kernels with optional inputs, such as `batchNorm` without a scale or a fused
 * `matMul` without a bias: where one is absent, TensorFlow.js fails as it saves it or walks the tape.
 *
 * @module
 */
import * as tf from "@tensorflow/tfjs";
import type { Tensor } from "../../tree/mod.ts";

interface TapeEngine {
  addTapeNode(name: string, inputs: Record<string, Tensor | undefined>, ...rest: unknown[]): void;
  saveTensorsForBackwardMode(tensors: (Tensor | undefined)[]): Tensor[];
}

const REPAIRED = Symbol.for("meshwork.optionalInputs.repaired");

/** Repairs the engine that this library imports; further calls do nothing. */
export function repairOptionalInputs(): void {
  const engine = tf.engine() as unknown as TapeEngine & { [REPAIRED]?: boolean };
  if (engine[REPAIRED]) return;
  engine[REPAIRED] = true;
  const { addTapeNode, saveTensorsForBackwardMode } = engine;
  engine.addTapeNode = function (name, inputs, ...rest): void {
    const present = Object.entries(inputs).filter(([, input]) => input);
    addTapeNode.call(this, name, Object.fromEntries(present), ...rest);
  };
  // Kernels name their optional inputs last, so that the others keep their places.
  engine.saveTensorsForBackwardMode = function (tensors): Tensor[] {
    return saveTensorsForBackwardMode.call(this, tensors.filter((tensor) => tensor));
  };
}
