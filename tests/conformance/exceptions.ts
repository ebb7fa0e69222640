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
export const EXCEPTIONS: readonly Exception[] = [];
