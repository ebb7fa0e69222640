/** The errors that this library adds to the built-in classes. @module */

/**
 * An engine is missing, cannot start, or cannot do what was asked of it.
 *
 * @example
 * ```ts
 * import { EngineError, init } from "@meshwork/meshwork";
 * import { assertRejects } from "@std/assert";
 *
 * await assertRejects(() => init({ engine: "abacus" }), EngineError, "no backend of that name");
 * ```
 */
export class EngineError extends Error {
  /** `"EngineError"`, which stays when class names are shortened. */
  override readonly name: string = "EngineError";
}

/** Another client was asked for than the one that runs, of which a process has one. */
export class ClientRunsError extends EngineError {}

/**
 * Something that needs values was asked of a tracer, inside `jit`; the message names the way round.
 *
 * @example Where an engine compiles
 * ```ts
 * import { init, jit, type Tensor, TracerError } from "@meshwork/meshwork";
 * import { assertThrows } from "@std/assert";
 * import * as tf from "@tensorflow/tfjs";
 *
 * const isPositive = (x: Tensor) => x.dataSync()[0]! > 0 ? x : tf.neg(x);
 * const { compiles } = await init();
 * if (compiles) assertThrows(() => jit(isPositive)(tf.scalar(1)), TracerError, "inside jit");
 * ```
 */
export class TracerError extends TypeError {
  /** `"TracerError"`, which stays when class names are shortened. */
  override readonly name: string = "TracerError";
}
