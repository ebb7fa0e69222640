/** A client of the PJRT C API over Deno's FFI. Nothing is loaded at import. @module */
export { PjrtBuffer } from "./buffer.ts";
export { PjrtClient } from "./client.ts";
export { PjrtError } from "./errors.ts";
export { PjrtExecutable } from "./executable.ts";
export { keepMemory, type KeptMemory } from "./kept_memory.ts";
export { liveBuffers, liveExecutables } from "./native.ts";
export { encodeCompileOptions } from "./options.ts";
export { loadPlugin, PjrtPlugin } from "./plugin.ts";
export type { BufferElement, BufferType } from "./types.ts";
