/** Which engine there is; importing it repairs tfjs's tape and registers this library's kernels. @module */
import "./gradients.ts";
import "./kernels/random.ts";
import "./kernels/scatter.ts";
import "./kernels/segment.ts";
import { quietCpuBackend } from "./quiet.ts";
import { repairTape } from "./repair_tape.ts";

quietCpuBackend();
repairTape();

export * from "./cpu_kernel.ts";
export * from "./errors.ts";
export * from "./init.ts";
export * from "./lend_kernels.ts";
export * from "./registry.ts";
export * from "./tidy.ts";
export * from "./without_gradient.ts";
