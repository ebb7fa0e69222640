/**
 * How a value shows itself where a notebook's cell ends with it: the method that Jupyter's kernels
 * ask for, and the two ways to put it on an object.
 *
 * @module
 */

/** One output in several forms, by MIME type; the viewer takes the richest that it knows. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The method that a value's output is asked of, for values that end a cell. */
const HOOK = Symbol.for("Jupyter.display");

/** The method that `console.log` asks for. */
const INSPECT = Symbol.for("Deno.customInspect");

/** How a value shows itself. */
export interface Appearance<T> {
  /** One line, or a text table, for terminals. */
  text(value: T): string;
  /** For notebooks. */
  bundle(value: T): MimeBundle | Promise<MimeBundle>;
}

/**
 * The hooks as properties to spread into a value. They are methods, so that they show the object
 * that carries them now: a spread copies them on.
 */
export function displayHooks<T extends object>(
  appearance: Appearance<T>,
): Readonly<Record<symbol, unknown>> {
  return {
    [HOOK](this: T): MimeBundle | Promise<MimeBundle> {
      return appearance.bundle(this);
    },
    [INSPECT](this: T): string {
      return appearance.text(this);
    },
  };
}

/**
 * Gives a plain value an appearance: as the last value of a notebook's cell, and as a string. Both
 * are hidden properties, so that the value compares, spreads and serialises as the plain data it
 * is.
 */
export function displayable<T extends object>(value: T, appearance: Appearance<T>): T {
  Object.defineProperty(value, HOOK, { value: () => appearance.bundle(value) });
  Object.defineProperty(value, "toString", { value: () => appearance.text(value) });
  return value;
}

/** The output of a value that shows itself, or undefined. */
export function bundleOf(value: object): Promise<MimeBundle> | undefined {
  const hook = (value as { [HOOK]?: () => MimeBundle | Promise<MimeBundle> })[HOOK];
  return hook === undefined ? undefined : Promise.resolve(hook.call(value));
}
