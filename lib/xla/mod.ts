/**
 * The XLA engine itself: its graph, its passes and its counters, for those who look inside.
 *
 * `init` of the main module loads this by itself; importing it starts nothing.
 *
 * @module
 */
export * from "./hlo/mod.ts";
export { hostKernels, setHostKernels } from "./host_kernels.ts";
export { type InstalledEngine, installedEngine } from "./install.ts";
export { KERNELS } from "./kernels/mod.ts";
export { passNames, setPass } from "./passes/mod.ts";
export { liveBuffers, liveExecutables } from "./pjrt/mod.ts";
export { type RuntimeStats } from "./runtime.ts";
