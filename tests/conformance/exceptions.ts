/**
 * Specs that pass on tfjs's cpu backend and cannot hold on another, each with the reason.
 *
 * An exception that passes counts as a failure, so that none outlives its reason.
 *
 * @module
 */

/** Why specs cannot hold on a backend. */
export interface Exception {
  /** The backend, or `xla, host kernels off`. */
  readonly mode: string;
  readonly reason: string;
  /** Specs as `file › full name`. */
  readonly specs: readonly string[];
}

/** All exceptions. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    mode: "xla, host kernels off",
    reason:
      "the compiler's tan near a pole is off by one in the last place, more than the 0.001 allowed",
    specs: ["ops/tan_test.js › tan numbers exceed float32 precision"],
  },
];
