/**
 * Tests that need what a machine may lack: skipped there, counted as skipped, with the reason said.
 *
 * @module
 */

/** What a printed reason begins with; `tools/test.ts` gathers such lines for its summary. */
export const SKIP_MARK = "[skipped] ";

/**
 * The part of a test's definition that skips it unless a condition holds. The reason is printed.
 *
 * @example
 * ```ts
 * import { skipUnless } from "./skip.ts";
 *
 * Deno.test({
 *   name: "the page draws in a browser",
 *   ...skipUnless(Deno.env.has("CHROMIUM"), "needs a browser: CHROMIUM is not set"),
 *   fn: () => {},
 * });
 * ```
 */
export function skipUnless(condition: boolean, reason: string): { readonly ignore: boolean } {
  if (!condition) console.log(SKIP_MARK + reason);
  return { ignore: !condition };
}
