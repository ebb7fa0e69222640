/**
 * Repairs gradients of kernels with optional inputs, such as `batchNorm` without a scale or a fused
 * `matMul` without a bias: where one is absent, TensorFlow.js fails as it saves it or walks the
 * tape.
 *
 * @module
 */
import { repairOnce } from "../internals.ts";

/** Repairs the engine that this library imports; further calls do nothing. */
export function repairOptionalInputs(): void {
  repairOnce("optionalInputs", (engine) => {
    const { addTapeNode, saveTensorsForBackwardMode } = engine;
    engine.addTapeNode = function (name, inputs, ...rest): void {
      const present = Object.entries(inputs).filter(([, input]) => input);
      addTapeNode.call(this, name, Object.fromEntries(present), ...rest);
    };
    // Kernels name their optional inputs last, so that the others keep their places.
    engine.saveTensorsForBackwardMode = function (tensors) {
      return saveTensorsForBackwardMode.call(this, tensors.filter((tensor) => tensor));
    };
  });
}
