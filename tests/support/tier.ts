/**
 * The two tiers of tests: `deno task test` with reduced counts, `deno task test:long` with full
 * ones.
 *
 * @module
 */
import { skipUnless } from "./skip.ts";

/** Whether the long tier runs. */
export const isLong: boolean = Deno.env.get("MESHWORK_TEST_TIER") === "long";

/** A count of steps, cases or epochs: `full` in the long tier, `reduced` otherwise. */
export function steps(reduced: number, full: number): number {
  return isLong ? full : reduced;
}

/** Registers a test that runs in the long tier only and is counted as skipped otherwise. */
export function longTest(name: string, fn: (t: Deno.TestContext) => void | Promise<void>): void {
  Deno.test({ name, ...skipUnless(isLong, "runs in the long tier: deno task test:long"), fn });
}
