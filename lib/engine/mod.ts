/** Which engine there is; importing it repairs tfjs's tape and registers this library's kernels. @module */
import "./gradients.ts";
import "./kernels/einsum.ts";
import "./kernels/random.ts";
import "./kernels/scatter.ts";
import "./kernels/segment.ts";
import { quietCpuBackend } from "./quiet.ts";
import { repairCpu } from "./repair_cpu.ts";
import { repairTape } from "./repair_tape.ts";

quietCpuBackend();
repairCpu();
repairTape();

export * from "./cpu_kernel.ts";
export { EngineError, TracerError } from "../base/mod.ts";
export * from "./init.ts";
export * from "./lend_kernels.ts";
export * from "./registry.ts";
export * from "./tidy.ts";
export * from "./without_gradient.ts";
