/**
 * All that knows the insides of TensorFlow.js; importing it repairs the tape and some kernels, and
 * registers gradients and this library's kernels, and lets tensors show themselves.
 *
 * @module
 */
import "./gradients.ts";
import "./kernels/einsum.ts";
import "./kernels/random.ts";
import "./kernels/scatter.ts";
import "./kernels/segment.ts";
import { quietCpuBackend } from "./quiet.ts";
import { repairCpu } from "./repair_cpu.ts";
import { repairTape } from "./repair_tape.ts";
import { showTensors } from "./show_tensors.ts";

quietCpuBackend();
repairCpu();
repairTape();
showTensors();

export * from "./cpu_kernel.ts";
export * from "./internals.ts";
export * from "./lend_kernels.ts";
export * from "./tape.ts";
export * from "./tidy.ts";
export * from "./variables.ts";
export * from "./wasm/mod.ts";
export * from "./without_gradient.ts";
