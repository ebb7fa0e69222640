/** Functions that a plugin need not have. @module */
import type { FunctionName, PjrtApi } from "./api.ts";
import { PjrtError } from "./errors.ts";
import type { Struct, StructName } from "./struct.ts";

/** Calls a function that a plugin need not have; false if it has not. */
export function callIfThere(
  api: PjrtApi,
  name: FunctionName,
  args: Struct<StructName>,
): boolean {
  try {
    api.call(name, args);
    return true;
  } catch (error) {
    if (error instanceof PjrtError && error.code === "UNIMPLEMENTED") return false;
    throw error;
  }
}
