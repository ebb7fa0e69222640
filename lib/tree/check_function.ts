/** The check of functions that users pass. @module */
import { describe } from "./tensor.ts";

/** Fails unless what a user passed is a function. */
export function checkFunction(value: unknown, action: string, name: string): void {
  if (typeof value === "function") return;
  throw new TypeError(
    `Cannot ${action} as ${name} must be a function: got ${describe(value)}`,
  );
}
