/** Memory, as the system tells it. @module */

/**
 * The most memory that this process has had since the last call with `"reset"`; NaN where the
 * system, which is not Linux, does not tell. `deno run --v8-flags=--expose-gc` makes it exact.
 */
export function peakBytes(reset?: "reset"): number {
  if (Deno.build.os !== "linux") return NaN;
  (globalThis as { gc?: () => void }).gc?.();
  if (reset) Deno.writeTextFileSync("/proc/self/clear_refs", "5");
  return 1024 * Number(/VmHWM:\s*(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1]);
}
