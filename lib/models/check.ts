/** Checks what models are built from. @module */
import { checkFunction, describe } from "../tree/mod.ts";

/**
 * Fails unless the options of a model are functions where they must be: all whose names end with
 * `Fn`.
 *
 * @param action What was asked for, in the words of the error: `Cannot <action> as …`.
 * @param required Names of those that must be given; the others may be null.
 * @throws {TypeError} If one is missing or no function; it is named.
 */
export function checkFunctions<T extends object>(
  options: T,
  action: string,
  required: readonly (keyof T & string)[] = [],
): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(
      `Cannot ${action} as its functions come in an object of options: got ${describe(options)}`,
    );
  }
  const given = Object.keys(options).filter((name) => name.endsWith("Fn"));
  for (const name of new Set([...required, ...given])) {
    const value: unknown = options[name as keyof T];
    if (value == null && !required.includes(name as keyof T & string)) continue;
    checkFunction(value ?? null, action, name);
  }
}

/**
 * Fails if a function is given by a name that the model does not have, such as one misspelt: the
 * model would leave it out.
 *
 * @throws {TypeError} Naming it, and those that there are.
 */
export function checkNames<T extends object>(
  options: T,
  action: string,
  known: readonly (keyof T & string)[],
): void {
  const names: readonly string[] = known;
  const unknown = Object.keys(options).find((name) => name.endsWith("Fn") && !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `Cannot ${action} as it has no function of that name: ${unknown} (one of ${names.join(", ")})`,
  );
}

/**
 * Fails if only one of two options is given that need each other.
 *
 * @throws {TypeError} Naming the one that is given and the one that is not.
 */
export function checkTogether<T extends object>(
  options: T,
  action: string,
  a: keyof T & string,
  b: keyof T & string,
): void {
  if (!options[a] === !options[b]) return;
  const [given, missing] = options[a] ? [a, b] : [b, a];
  throw new TypeError(`Cannot ${action} as ${given} needs ${missing}: it is not given`);
}
