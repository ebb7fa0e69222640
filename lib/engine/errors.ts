/** The errors that this library adds to the built-in classes. @module */

/** An engine is missing, cannot start, or cannot do what was asked of it. */
export class EngineError extends Error {
  override readonly name: string = "EngineError";
}

/** Something that needs values was asked of a tracer, inside `jit`; the message names the way round. */
export class TracerError extends TypeError {
  override readonly name: string = "TracerError";
}
