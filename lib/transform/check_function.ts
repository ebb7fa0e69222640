/** What transformations ask of the functions that they are given. @module */
import { describe } from "../tree/mod.ts";

/** Fails unless `value` is a function. */
export function checkFunction(action: string, what: string, value: unknown): void {
  if (typeof value === "function") return;
  throw new TypeError(`Cannot ${action} as ${what} must be a function: got ${describe(value)}`);
}
