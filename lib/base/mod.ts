/**
 * Helpers of several folders that know no tensor; nothing here imports anything.
 *
 * @module
 */
export * from "./array.ts";
export * from "./cache_folder.ts";
export * from "./display_hook.ts";
export * from "./errors.ts";
export * from "./escape.ts";
export * from "./float32.ts";
export * from "./is_file.ts";
export * from "./npy_header.ts";
export * from "./replace_file.ts";
export * from "./safetensors.ts";
export * from "./shape.ts";
